/** @file What a person corrects: any sequence of overrides and undos counts as what remains of it, and nothing logged is lost. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advantages } from "../../src/cat/grpo.ts";
import { agreement } from "../../src/run/agreement.ts";
import { effectiveGroup } from "../../src/run/effective.ts";
import type { LoggedEvent, OverrideValue, RunEvent } from "../../src/run/event.ts";
import { formatEvent, parseRun } from "../../src/run/lines.ts";
import { apply, emptyRun, type Run } from "../../src/run/run.ts";
import { of, runToEnd } from "../cat/run.ts";
import { scripted } from "../scripted.ts";

const fold = (log: readonly LoggedEvent[]): Run => log.reduce(apply, emptyRun);
const counted = (log: readonly LoggedEvent[]) => effectiveGroup(fold(log).groups[0]!);

/** The log with more events behind it, numbered on. */
function more(log: readonly LoggedEvent[], ...events: readonly RunEvent[]): LoggedEvent[] {
  return [...log, ...events.map((event, i) => ({ ...event, seq: log.length + i, atMs: 1e6 + i }))];
}
const override = (target: number, value: OverrideValue): RunEvent => ({
  type: "override",
  target,
  value,
  note: "mine",
});
const undo = (target: number): RunEvent => ({ type: "undo", target });

/** Rollouts 0 and 2 are like the reference, rollout 3 has no answer. */
const sums = await runToEnd({
  policy: scripted({ answer: (_, row) => ["\\boxed{4}", "\\boxed{5}", "\\boxed{4}", "well"][row]! }),
  anchor: scripted({ answer: () => "It is \\boxed{4}" }),
});
/** Five criteria; verdicts of all three sorts; rollout 2 is penalised for its length. */
const open = await runToEnd(
  {
    policy: scripted({ answer: (_, row) => ["rest", "drink tea", "sleep and drink and rest", "air"][row]! }),
    anchor: scripted({
      answer: (prompt) => (prompt.includes("criteri") ? "- a\n- bb\n- ccc\n- dddd\n- eeeee" : "rest"),
    }),
    judge: scripted({ yes: (prompt) => [0.9, 0.1, 0.5][prompt.length % 3]! }),
  },
  { task: { id: null, prompt: "How to get well?", kind: "open" }, lengthPenalty: 3 },
);
const verdicts = of(open, "verdict");
const test0: RunEvent = { type: "tests", group: 0, rollout: 0, results: [], failure: "no code" };

describe("without a correction, what counts is what was logged", () => {
  const recorded = readdirSync("public/recorded").filter((file) => file.endsWith(".jsonl"));
  const files = recorded.map(
    (file) => [file, parseRun(readFileSync(`public/recorded/${file}`, "utf8")).events] as const,
  );
  test.each([["sums", sums], ["open", open], ...files] as const)("%s, at every prefix", (_, log) => {
    expect(log.length).toBeGreaterThan(10);
    let run = emptyRun;
    for (const event of log) {
      run = apply(run, event);
      for (const group of run.groups) {
        const { rollouts } = effectiveGroup(group);
        expect(rollouts.map((r) => r.reward)).toEqual(group.rollouts.map((r) => r.reward));
        expect(rollouts.map((r) => r.advantage)).toEqual(group.rollouts.map((r) => r.advantage));
        expect(rollouts.some((r) => r.corrected)).toBe(false);
      }
    }
  });

  test("the open run has rewards below zero, and undecided verdicts", () => {
    expect(of(open, "reward").some(({ value }) => value !== null && value < 0)).toBe(true);
    expect(new Set(verdicts.map((v) => v.met))).toEqual(new Set([true, false, null]));
  });
});

