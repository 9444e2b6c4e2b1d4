/** @file The other methods on the same group: one finished reference each, after the method's own end, by the kind's equivalence. */
import { describe, expect, test } from "vitest";
import { ModelError, type LanguageModel, type Roles } from "../../src/cat/models.ts";
import { askOthers, othersOf, tokensBefore } from "../../src/cat/others.ts";
import { runCat } from "../../src/cat/pipeline.ts";
import type { Group, Reference, Task, TaskKind } from "../../src/cat/types.ts";
import type { GroupEvent } from "../../src/run/event.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { scripted } from "../scripted.ts";

const sampling = { temperature: 1, topK: null, topP: null };
const optionsOf = (groupSize: number) => ({ groupSize, seed: 1, group: 0, sampling, maxTokens: 32, now: () => 0 });
const alone = (model: LanguageModel, more: Partial<Roles> = {}): Roles => ({
  policy: model,
  anchor: model,
  judge: null,
  runner: null,
  ...more,
});

function explored(kind: TaskKind, texts: readonly string[], synthesis: string, prompt = "What is it?") {
  const numbers = { tokenIds: [1, 2], logprobs: [-1, -1], entropies: [0, 0] };
  const task: Task = { id: null, prompt, kind };
  const group: Group = { kind, rollouts: texts.map((text, index) => ({ index, text, ended: "stop", ...numbers })) };
  const reference: Reference = { aggregator: "synthesis", chosen: null, text: synthesis, ended: "stop" };
  return { task, group, synthesis: reference };
}

