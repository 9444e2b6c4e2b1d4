/** @file Tasks whose answers are programs: a whole run, the vote by behaviour, the reference that is run before it is believed. */
import { afterAll, expect, test } from "vitest";
import type { CodeRunner } from "../../src/cat/models.ts";
import { synthesizeExecuted } from "../../src/cat/reference/executed.ts";
import { majorityOfBehaviour } from "../../src/cat/reference/majority.ts";
import type { Group, Reference, Task } from "../../src/cat/types.ts";
import { formatEvent, parseRun } from "../../src/run/lines.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { scripted } from "../scripted.ts";
import { of, options, runToEnd } from "./run.ts";

const runner = createNodeRunner(1000);
afterAll(() => runner.dispose());

const task: Task = { id: "item-77", prompt: "XYZZY: double each and return the largest or null.", kind: "code" };
const RIGHT =
  "function f(list) {\n  list = list.map((x) => 2 * x);\n  return list.length > 0 ? Math.max(...list) : null;\n}";
/** Other words, the same behaviour. */
const ALIKE = "```js\nconst f = (xs) => xs.reduce((a, x) => (a === null || 2 * x > a ? x + x : a), null);\n```";
const SLIPPED = RIGHT.replace(" ? Math.max(...list) : null", " ? Math.min(...list) : null");
const THROWS = "function f(list) {\n  return list.maximum();\n}";
const LOOPS = "function f(list) {\n  for (;;) {}\n}";
const answering = (...answers: string[]) => scripted({ answer: (_, row) => answers[row]! });
const rewards = async (answers: string[], reference: string, by: CodeRunner = runner) => {
  const log = await runToEnd(
    { policy: answering(...answers), anchor: scripted({ answer: () => reference }), runner: by },
    { task, groupSize: answers.length },
  );
  return { log, values: of(log, "reward").map((r) => r.value) };
};

test("rollouts are paid for doing what the reference does, in whatever words", async () => {
  const { log, values } = await rewards([RIGHT, ALIKE, SLIPPED, THROWS, "I do not know"], RIGHT);
  expect(values).toEqual([1, 1, 0, 0, 0]);
  expect([...new Set(log.map((e) => e.type))].slice(-5)).toEqual(["reference.finished", "tests", "reward", "group.finished", "run.finished"]); // prettier-ignore
  const tests = of(log, "tests");
  expect(tests.map((t) => t.failure)).toEqual([null, null, null, "threw", "no code"]);
  expect(tests[0]!.results.every((r) => r.same)).toBe(true);
  const differing = tests[2]!.results.filter((r) => !r.same);
  expect(differing.length).toBeGreaterThan(5);
  expect(differing[0]).toEqual({ input: [[0, 5, 0, -2]], expected: 10, actual: -4, same: false });
  expect(of(log, "reference.finished")[0]!.extracted).toBe(RIGHT);
  const { rollouts } = log.reduce(apply, emptyRun).groups[0]!;
  expect(rollouts.map((r) => r.reward)).toEqual([1, 1, 0, 0, 0]);
  expect(rollouts.map((r) => r.tests?.failure)).toEqual([null, null, null, "threw", "no code"]);
});

test("its file reads back to the same run, whatever programs gave", async () => {
  const strange = "function f(list) { return [undefined, NaN, list[0] / 0, 10n, { type: 'NaN' }, list.map(String)]; }";
  const { log, values } = await rewards([strange, RIGHT], strange);
  expect(values).toEqual([1, 0]);
  const { events, problem } = parseRun(log.map(formatEvent).join(""));
  expect(problem).toBeNull();
  expect(events.reduce(apply, emptyRun)).toEqual(log.reduce(apply, emptyRun));
});

test("the order of the rollouts changes nothing but the order", async () => {
  const answers = [RIGHT, SLIPPED, ALIKE, "none"];
  const there = (await rewards(answers, RIGHT)).values;
  expect((await rewards(answers.toReversed(), RIGHT)).values).toEqual(there.toReversed());
});

test("equal is an equivalence: who is paid may be the reference, and is paid the same", async () => {
  const all = [RIGHT, ALIKE, SLIPPED];
  const table = [];
  for (const reference of all) table.push((await rewards(all, reference)).values);
  expect(table).toEqual([
    [1, 1, 0],
    [1, 1, 0],
    [0, 0, 1],
  ]);
});

