import { expect, test } from "vitest";
import { formatEvent, parseRun } from "../../src/run/lines.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { scripted } from "../scripted.ts";
import { of, options, runToEnd, task } from "./run.ts";

const answers = ["3 × 4 = 12. 4 + 12 = 16. \\boxed{16}", "\\boxed{16.0}", "\\boxed{14}", "I do not know"];
const policy = scripted({ answer: (_, row) => answers[row]! });
const anchor = scripted({ answer: () => "4 + 12 = 16. \\boxed{16}" });

test("a math task: rollouts, reference, equivalence, rewards, advantages, in the paper's order", async () => {
  const log = await runToEnd({ policy, anchor });
  expect([...new Set(log.map((e) => e.type))]).toEqual([
    "run.started",
    "group.started",
    "prompt.sent",
    "rollout.delta",
    "rollout.finished",
    "reference.delta",
    "reference.finished",
    "equivalence",
    "reward",
    "group.finished",
    "run.finished",
  ]);
  expect(log.map((e) => e.seq)).toEqual(log.map((_, i) => i));
  const [group] = log.reduce(apply, emptyRun).groups;
  expect(group!.rollouts.map((r) => r.text)).toEqual(answers);
  expect(group!.rollouts.map((r) => r.reward)).toEqual([1, 1, 0, 0]);
  expect(group!.rollouts.map((r) => r.equivalence?.rule)).toEqual([
    "same number",
    "same number",
    "different numbers",
    "no answer in the rollout",
  ]);
  expect(group!.references.synthesis?.finished?.extracted).toBe("16");
  expect(group!.finished!.advantages.map((a) => a!.toFixed(3))).toEqual(["0.866", "0.866", "-0.866", "-0.866"]);
});

test("an open task: a rubric from the reference, verdicts by probability, rewards met ÷ decided", async () => {
  const replies = ["rest and drink water", "take a walk", "", "rest"];
  const helper = scripted({
    answer: (prompt) =>
      prompt.includes("yes/no criteria")
        ? "<rubric><criterion>Mentions rest</criterion><criterion>Mentions water</criterion><criterion>Is kind</criterion><criterion>Is short</criterion><criterion>Mentions rest.</criterion><criterion>Is safe &amp; sound</criterion></rubric>"
        : "Rest and drink water.",
  });
  const judge = scripted({
    yes: (prompt) => {
      const [, answer, criterion] = /<response>\n(.*)\n<\/response>\n<criterion>(.*)<\/criterion>/s.exec(prompt)!;
      return criterion === "Is kind" ? 0.5 : answer!.includes(criterion!.split(" ").at(-1)!) ? 0.9 : 0.2;
    },
  });
  const open = { id: null, prompt: "How to treat a mild flu at home?", kind: "open" } as const;
  const log = await runToEnd(
    { policy: scripted({ answer: (_, row) => replies[row]! }), anchor: helper, judge },
    { task: open },
  );
  const [group] = log.reduce(apply, emptyRun).groups;
  expect(group!.criteria.map((c) => c.text)).toEqual([
    "Mentions rest",
    "Mentions water",
    "Is kind",
    "Is short",
    "Is safe & sound",
  ]);
  // "Is kind" is undecided wherever there is an answer to judge, and counts in no denominator.
  expect(of(log, "verdict").filter((v) => v.met === null)).toHaveLength(3);
  expect(group!.rollouts.map((r) => r.reward)).toEqual([0.5, 0, 0, 0.25]);
  expect(log.at(-1)!.type).toBe("run.finished");
});

test("the anchor sees neither the prompt nor an id, whatever the kind", async () => {
  const secret = { ...task, id: "item-77", prompt: "XYZZY is the only word of this prompt" };
  for (const kind of ["math", "open"] as const) {
    const judge = scripted({});
    const log = await runToEnd({ policy, anchor, judge }, { task: { ...secret, kind } });
    const seen = of(log, "prompt.sent").filter((p) => p.role !== "policy");
    expect(seen.length).toBeGreaterThan(0);
    for (const prompt of seen) expect(JSON.stringify(prompt)).not.toMatch(/XYZZY|item-77/);
    expect(JSON.stringify(of(log, "prompt.sent").filter((p) => p.role === "policy"))).toContain("XYZZY");
  }
});

test("thinking parts reach neither extraction nor the anchor", async () => {
  const thinker = scripted({ answer: () => "<think>maybe 99? \\boxed{99}</think>It is \\boxed{16}" });
  const log = await runToEnd({ policy: thinker, anchor });
  expect(of(log, "equivalence").map((e) => e.extracted)).toEqual(["16", "16", "16", "16"]);
  const synthesis = of(log, "prompt.sent").find((p) => p.purpose === "synthesis")!;
  expect(synthesis.rendered).not.toContain("99");
  expect(of(log, "rollout.finished")[0]!.text).toContain("<think>");
});

