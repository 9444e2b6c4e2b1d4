/** @file The hostile programs (tests/fixtures/hostile.jsonl) and their judge: an honest reference that sums a list. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeRunner } from "../src/cat/models.ts";
import { type Comparison, compareRuns } from "../src/verify/code/compare.ts";
import { makeInputs } from "../src/verify/code/inputs.ts";
import { ROOT } from "./site.ts";

export interface HostileProgram {
  readonly id: string;
  /** What it is after. */
  readonly tries: string;
  /** Handed to the runner as it is, past all that would find the function in an answer. `{{url}}` is an address that nobody may ask for. */
  readonly source: string;
  /** Whether it computes what the reference computes, beside what it tries. */
  readonly equal: boolean;
  /** One of these where there are several. */
  readonly failure: string | null | readonly string[];
  /** False where it would end a process of Node's. */
  readonly node: boolean;
}

const LINES = readFileSync(join(ROOT, "tests/fixtures/hostile.jsonl"), "utf8").trim().split("\n");
export const HOSTILE = LINES.map((line) => JSON.parse(line) as HostileProgram);

const INPUTS = makeInputs(["list"], 1);
const program = (source: string) => ({ name: "f", parameters: ["list"], source });
const HONEST = program("function f(list) { return list.reduce((a, b) => a + b, 0); }");

/** @param url takes the place of `{{url}}`; ends with a slash. */
export async function judgeHostile({ source }: HostileProgram, runner: CodeRunner, url: string): Promise<Comparison> {
  const actual = await runner.run(program(source.replaceAll("{{url}}", url)), INPUTS);
  // After it, so that whatever it left behind would be met.
  const expected = await runner.run(HONEST, INPUTS);
  return compareRuns(INPUTS, expected, actual);
}

/** What the reference must have said: a verdict about it is worth nothing if the reference was disturbed as well. */
export const SUMS = INPUTS.map(([list]) => (list as readonly number[]).reduce((a, b) => a + b, 0));