test.each([
  ["no function", "I do not know", "the reference has no function"],
  ["one that throws on all inputs", THROWS, "the reference gives no value"],
  ["one that does not parse", "function f(list) { return list.; }", "the reference gives no value"],
  ["one that loops", LOOPS, "the reference gives no value"],
])("a reference with %s decides nothing", async (_, reference, failure) => {
  const { log, values } = await rewards([RIGHT, "none"], reference);
  expect(values).toEqual([null, null]);
  expect(of(log, "tests").map((t) => [t.failure, t.results])).toEqual([
    [failure, []],
    [failure, []],
  ]);
});

test("a rollout that loops, or was cut off, gets 0", async () => {
  const { log, values } = await rewards([LOOPS, RIGHT], RIGHT);
  expect(values).toEqual([0, 1]);
  expect(of(log, "tests")[0]!.failure).toBe("timeout");
  const cut = scripted({ answer: () => `${RIGHT} and so on and on`, limit: RIGHT.split(" ").length + 1 });
  const cutLog = await runToEnd({ policy: cut, anchor: answering(RIGHT), runner }, { task });
  expect(of(cutLog, "rollout.finished").every((r) => r.ended === "length" && r.text.includes("}"))).toBe(true);
  expect(of(cutLog, "tests").map((t) => t.failure)).toEqual(["no code", "no code", "no code", "no code"]);
  const cutReference = await runToEnd({ policy: answering(RIGHT, RIGHT), anchor: cut, runner }, { task, groupSize: 2 });
  expect(of(cutReference, "tests").map((t) => t.failure)).toEqual(Array(2).fill("the reference has no function"));
  expect(of(cutReference, "reference.finished")[0]!.extracted).toBeNull();
});

test("what was cut off has no vote either", async () => {
  const rollouts = [SLIPPED, SLIPPED, RIGHT].map((text, index) => ({
    ...group(text).rollouts[0]!,
    index,
    ended: text === RIGHT ? ("stop" as const) : ("length" as const),
  }));
  expect((await majorityOfBehaviour({ kind: "code", rollouts }, runner, 1))!.chosen).toBe(2);
});

test("where a reference throws, throwing is what is paid", async () => {
  const first = "function f(list) { if (list.length === 0) throw new Error('empty'); return list[0]; }";
  expect((await rewards([first, "function f(list) { return list[0]; }"], first)).values).toEqual([1, 0]);
});

test("without a runner a run of programs fails and says so; the anchor never sees the prompt", async () => {
  const none = await runToEnd({ policy: answering(RIGHT, RIGHT, RIGHT, RIGHT) }, { task });
  expect(none.at(-1)).toMatchObject({ type: "run.failed", code: "model-unsupported" });
  const { log } = await rewards([RIGHT], RIGHT);
  for (const prompt of of(log, "prompt.sent").filter((p) => p.role !== "policy")) {
    expect(JSON.stringify(prompt)).not.toMatch(/XYZZY|item-77/);
  }
});

function group(...texts: string[]): Group {
  const none = { tokenIds: [], logprobs: [], entropies: [] };
  return { kind: "code", rollouts: texts.map((text, index) => ({ index, text, ended: "stop", ...none })) };
}

test("the vote counts behaviour, not words; what does not run does not vote; ties go to the first", async () => {
  const vote = async (...texts: string[]) => (await majorityOfBehaviour(group(...texts), runner, 1))?.chosen;
  expect(await vote(SLIPPED, RIGHT, "none", ALIKE)).toBe(1);
  expect(await vote(SLIPPED, RIGHT)).toBe(0);
  expect(await vote(THROWS, THROWS, RIGHT)).toBe(2);
  expect(await vote(THROWS, "none")).toBeUndefined();
  const elected = await majorityOfBehaviour(group("<think>x</think>" + RIGHT), runner, 1);
  expect(elected).toEqual({ aggregator: "majority", chosen: 0, text: RIGHT, ended: "stop" });
});

test("a reference is run before it is believed: one more attempt, then none", async () => {
  const written = async (first: string, second: string) => {
    let asked = 0;
    const anchor = scripted({ answer: () => (asked++, second) });
    const reference: Reference = { aggregator: "synthesis", chosen: null, text: first, ended: "stop" };
    const steps = synthesizeExecuted(reference, group(RIGHT), anchor, runner, options);
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) return { text: value?.text ?? null, aggregator: value?.aggregator, asked };
    }
  };
  expect(await written(RIGHT, SLIPPED)).toEqual({ text: RIGHT, aggregator: "synthesisExecuted", asked: 0 });
  for (const broken of ["none", THROWS]) {
    expect(await written(broken, RIGHT)).toEqual({ text: RIGHT, aggregator: "synthesisExecuted", asked: 1 });
    expect(await written(broken, THROWS)).toEqual({ text: null, aggregator: undefined, asked: 1 });
  }
}, 20_000);
