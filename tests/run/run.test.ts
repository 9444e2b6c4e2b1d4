/** @file The fold: what rubrics and verdicts make of a group, and what cannot stand in a log. */
import { expect, test } from "vitest";
import type { RunEvent } from "../../src/run/event.ts";
import { apply, emptyRun, type Run } from "../../src/run/run.ts";
import { header } from "../cat/run.ts";
import { scripted } from "../scripted.ts";

const task = { id: null, prompt: "How to rest?", kind: "open" } as const;
const opening: readonly RunEvent[] = [
  { type: "run.started", format: 1, ...header(scripted({}), 2) },
  { type: "group.started", group: 0, task, size: 2 },
];

function folded(...events: readonly RunEvent[]): Run {
  return [...opening, ...events].map((event, seq) => ({ ...event, seq, atMs: seq })).reduce(apply, emptyRun);
}

const delta = (attempt: number, text: string) => ({ type: "rubric.delta", group: 0, attempt, text }) as const;
const rubric = {
  type: "rubric.finished",
  group: 0,
  source: "reference",
  criteria: [
    { id: 0, text: "Says rest." },
    { id: 1, text: "Is kind." },
  ],
  attempts: 2,
  attempt: 2,
} as const;

test("a rubric grows while it is written; a second attempt begins anew", () => {
  expect(folded().groups[0]!.rubric).toBeUndefined();
  expect(folded(delta(1, "<crit"), delta(1, "erion>")).groups[0]!.rubric).toEqual({
    attempt: 1,
    text: "<criterion>",
    finished: undefined,
  });
  expect(folded(delta(1, "nothing"), delta(2, "- Says")).groups[0]!.rubric).toMatchObject({
    attempt: 2,
    text: "- Says",
  });
});

test("criteria count once the rubric is finished, with or without its deltas", () => {
  expect(folded(delta(1, "- Says rest.")).groups[0]!.criteria).toEqual([]);
  for (const before of [[], [delta(2, "- Says rest.\n- Is kind.")]]) {
    const group = folded(...before, rubric).groups[0]!;
    expect(group.criteria).toEqual(rubric.criteria);
    expect(group.rubric).toMatchObject({ attempt: 2, finished: rubric });
  }
});

test("verdicts stand by criterion in any order; a later one of the same cell replaces the earlier", () => {
  const verdict = (criterion: number, met: boolean | null) =>
    ({ type: "verdict", group: 0, rollout: 1, criterion, met, probability: null, by: "model" }) as const;
  const { rollouts } = folded(rubric, verdict(1, true), verdict(0, null), verdict(1, false)).groups[0]!;
  expect(rollouts[1]!.verdicts.map((v) => v?.met)).toEqual([null, false]);
  expect(rollouts[0]!.verdicts).toEqual([]);
});

test("an event of a rollout that the group does not have is refused", () => {
  expect(() => folded({ type: "reward", group: 0, rollout: 2, value: 1 })).toThrow(/rollout 2 of 2/);
  const found = { rollout: 2, step: 0, stance: "silent", probability: { says: 0, denies: 0 } } as const;
  expect(() => folded({ type: "sources", group: 0, steps: [], found: [found] })).toThrow(/rollout 2 of 2/);
});

test("notices are kept in order, whatever their code, and also after the end", () => {
  const notice = (code: string) => ({ type: "notice", code, message: `${code} happened.` }) as const;
  const events = [notice("fewer-rows"), delta(1, "a"), notice("of a later version"), { type: "run.finished" } as const];
  expect(folded().notices).toEqual([]);
  expect(folded(...events, notice("device-renewed")).notices.map(({ code, seq }) => [code, seq])).toEqual([
    ["fewer-rows", 2],
    ["of a later version", 4],
    ["device-renewed", 6],
  ]);
});
