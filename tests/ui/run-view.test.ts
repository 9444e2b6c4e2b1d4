/** @file The run on the stage: what is shown is always the fold of a prefix of its log, live, scrubbed or played. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseRun } from "../../src/run/lines.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { RunView } from "../../src/ui/state/run-view.svelte.ts";
import { fixtureRun } from "./fixture.ts";

const log = fixtureRun();
const foldOf = (n: number) => log.slice(0, n).reduce(apply, emptyRun);
const deltasOf = (from: number, to: number) => log.slice(from, to);
const firstDelta = log.findIndex((e) => e.type === "rollout.delta");

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the fixture is a valid run file", () => {
  const { events, problem } = parseRun(RunView.of("x", "kept", log).file);
  expect(problem).toBeNull();
  expect(events).toEqual(log);
});

describe("a live run", () => {
  test("shows what was pushed, in any batches", () => {
    const view = new RunView("x", "live");
    for (let i = 0; i < log.length; i += 7) {
      view.push(log.slice(i, i + 7));
      vi.advanceTimersByTime(100);
    }
    expect(view.run).toEqual(foldOf(log.length));
    expect(view.complete).toBe(true);
  });

  test("shows text at most ten times a second, and none of it is lost", () => {
    const view = new RunView("x", "live");
    view.push(log.slice(0, firstDelta));
    vi.advanceTimersByTime(100);
    view.push(deltasOf(firstDelta, firstDelta + 2));
    const shown = view.count;
    view.push(deltasOf(firstDelta + 2, firstDelta + 4));
    view.push(deltasOf(firstDelta + 4, firstDelta + 6));
    expect(view.count).toBe(shown);
    vi.advanceTimersByTime(100);
    expect(view.count).toBe(firstDelta + 6);
    expect(view.run).toEqual(foldOf(firstDelta + 6));
  });

  test("shows anything but text at once", () => {
    const view = new RunView("x", "live");
    view.push(log.slice(0, firstDelta + 1));
    view.push(log.slice(firstDelta + 1));
    expect(view.count).toBe(log.length);
  });

  test("stays where the visitor went back to, and catches up when followed", () => {
    const view = new RunView("x", "live");
    view.push(log.slice(0, 60));
    view.seek(20);
    view.push(log.slice(60, 80));
    expect(view.count).toBe(20);
    expect(view.run).toEqual(foldOf(20));
    view.follow();
    expect(view.run).toEqual(foldOf(80));
    view.push(log.slice(80));
    vi.advanceTimersByTime(100);
    expect(view.count).toBe(log.length);
  });

  test("held, it shows nothing new until played on", () => {
    const view = new RunView("x", "live");
    view.push(log.slice(0, 60));
    view.hold();
    view.push(log.slice(60, 80));
    vi.advanceTimersByTime(500);
    expect(view.count).toBe(60);
    view.follow();
    expect(view.count).toBe(80);
  });
});

describe("seeking", () => {
  test("every prefix, forwards and backwards, is the fold of that prefix", () => {
    const view = RunView.of("x", "kept", log);
    for (const n of [0, 1, 2, 50, 3, log.length, 17, log.length - 1]) {
      view.seek(n);
      expect(view.run).toEqual(foldOf(n));
    }
  });

  test("beyond the ends it stays at the ends", () => {
    const view = RunView.of("x", "kept", log);
    view.seek(-5);
    expect(view.count).toBe(0);
    view.seek(1e6);
    expect(view.count).toBe(log.length);
  });

  test("by time shows all that had happened by then", () => {
    const view = RunView.of("x", "kept", log);
    const ms = log[40]!.atMs;
    view.seekTime(ms);
    expect(view.run.atMs).toBe(ms);
    expect(log[view.count]!.atMs).toBeGreaterThan(ms);
  });

  test("steps go from phase to phase and stop at the ends", () => {
    const view = RunView.of("x", "kept", log);
    const stops: number[] = [];
    view.seek(0);
    for (let i = 0; i < 6; i++) {
      view.step(1);
      stops.push(view.count);
    }
    const [explore, synthesise, reward] = view.spans.map((s) => s.first);
    expect(stops).toEqual([explore, synthesise, reward, log.length, log.length, log.length]);
    view.step(-1);
    expect(view.count).toBe(reward);
    expect(view.run.groups[0]?.references.synthesis?.finished?.extracted).toBe("13");
    expect(view.run.groups[0]?.rollouts[0]?.reward).toBeUndefined();
  });
});

describe("playing", () => {
  test("takes as long as the run took, at pace 1", () => {
    const view = RunView.of("x", "recorded", log);
    view.play();
    expect(view.count).toBeLessThan(log.length);
    vi.advanceTimersByTime(view.durationMs - 150);
    expect(view.playing).toBe(true);
    vi.advanceTimersByTime(300);
    expect(view.playing).toBe(false);
    expect(view.run).toEqual(foldOf(log.length));
  });

  test("goes four times as fast at pace 4", () => {
    const view = RunView.of("x", "recorded", log);
    view.speed = 4;
    view.play();
    vi.advanceTimersByTime(view.durationMs / 4 + 200);
    expect(view.atEnd).toBe(true);
  });

  test("pauses where it is and goes on from there", () => {
    const view = RunView.of("x", "recorded", log);
    view.play();
    vi.advanceTimersByTime(500);
    view.pause();
    const { count } = view;
    vi.advanceTimersByTime(500);
    expect(view.count).toBe(count);
    view.play();
    vi.advanceTimersByTime(100);
    expect(view.count).toBeGreaterThanOrEqual(count);
    expect(view.count).toBeLessThan(log.length);
  });

  test("a short run is slowed to be watched, a long one is not", () => {
    expect(RunView.of("x", "recorded", fixtureRun({ stepMs: 5 })).comfortableSpeed()).toBeLessThan(1);
    expect(RunView.of("x", "recorded", fixtureRun({ stepMs: 400 })).comfortableSpeed()).toBe(1);
  });
});