async function told(events: AsyncIterable<GroupEvent>): Promise<GroupEvent[]> {
  const all: GroupEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const ends = (events: readonly GroupEvent[]) =>
  Object.fromEntries(events.flatMap((e) => (e.type === "reference.finished" ? [[e.aggregator, e]] : [])));

/** Greedy says 7, of one rollout 5 is made; best is the second, most consistent is nobody. */
const model = scripted({
  promptSet: "kitten",
  answer: (prompt) => {
    if (prompt.includes("Which answer is best?")) return "2";
    if (prompt.includes("agrees most")) return "I cannot say";
    return prompt.includes("Reconcile") ? "\\boxed{5}" : "so \\boxed{7}";
  },
  logprob: (_, rollout) => (rollout.includes("6") ? -0.1 : -1),
});
const sums = explored("math", ["\\boxed{5}", "\\boxed{6}", "\\boxed{5}"], "\\boxed{5.0}");

test("each method ends once, with its answer, its tokens and whether it agrees", async () => {
  const events = await told(askOthers(sums, alone(model), optionsOf(3)));
  const finished = events.filter((e) => e.type === "reference.finished");
  expect(finished.map((e) => e.aggregator)).toEqual(othersOf("math"));
  expect(Object.values(ends(events)).map((e) => [e.aggregator, e.extracted, e.chosen, e.tokens, e.agrees])).toEqual([
    ["majority", "5", 0, 0, true],
    ["lowestPerplexity", "5", 0, 0, true],
    ["greedy", "7", null, 3, false],
    ["synthesisOfOne", "5", null, 2, true],
    ["selfBestOfN", "6", 1, 2, false],
    ["universalSelfConsistency", null, null, 4, null],
    ["mutualPredictability", "6", 1, 0, false],
  ]);
  expect(ends(events)["universalSelfConsistency"]!.text).toBe("");
});

test("where batches are shared all are asked at once, and each answers what it answers alone", async () => {
  let [under, most] = [0, 0];
  const shared: LanguageModel = {
    ...model,
    record: { ...model.record, device: "webgpu" },
    async *generate(requests, stop) {
      most = Math.max(most, ++under);
      yield* model.generate(requests, stop);
      under--;
    },
  };
  const untimed = (events: readonly GroupEvent[]) => Object.values(ends(events)).map((end) => ({ ...end, ms: 0 }));
  const byName = (events: readonly GroupEvent[]) =>
    untimed(events).sort((a, b) => a.aggregator.localeCompare(b.aggregator));
  const apart = await told(askOthers(sums, alone(model), optionsOf(3)));
  const together = await told(askOthers(sums, alone(shared), optionsOf(3)));
  expect(byName(together)).toEqual(byName(apart));
  expect(most).toBe(4);
});

test("greedy is no rollout of the group: what it writes is told as a reference", async () => {
  const events = await told(askOthers(sums, alone(model), optionsOf(3)));
  expect(events.filter((e) => e.type.startsWith("rollout."))).toEqual([]);
  const written = events.flatMap((e) => (e.type === "reference.delta" && e.aggregator === "greedy" ? [e.text] : []));
  expect(written.join("")).toBe("so \\boxed{7}");
});

test("no method but the policy's own is shown the question", async () => {
  const asked = explored("math", ["\\boxed{5}", "\\boxed{6}"], "\\boxed{5}", "What is two and three?");
  const prompts = (await told(askOthers(asked, alone(model), optionsOf(2)))).filter((e) => e.type === "prompt.sent");
  const seeing = prompts.filter(({ rendered }) => rendered.includes("two and three"));
  expect(seeing.map(({ role }) => role)).toEqual(["policy"]);
  expect(prompts.length).toBe(1 + 1 + 2 + 2);
});

test("a vote is taken where answers can be equal, a length control where they cannot, a program run where there is one", () => {
  expect(othersOf("math")).not.toContain("longestRollout");
  expect(othersOf("open")).toEqual(expect.not.arrayContaining(["majority"]));
  expect(othersOf("open")).toContain("longestRollout");
  expect(othersOf("code").filter((m) => !othersOf("math").includes(m))).toEqual(["synthesisExecuted"]);
});

test("of open tasks nothing is said about agreement, which would need a judge", async () => {
  const open = explored("open", ["Rest.", "Drink tea and rest."], "Rest and drink.");
  for (const end of Object.values(ends(await told(askOthers(open, alone(model), optionsOf(2)))))) {
    expect(end).not.toHaveProperty("agrees");
  }
});

test("tokens of what a method starts from", () => {
  const lengths = [4, 5, 6];
  expect(tokensBefore("greedy", lengths, 7)).toBe(0);
  expect(tokensBefore("synthesisOfOne", lengths, 7)).toBe(4);
  expect(tokensBefore("majority", lengths, 7)).toBe(15);
  expect(tokensBefore("synthesis", lengths, 7)).toBe(15);
  expect(tokensBefore("synthesisExecuted", lengths, 7)).toBe(22);
});

describe("programs", () => {
  const doubled = "function f(list) { return list.map((x) => 2 * x); }";
  const added = "function f(list) { return list.map((x) => x + x); }";
  const other = "function f(list) { return list; }";
  const broken = "function f(list) { return list.nothing(); }";
  const answering = (text: string) => scripted({ promptSet: "kitten", answer: () => text });

  async function run(synthesis: string, again: string) {
    const runner = createNodeRunner();
    try {
      const from = explored("code", [other, added, doubled], synthesis);
      return ends(await told(askOthers(from, alone(answering(again), { runner }), optionsOf(3))));
    } finally {
      await runner.dispose();
    }
  }

  test("agree by what they do", async () => {
    const found = await run(doubled, added);
    expect(found["majority"]).toMatchObject({ chosen: 1, agrees: true });
    expect(found["lowestPerplexity"]).toMatchObject({ chosen: 0, agrees: false });
    expect(found["synthesisExecuted"]).toMatchObject({ text: doubled, tokens: 0, agrees: true });
  });

  test("a synthesis that does not run is written again once; if that does not run either there is none, and it still cost", async () => {
    const mended = await run(broken, doubled);
    expect(mended["synthesisExecuted"]).toMatchObject({ text: doubled, agrees: null });
    const given = (await run(broken, broken))["synthesisExecuted"];
    expect(given).toMatchObject({ text: "", extracted: null, agrees: null });
    expect(given!.tokens).toBeGreaterThan(0);
  });
});

describe("in a run", () => {
  const task = sums.task;
  const answering = scripted({
    promptSet: "kitten",
    answer: (prompt) => (prompt.includes("Which") ? "1" : "\\boxed{5}"),
  });

  test("they come after the method's own end, which is the same with and without them", async () => {
    const without = await told(runCat(task, alone(answering), optionsOf(2)));
    const all = await told(runCat(task, alone(answering), { ...optionsOf(2), others: true }));
    expect(all.slice(0, without.length)).toEqual(without);
    expect(without.at(-1)!.type).toBe("group.finished");
    expect(Object.keys(ends(all.slice(without.length)))).toEqual(othersOf("math"));
  });

  test("a stop leaves what is there", async () => {
    const stop = new AbortController();
    const seen: GroupEvent[] = [];
    const reading = (async () => {
      for await (const event of runCat(task, alone(answering), { ...optionsOf(2), others: true }, stop.signal)) {
        seen.push(event);
        if (event.type === "reference.finished" && event.aggregator === "greedy") stop.abort(new Error("enough"));
      }
    })();
    await expect(reading).rejects.toThrow("enough");
    expect(Object.keys(ends(seen))).toEqual(["synthesis", "majority", "lowestPerplexity", "greedy"]);
  });

  test("one whose prompt is too long has no answer and ends no run; any other failure does", async () => {
    const failing = (code: "prompt-too-long" | "device-lost"): LanguageModel => ({
      ...answering,
      score: () => Promise.reject(new ModelError(code, "No.")),
    });
    const events = await told(askOthers(sums, alone(failing("prompt-too-long")), optionsOf(3)));
    expect(ends(events)["mutualPredictability"]).toMatchObject({ text: "", agrees: null });
    await expect(told(askOthers(sums, alone(failing("device-lost")), optionsOf(3)))).rejects.toThrow("No.");
  });
});