test("without an answer in the reference every reward is null, never 0", async () => {
  const log = await runToEnd({ policy, anchor: scripted({ answer: () => "no idea" }) });
  expect(of(log, "reward").map((r) => r.value)).toEqual([null, null, null, null]);
  expect(of(log, "group.finished")[0]!.advantages).toEqual([null, null, null, null]);
});

test("a rollout cut at the limit is read for its box alone and gets 0 without one", async () => {
  const cut = scripted({ answer: () => "4 + 12 = 16 and so on and on", limit: 5 });
  const log = await runToEnd({ policy: cut, anchor });
  expect(of(log, "rollout.finished").every((r) => r.ended === "length")).toBe(true);
  expect(of(log, "reward").map((r) => r.value)).toEqual([0, 0, 0, 0]);
});

test("every prefix of a log folds, and its file reads back to the same run", async () => {
  const log = await runToEnd({ policy, anchor });
  let run = emptyRun;
  for (const [n, event] of log.entries()) {
    run = apply(run, event);
    const { events, problem } = parseRun(
      log
        .slice(0, n + 1)
        .map(formatEvent)
        .join(""),
    );
    expect(problem).toBeNull();
    expect(events.reduce(apply, emptyRun)).toEqual(run);
  }
});

test("a stopped run ends in run.stopped and keeps what it had", async () => {
  const controller = new AbortController();
  let asked = 0;
  const slow = scripted({ answer: () => "one two three four five six" });
  const stopping = {
    ...slow,
    async *generate(...args: Parameters<typeof slow.generate>) {
      for await (const token of slow.generate(...args)) {
        if (++asked === 9) controller.abort();
        yield token;
      }
    },
  };
  const log = await runToEnd({ policy: stopping, anchor }, { stop: controller.signal });
  expect(log.at(-1)).toMatchObject({ type: "run.stopped", by: "visitor" });
  const run = log.reduce(apply, emptyRun);
  expect(run.status).toBe("stopped");
  expect(run.groups[0]!.rollouts[0]!.text).toBe("one two three ");
});

test("a failed run ends in run.failed with its code", async () => {
  const log = await runToEnd({ policy }, { task: { ...task, prompt: "  " } });
  expect(log.at(-1)).toMatchObject({ type: "run.failed", code: "prompt-empty" });
  const broken = { ...policy, render: () => { throw new TypeError("no template"); } }; // prettier-ignore
  expect((await runToEnd({ policy: broken })).at(-1)).toMatchObject({ code: "unexpected", message: "no template" });
  const open = await runToEnd({ policy, anchor }, { task: { ...task, kind: "open" } });
  expect(open.at(-1)).toMatchObject({ type: "run.failed", code: "no-judge" });
});

test("a whole run with scripted models takes under 50 ms (the best of five: the machine may be busy)", async () => {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = options.now();
    await runToEnd({ policy, anchor });
    times.push(options.now() - start);
  }
  expect(Math.min(...times)).toBeLessThan(50);
});

test("a reference cut at the limit has only its box: no target, so no reward is decided", async () => {
  const cut = scripted({ answer: () => "We add 12 + 3 and so on and on", limit: 5 });
  const log = await runToEnd({ policy, anchor: cut });
  expect(of(log, "reference.finished")[0]).toMatchObject({ ended: "length", extracted: null });
  expect(of(log, "reward").map((r) => r.value)).toEqual([null, null, null, null]);
});

test("asked where steps come from, it asks the judge once the group has ended, and of open questions alone", async () => {
  const judge = scripted({ yes: (prompt) => (prompt.includes("the opposite") ? 0.1 : 0.9) });
  for (const kind of ["open", "math"] as const) {
    const log = await runToEnd({ policy, anchor, judge }, { task: { ...task, kind }, sources: true });
    const types = log.map((e) => e.type);
    const [group] = log.reduce(apply, emptyRun).groups;
    expect(types.lastIndexOf("group.finished") < types.lastIndexOf("sources")).toBe(kind === "open");
    const { found = [] } = group!.sources ?? {};
    expect(new Set(found.map(({ stance }) => stance))).toEqual(new Set(kind === "open" ? ["supports"] : []));
  }
});

test("stopped while the judge is asked where steps come from, a run has its rewards and no half of an answer", async () => {
  const controller = new AbortController();
  const slow = scripted({ yes: () => 0.9 });
  const judge = {
    ...slow,
    decide: async (...[prompts, choices]: Parameters<typeof slow.decide>) => {
      if (prompts.some((prompt) => prompt.includes("<statement>"))) controller.abort();
      controller.signal.throwIfAborted();
      return slow.decide(prompts, choices);
    },
  };
  const log = await runToEnd({ policy, anchor, judge }, { task: { ...task, kind: "open" }, sources: true, stop: controller.signal }); // prettier-ignore
  expect(log.at(-1)!.type).toBe("run.stopped");
  const [group] = log.reduce(apply, emptyRun).groups;
  expect([group!.sources, group!.finished === undefined]).toEqual([undefined, false]);
});
