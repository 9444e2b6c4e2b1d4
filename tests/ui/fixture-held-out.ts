/** @file Runs that ask a held-out problem, with the other methods: what they say comes from its label, right and wrong. For tests of panel 4 and of the key, and for looking at them. */
import { readFile } from "node:fs/promises";
import { readItems } from "../../src/bench/item.ts";
import type { Domain } from "../../src/lab/protocol.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { scripted } from "../scripted.ts";
import { recordFixture } from "./fixture-core.ts";

const read = (path: string) => readFile(`models/items/${path}`, "utf8");

/** The held-out item of a domain by its index. */
async function itemOf(domain: Domain, index: number) {
  const key = domain === "advice" ? await read("advice/key.jsonl") : null;
  return readItems({ tasks: await read(`${domain}/tasks.jsonl`), labels: await read(`${domain}/labels.jsonl`), key })[index]!; // prettier-ignore
}

/**
 * Eight answers. Of sums and lists five are right, greedy is wrong, Self-BoN takes a wrong one, universal self-consistency names none;
 * the synthesis is right.
 */
export async function heldOutRun(domain: Domain, index = 17): Promise<readonly LoggedEvent[]> {
  const { task, label } = await itemOf(domain, index);
  const texts =
    "answer" in label ? answers(domain, label.answer) : advice(label.question.points.map((p) => p.texts[0]!));
  const right = texts[0]!;
  const anchor = scripted({
    promptSet: "kitten",
    answer: (prompt) => {
      if (prompt.includes("Which answer is best?")) return "2";
      if (prompt.includes("agrees most")) return "They all differ";
      if (prompt.includes("Write criteria")) return RUBRIC;
      return prompt.includes("[2]") ? right : texts[1]!;
    },
    logprob: (_, rollout) => (rollout.includes(texts[2]!.slice(0, 30)) ? -0.5 : -1),
  });
  const runner = createNodeRunner(200);
  try {
    const group = scripted({ answer: (_, row) => texts[row]!, promptSet: "kitten" });
    const greedy = scripted({ answer: () => texts[1]!, promptSet: "kitten" });
    const policy: typeof group = {
      ...group,
      generate: (requests, stop) => (requests[0]!.n === 1 ? greedy : group).generate(requests, stop),
    };
    const judge = scripted({ yes: (prompt) => (prompt.length % 3 === 0 ? 0.1 : 0.9), promptSet: "kitten-judge" });
    const size = texts.length;
    const parts = { domain, task, item: index, size, policy, anchor, runner, others: true };
    return await recordFixture(domain === "advice" ? { ...parts, judge } : parts);
  } finally {
    await runner.dispose();
  }
}

function answers(domain: Domain, answer: string): readonly string[] {
  if (domain === "lists") {
    const slip = answer.replace(/return .*;/, "return 0;");
    return [answer, slip, answer, answer, slip, answer, "I would sort them first.", answer];
  }
  const says = (value: string) => `First the one thing, then the other: that makes ${value}. \\boxed{${value}}`;
  const wrong = [String(Number(answer) + 1), String(Number(answer) + 10)];
  return [answer, wrong[0]!, answer, answer, wrong[0]!, answer, wrong[1]!, answer].map(says);
}

/** Each says some of the points; the first says most of them. */
function advice(points: readonly string[]): readonly string[] {
  return Array.from({ length: 8 }, (_, row) =>
    points.filter((__, i) => (row === 0 ? i < 6 : (i + row) % 3 === 0)).join(" "),
  );
}

const RUBRIC = `<rubric>${[
  "Says where to begin.",
  "Names a tool.",
  "Says why.",
  "Says when to stop.",
  "Names no magic.",
]
  .map((text) => `<criterion>${text}</criterion>`)
  .join(" ")}</rubric>`;
