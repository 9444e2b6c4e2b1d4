import { expect, test } from "vitest";
import type { RunEvent } from "../../src/run/event.ts";
import { recordRun } from "../../src/run/record.ts";
import { header } from "../cat/run.ts";
import { scripted } from "../scripted.ts";

async function* deltas(n: number): AsyncGenerator<RunEvent> {
  for (let i = 0; i < n; i++) {
    await Promise.resolve();
    yield { type: "rollout.delta", group: 0, rollout: i % 2, text: String(i), tokens: 1, logprob: -0.5 };
  }
}

test("deltas of a stream are joined to ten a second; nothing is lost or reordered", async () => {
  let time = 0;
  const log = [];
  for await (const e of recordRun(header(scripted({})), deltas(100), () => (time += 5))) log.push(e);
  const joined = log.filter((e) => e.type === "rollout.delta");
  expect(joined.length).toBeLessThan(25);
  const of = (rollout: number) => joined.filter((e) => e.rollout === rollout);
  const even = Array.from({ length: 50 }, (_, i) => String(2 * i)).join("");
  expect(of(0).map((e) => e.text).join("")).toBe(even); // prettier-ignore
  expect(of(1).reduce((sum, e) => sum + e.tokens, 0)).toBe(50);
  expect(of(1).reduce((sum, e) => sum + e.logprob!, 0)).toBeCloseTo(-25);
  expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i));
  expect(log.at(-1)!.type).toBe("run.finished");
});

test("a rubric's deltas are joined too, and those of a second attempt stay apart", async () => {
  async function* rubric(): AsyncGenerator<RunEvent> {
    for (const [attempt, text] of [
      [1, "a"],
      [1, "b"],
      [2, "c"],
    ] as const) {
      await Promise.resolve();
      yield { type: "rubric.delta", group: 0, attempt, text };
    }
  }
  const log = [];
  for await (const e of recordRun(header(scripted({})), rubric(), () => 0)) log.push(e);
  expect(log.filter((e) => e.type === "rubric.delta").map((e) => [e.attempt, e.text])).toEqual([
    [1, "ab"],
    [2, "c"],
  ]);
});
