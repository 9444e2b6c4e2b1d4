/** @file A run of `lists`: seven programs and one that is none, with slips, an error, an endless loop. The programs are really run. For tests of the page and for looking at it. */
import type { LoggedEvent } from "../../src/run/event.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { scripted } from "../scripted.ts";
import { recordFixture } from "./fixture-core.ts";

const QUESTION =
  "Write a JavaScript function f(list, n) that keeps the odd numbers, sorts them from largest to smallest, keeps the first n and returns the sum.";

const RIGHT = [
  "function f(list, n) {",
  "  // keep the odd numbers",
  "  list = list.filter((x) => x % 2 !== 0);",
  "  // sort in descending order",
  "  list = list.sort((a, b) => b - a);",
  "  // keep the first n",
  "  list = list.slice(0, n);",
  "  // return the sum",
  "  return list.reduce((a, b) => a + b, 0);",
  "}",
].join("\n");

/** As a larger model would write it: prose, and the function in a fence. */
const FENCED = `Keep the odd numbers, then take the **largest** n.\n\n\`\`\`js\nconst f = (list, n) =>\n  list\n    .filter((x) => Math.abs(x % 2) === 1)\n    .sort((a, b) => b - a)\n    .slice(0, n)\n    .reduce((a, b) => a + b, 0);\n\`\`\``;

export const LISTS_ANSWERS = [
  RIGHT,
  RIGHT.replace("x % 2 !== 0", "x % 2 === 1"),
  FENCED,
  RIGHT.replace("(a, b) => b - a", ""),
  RIGHT,
  RIGHT.replace("list.slice(0, n)", "list.first(n)"),
  "I would keep the odd numbers, sort them and add the first ones up.",
  RIGHT.replace("  list = list.slice(0, n);", "  while (list.length !== n) list = list.slice(0);"),
] as const;

/** Rollouts 0, 2 and 4 do what the reference does. */
export async function listsRun(): Promise<readonly LoggedEvent[]> {
  const runner = createNodeRunner(60);
  try {
    return await recordFixture({
      domain: "lists",
      task: { id: "lists-0042", prompt: QUESTION, kind: "code" },
      item: 42,
      size: LISTS_ANSWERS.length,
      policy: scripted({ answer: (_, row) => LISTS_ANSWERS[row]!, promptSet: "kitten" }),
      anchor: scripted({ answer: () => RIGHT, promptSet: "kitten" }),
      runner,
    });
  } finally {
    await runner.dispose();
  }
}
