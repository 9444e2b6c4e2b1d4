/** @file Step mode: what is held back, in live and recorded runs, from link to end. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LoggedEvent } from "../../src/run/event.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { gates } from "../../src/ui/state/link.ts";
import { RunView } from "../../src/ui/state/run-view.svelte.ts";
import { Settings } from "../../src/ui/state/settings.svelte.ts";
import { Stepping } from "../../src/ui/state/stepping.svelte.ts";
import { fixtureRun } from "./fixture.ts";

const typed = fixtureRun().map((event) => (event.type === "run.started" ? { ...event, item: null } : event));
const held = fixtureRun();
const label = { type: "label", group: 0, rollout: 0, aggregator: null, correct: true, score: null } as const;
const keyed: readonly LoggedEvent[] = [...held, { ...label, seq: held.length, atMs: held.at(-1)!.atMs + 60_000 }];

let settings: Settings;
let stage: RunView | null;
let stepping: Stepping;
function show(view: RunView): RunView {
  stage = view;
  stepping.attach(view);
  return view;
}

beforeEach(() => {
  vi.useFakeTimers();
  settings = new Settings();
  stage = null;
  stepping = new Stepping(settings, () => stage);
});
afterEach(() => {
  vi.useRealTimers();
});

test("a finished run is rewound, and every stop shows the fold of what comes before it", () => {
  const view = show(RunView.of("x", "recorded", typed));
  stepping.enter();
  const stops = [view.count];
  for (let i = 0; i < 3; i++) {
    stepping.next(false);
    stops.push(view.count);
    expect(view.run).toEqual(typed.slice(0, view.count).reduce(apply, emptyRun));
  }
  expect(stops).toEqual([...view.spans.map(({ first }) => first), typed.length]);
  expect(stepping.at).toBe("end");
  stepping.next(false);
  expect(view.count).toBe(typed.length);
  stepping.back();
  expect(view.count).toBe(view.spans[2]!.first);
});

test("nothing passes the gate: neither the slider, nor the keys, nor playing", () => {
  const view = show(RunView.of("x", "recorded", typed));
  stepping.enter();
  stepping.next(false);
  const limit = view.spans[1]!.first;
  for (const go of [
    () => {
      view.seekPosition(1);
    },
    () => {
      view.seek(1e6);
    },
    () => {
      view.step(1);
    },
    () => {
      view.follow();
    },
    () => {
      view.play();
      vi.advanceTimersByTime(60_000);
    },
  ]) {
    go();
    expect(view.count).toBeLessThanOrEqual(limit);
  }
  expect([view.count, view.playing]).toEqual([limit, false]);
});

test("a phase is played at its pace, and going on meanwhile shows the rest of it", () => {
  const view = show(RunView.of("x", "recorded", typed));
  stepping.enter();
  stepping.next(true);
  expect(view.playing).toBe(true);
  vi.advanceTimersByTime(200);
  expect(view.atLimit).toBe(false);
  stepping.next(true);
  expect([view.playing, view.atLimit, settings.gate]).toEqual([false, true, "synthesise"]);
});

describe("a live run", () => {
  test("is complete in its log while the stage waits", () => {
    settings.gate = "explore";
    const view = show(new RunView("x", "live"));
    for (let i = 0; i < typed.length; i += 9) view.push(typed.slice(i, i + 9));
    vi.advanceTimersByTime(200);
    expect([view.length, view.complete]).toEqual([typed.length, true]);
    expect(view.count).toBe(view.spans[0]!.first);
    expect(view.run.groups[0]!.rollouts.every(({ text }) => text === "")).toBe(true);
    stepping.leave();
    expect([view.count, settings.gate]).toEqual([typed.length, null]);
  });

  test("shows what comes of the phase that was let go, and stops before the next", () => {
    settings.gate = "explore";
    const view = show(new RunView("x", "live"));
    const second = typed.findIndex((e) => e.type === "prompt.sent" && e.purpose === "synthesis");
    view.push(typed.slice(0, 30));
    stepping.next(false);
    expect(view.count).toBe(30);
    view.push(typed.slice(30, second));
    vi.advanceTimersByTime(200);
    expect(view.count).toBe(second);
    view.push(typed.slice(second));
    vi.advanceTimersByTime(200);
    expect(view.count).toBe(second);
    expect(view.run.groups[0]!.references.synthesis).toBeUndefined();
  });

  test("the next one waits from its beginning, and one that is looked at again where it was left", () => {
    const first = show(RunView.of("x", "live", typed));
    stepping.enter();
    stepping.next(false);
    stepping.next(false);
    show(RunView.of("y", "live", typed));
    expect(settings.gate).toBe("explore");
    show(first);
    expect([settings.gate, first.count]).toEqual(["reward", first.spans[2]!.first]);
  });
});

test("a sealed key is a stop of its own, and opening it by hand shows it at once", () => {
  const view = show(RunView.of("x", "live", held));
  stepping.enter();
  for (let i = 0; i < 3; i++) stepping.next(false);
  expect([stepping.at, view.count]).toEqual(["key", held.length]);
  view.push(keyed.slice(held.length));
  expect(view.run.groups[0]!.labels).toHaveLength(1);
  expect([view.gate, view.atEnd]).toEqual(["end", true]);
});

test("an opened key of a kept run is held back until the last step", () => {
  const view = show(RunView.of("x", "kept", keyed));
  stepping.enter();
  expect(stepping.gates).toEqual(["explore", "synthesise", "reward", "key", "end"]);
  for (let i = 0; i < 3; i++) stepping.next(false);
  expect(view.run.groups[0]!.labels).toHaveLength(0);
  stepping.next(false);
  expect(view.run.groups[0]!.labels).toHaveLength(1);
});

test("a run that broke off has the stops that it came to", () => {
  const cut = typed.slice(0, 60);
  const view = show(RunView.of("x", "kept", cut));
  stepping.enter();
  expect(stepping.gates).toEqual([...view.spans.map(({ phase }) => phase), "end"]);
});

test("a link says where to wait, for the run that comes first", () => {
  settings.follow("#lab?step=reward");
  stepping.follow(null);
  const view = show(RunView.of("x", "recorded", typed));
  expect(view.count).toBe(view.spans[2]!.first);
  show(RunView.of("y", "recorded", typed));
  expect(settings.gate).toBe("explore");
});

test.each(gates)("the link of a stage that waits at %s brings another visitor there", (gate) => {
  settings.gate = gate;
  const other = new Settings();
  expect(other.follow(settings.hashOf("lab"))).toEqual([]);
  expect(other.gate).toBe(gate);
});