describe("any sequence of overrides and undos", () => {
  const targets = (log: readonly LoggedEvent[]) => {
    const decided = log.filter((e) => e.type === "verdict" || e.type === "equivalence");
    return [
      ...decided.map(({ seq }) => ({ seq, values: fc.constantFrom(true, false, null) })),
      ...of(log, "rollout.finished").map(({ seq }) => ({ seq, values: fc.constantFrom("pin", "drop") })),
      ...of(log, "reference.finished").map(({ seq }) => ({ seq, values: fc.constantFrom("\\boxed{5}", "other") })),
    ];
  };
  const doings = (log: readonly LoggedEvent[]) =>
    fc.array(
      fc.oneof(
        fc.constantFrom(...targets(log)).chain(({ seq, values }) => values.map((value) => ({ target: seq, value }))),
        fc.record({ back: fc.nat(5) }),
      ),
      { maxLength: 14 },
    );

  test.each([
    ["sums", sums],
    ["open", open],
  ] as const)("counts as what remains of it: %s", (_, log) => {
    fc.assert(
      fc.property(doings(log), (doing) => {
        let whole = log;
        const stand: number[] = [];
        for (const step of doing) {
          if ("back" in step) {
            const [taken] = stand.splice(step.back % Math.max(1, stand.length), 1);
            if (taken !== undefined) whole = more(whole, undo(taken));
          } else {
            stand.push(whole.length);
            whole = more(whole, override(step.target, step.value));
          }
        }
        const remains = whole.filter((e) => e.type !== "undo" && (e.type !== "override" || stand.includes(e.seq)));
        expect(counted(whole)).toEqual(counted(remains));
        // What the models said is untouched, and the file reads back as it was written.
        const kept = ({ corrections: _, ...group }: Run["groups"][number]) => group;
        expect(kept(fold(whole).groups[0]!)).toEqual(kept(fold(log).groups[0]!));
        expect(parseRun(whole.map(formatEvent).join(""))).toEqual({ events: whole, problem: null });
      }),
      { numRuns: 60 },
    );
  });

  test("advantages are those of the rewards that count; a dropped rollout has none", () => {
    fc.assert(
      fc.property(doings(open), (doing) => {
        const steps = doing.flatMap((step) => ("back" in step ? [] : [override(step.target, step.value)]));
        const { rollouts } = counted(more(open, ...steps));
        const given = rollouts.map(({ reward, kept }) => (kept === "dropped" ? null : (reward ?? null)));
        expect(rollouts.map((r) => r.advantage)).toEqual(advantages(given));
      }),
      { numRuns: 60 },
    );
  });
});

test("an equality that a person reverses changes its reward and all advantages, and only in what counts", () => {
  const [equal, differs] = of(sums, "equivalence");
  const log = more(sums, override(differs!.seq, true));
  expect(counted(log).rollouts.map((r) => r.reward)).toEqual([1, 1, 1, 0]);
  expect(counted(log).rollouts[1]).toMatchObject({ same: true, corrected: true });
  expect(fold(log).groups[0]!.rollouts[1]).toMatchObject({ reward: 0, equivalence: { equivalent: false } });
  expect(counted(more(log, override(equal!.seq, null))).rollouts[0]!.reward).toBeNull();
  expect(counted(more(log, override(differs!.seq, false))).rollouts[1]!.reward).toBe(0);
});

test("a verdict that a person reverses moves the rubric's share, and the penalty for length stays", () => {
  const penalised = of(open, "reward").find(({ value }) => value! < 0)!;
  const own = verdicts.filter((v) => v.rollout === penalised.rollout);
  const share = (met: readonly (boolean | null)[]) =>
    met.filter((m) => m === true).length / met.filter((m) => m !== null).length;
  const no = own.find((v) => v.met === false)!;
  const after = own.map((v) => (v === no ? true : v.met));
  const { reward } = counted(more(open, override(no.seq, true))).rollouts[penalised.rollout]!;
  expect(reward).toBeCloseTo(share(after) - 1, 12);
  expect(penalised.value).toBeCloseTo(share(own.map((v) => v.met)) - 1, 12);
});

test("an edited reference leaves the rewards open until it is compared with; undone, the old ones count again", () => {
  const reference = of(sums, "reference.finished")[0]!;
  const edited = more(sums, override(reference.seq, "\\boxed{5}"));
  expect(counted(edited).reference).toEqual({ aggregator: "synthesis", text: "\\boxed{5}", edited: true });
  expect(counted(edited).rollouts.map((r) => r.reward)).toEqual([undefined, undefined, undefined, undefined]);
  const again = of(sums, "equivalence").map(({ seq: _, atMs: __, ...event }): RunEvent => ({
    ...event,
    equivalent: event.rollout === 1,
  }));
  const compared = more(edited, ...again);
  expect(counted(compared).rollouts.map((r) => r.reward)).toEqual([0, 1, 0, 0]);
  const corrected = more(compared, override(compared.at(-1)!.seq, true));
  expect(counted(corrected).rollouts.map((r) => r.reward)).toEqual([0, 1, 0, 1]);
  expect(counted(more(corrected, undo(sums.length)))).toEqual(counted(sums));
});

