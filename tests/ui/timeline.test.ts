/** @file The timeline: phases of a log, and places on the track that go there and back. */
import { describe, expect, test } from "vitest";
import type { LoggedEvent } from "../../src/run/event.ts";
import { countAt, phases, positionOf, spansOf, stopsOf, stretchesOf } from "../../src/ui/state/timeline.ts";
import { adviceRun } from "./fixture-advice.ts";
import { fixtureRun } from "./fixture.ts";
import { listsRun } from "./fixture-lists.ts";

const log = fixtureRun();
const spans = spansOf(log);

describe("spansOf", () => {
  test("finds the three phases, one after the other", () => {
    expect(spans.map((s) => s.phase)).toEqual(["explore", "synthesise", "reward"]);
    expect(spans[1]?.first).toBe(spans[0]?.end);
    expect(spans[2]?.first).toBe(spans[1]?.end);
    expect(spans[2]?.end).toBe(log.length);
  });

  test("a phase begins with its own first event", () => {
    expect(spans.map((s) => log[s.first]?.type)).toEqual(["prompt.sent", "prompt.sent", "equivalence"]);
  });

  test("a prefix has the phases that have begun in it", () => {
    expect(spansOf([])).toEqual([]);
    expect(spansOf(log.slice(0, 2))).toEqual([]);
    expect(spansOf(log.slice(0, spans[1]!.first)).map((s) => s.phase)).toEqual(["explore"]);
  });

  test("other groups and other methods begin no phase", () => {
    const [started] = log;
    const other = { type: "reward", group: 1, rollout: 0, value: 1, seq: 1, atMs: 5 } as const;
    const vote = { type: "reference.delta", group: 0, aggregator: "majority", text: "3", seq: 2, atMs: 6 } as const;
    expect(spansOf([started!, other, vote])).toEqual([]);
  });
});

describe("places on the track", () => {
  test("never go back as events are added", () => {
    const places = log.map((_, i) => positionOf(log, spans, i + 1));
    for (const [i, place] of places.entries()) {
      expect(place).toBeGreaterThanOrEqual(places[i - 1] ?? 0);
      expect(place).toBeLessThanOrEqual(1);
    }
    expect(places.at(-1)).toBe(1);
  });

  test("countAt undoes positionOf, up to events at one and the same place", () => {
    for (let count = spans[0]!.first + 1; count <= log.length; count++) {
      const place = positionOf(log, spans, count);
      const back = countAt(log, spans, place);
      expect(back).toBeGreaterThanOrEqual(count);
      expect(positionOf(log, spans, back)).toBeCloseTo(place, 9);
    }
  });

  test("rewards that came within milliseconds can be told apart", () => {
    const { first, end } = spans[2]!;
    const places = new Set(log.slice(first, end).map((_, i) => positionOf(log, spans, first + i + 1)));
    expect(places.size).toBe(end - first);
  });

  test("an empty log lies at the beginning", () => {
    expect(positionOf([], [], 0)).toBe(0);
    expect(countAt([], [], 0.5)).toBe(0);
  });
});

test("stops lie before each phase and at the end", () => {
  expect(stopsOf(log, spans)).toEqual([spans[0]!.first, spans[1]!.first, spans[2]!.first, log.length]);
});

describe.each([
  ["sums", log, "equivalence"],
  ["lists", await listsRun(), "tests"],
  ["advice", await adviceRun(), "prompt.sent"],
] as const)("a run of %s", (_, log, firstOfReward) => {
  const spans = spansOf(log);

  test("has its three phases, the reward from its first sign on", () => {
    expect(spans.map((s) => s.phase)).toEqual(["explore", "synthesise", "reward"]);
    expect(log[spans[2]!.first]?.type).toBe(firstOfReward);
  });

  test("places go there and back, and never go back in time", () => {
    let before = 0;
    for (let count = spans[0]!.first + 1; count <= log.length; count++) {
      const place = positionOf(log, spans, count);
      expect(place).toBeGreaterThanOrEqual(before);
      expect(positionOf(log, spans, countAt(log, spans, place))).toBeCloseTo(place, 9);
      before = place;
    }
    expect(before).toBe(1);
  });

  test("other methods and an opened key are phases of their own, a person's work after the end is none", () => {
    const end = log.at(-1)!;
    const at = log.length - 1;
    const said = { group: 0, aggregator: "majority", text: "3", seq: 0, atMs: end.atMs + 5 } as const;
    const label = { type: "label", group: 0, rollout: 0, aggregator: null, correct: true, score: null } as const;
    const whole: LoggedEvent[] = [
      ...log.slice(0, at),
      { type: "reference.delta", ...said, seq: at },
      { ...end, seq: at + 1, atMs: end.atMs + 10 },
      { type: "undo", target: 3, seq: at + 2, atMs: 90_000 },
      { ...label, seq: at + 3, atMs: 100_000 },
    ];
    const spans = spansOf(whole);
    expect(spans.map((s) => [s.phase, s.first]).slice(3)).toEqual([
      ["others", at],
      ["key", at + 3],
    ]);
    // The minute in which nothing ran has no length.
    expect(spans[3]!.endMs).toBe(end.atMs + 10);
    expect(positionOf(whole, spans, whole.length)).toBe(1);
    const lengths = phases.map((phase) => stretchesOf(whole)[phase]).map(([from, to]) => to - from);
    expect(lengths.every((length) => length > 0)).toBe(true);
    expect(lengths.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
  });

  test("asking where steps come from is no phase: the rewards stay on the screen until the others begin", async () => {
    const asked = await adviceRun({ sources: true });
    const spans = spansOf(asked);
    expect(spans.map((s) => s.phase)).toEqual(["explore", "synthesise", "reward"]);
    expect(spans[2]!.end).toBe(asked.length);
  });

  test("the stretches cover the track without gaps, from the log's beginning on", () => {
    const { explore, synthesise, reward, others } = stretchesOf(log);
    expect([explore[0], explore[1], synthesise[1], reward[1]]).toEqual([0, synthesise[0], reward[0], 1]);
    expect(others).toEqual([1, 1]);
    // Nothing moves while the run goes on: room for the other methods is kept until it has ended.
    const going = stretchesOf(log.slice(0, 2));
    expect(going.reward[1]).toBe(going.others[0]);
    expect(going.others[1]).toBe(1);
    for (const n of [3, 40, log.length - 1]) expect(stretchesOf(log.slice(0, n))).toEqual(going);
  });
});