test("a criterion with other words has no verdict any more; the others keep theirs", () => {
  const { criteria } = of(open, "rubric.finished")[0]!;
  const changed = criteria.map((c) => (c.id === 1 ? { ...c, text: "Says something else." } : c));
  const log = more(open, {
    type: "rubric.finished",
    group: 0,
    source: "visitor",
    criteria: changed,
    attempts: 0,
    attempt: null,
  });
  const before = counted(open).rollouts[0]!.met;
  expect(counted(log).rollouts[0]!.met).toEqual(before.with(1, undefined));
  expect(counted(log).rollouts[0]!.reward).toBeUndefined();
  const verdict = {
    type: "verdict",
    group: 0,
    rollout: 0,
    criterion: 1,
    met: true,
    probability: 1,
    by: "model",
  } as const;
  expect(counted(more(log, verdict)).rollouts[0]!.met).toEqual(before.with(1, true));
});

describe("what cannot stand is refused by name", () => {
  const [finished] = of(sums, "rollout.finished");
  const [equal] = of(sums, "equivalence");
  test.each([
    ["no such event", [override(10_000, true)], /override of event 10000, which is not/],
    ["a prompt", [override(2, true)], /override of event 2, which is not/],
    ["text for an equality", [override(equal!.seq, "yes")], /an override of a comparison cannot be "yes"/],
    ["a truth for a rollout", [override(finished!.seq, true)], /an override of a rollout cannot be true/],
    ["an undo of nothing", [undo(3)], /undo of event 3, which is no override that stands/],
    ["an undo twice", [override(equal!.seq, true), undo(sums.length), undo(sums.length)], /no override that stands/],
    ["a reward after the end", [{ type: "reward", group: 0, rollout: 0, value: 1 }], /reward after the end/],
  ] as const)("%s", (_, events, message) => {
    expect(() => fold(more(sums, ...(events as readonly RunEvent[])))).toThrow(message);
  });
});

test("judge and person: agreements, differences and what the judge left open are counted, undone ones are not", () => {
  const yes = verdicts.find((v) => v.met === true)!;
  const no = verdicts.find((v) => v.met === false)!;
  const open0 = verdicts.find((v) => v.met === null)!;
  const log = more(
    open,
    override(yes.seq, true),
    override(no.seq, true),
    override(open0.seq, false),
    override(no.seq, null),
  );
  const none = { agree: 0, differ: 0, modelUndecided: 0 };
  expect(agreement(fold(log))).toEqual({ verdicts: { agree: 1, differ: 0, modelUndecided: 1 }, comparisons: none });
  const back = more(log, undo(log.length - 1));
  expect(agreement(fold(back)).verdicts).toEqual({ agree: 1, differ: 1, modelUndecided: 1 });
  const equal = of(sums, "equivalence")[0]!;
  expect(agreement(fold(more(sums, override(equal.seq, false)))).comparisons).toEqual({ ...none, differ: 1 });
});

test("programs: tests count as one comparison, which a person can reverse", () => {
  const code = sums.map((event): LoggedEvent => {
    if (event.type !== "equivalence") return event;
    const { seq, atMs, rollout } = event;
    const same = [{ input: [[1]], expected: 1, actual: rollout === 0 ? 2 : 1, same: rollout !== 0 }];
    return { ...test0, seq, atMs, rollout, results: same, failure: null };
  });
  const rewarded = code.map((e) => (e.type === "reward" ? { ...e, value: e.rollout === 0 ? 0 : 1 } : e));
  const target = of(rewarded, "tests")[0]!;
  expect(counted(rewarded).rollouts.map((r) => r.reward)).toEqual([0, 1, 1, 1]);
  const log = more(rewarded, override(target.seq, true));
  expect(counted(log).rollouts[0]).toMatchObject({ same: true, reward: 1, advantage: 0 });
});
