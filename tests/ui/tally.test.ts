/** @file The session's tally and the sealed key's state: only thrown problems with an open key count, once each, and last as long as the session. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LabClient } from "../../src/lab/client.ts";
import type { LoggedEvent, RunEvent } from "../../src/run/event.ts";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { RunView } from "../../src/ui/state/run-view.svelte.ts";
import { SealedKey } from "../../src/ui/state/sealed-key.svelte.ts";
import { SessionTally } from "../../src/ui/state/tally.svelte.ts";
import { fixtureRun } from "./fixture.ts";

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
  vi.stubGlobal("document", { baseURI: "http://page.test/" });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const log = fixtureRun();

function labels(first: boolean, vote: boolean, synthesis: boolean): LoggedEvent[] {
  const label = (who: object, correct: boolean | null): RunEvent => ({
    type: "label",
    group: 0,
    rollout: null,
    aggregator: null,
    correct,
    score: correct === null ? null : Number(correct),
    ...who,
  });
  const all = [
    label({ answer: "13" }, null),
    label({ rollout: 0 }, first),
    label({ aggregator: "majority" }, vote),
    label({ aggregator: "synthesis" }, synthesis),
  ];
  return all.map((event, i) => ({ ...event, seq: log.length + i, atMs: log.at(-1)!.atMs }));
}

function opened(...right: Parameters<typeof labels>): GroupState {
  return [...log, ...labels(...right)].reduce(apply, emptyRun).groups[0]!;
}

describe("the tally", () => {
  const throwDice = (tally: SessionTally, run: string, item = 3): void => {
    tally.draw("sums", item);
    tally.start(run, "sums", item);
  };

  test("counts thrown problems whose key is open, and says of how many", () => {
    const tally = new SessionTally();
    expect(tally.standings("sums")).toEqual([]);
    throwDice(tally, "a");
    expect(tally.problems("sums")).toBe(0);
    tally.open("a", opened(false, true, true));
    throwDice(tally, "b");
    tally.open("b", opened(false, false, true));
    expect(tally.standings("sums")).toEqual([
      { name: "first answer", text: "0/2" },
      { name: "vote", text: "1/2" },
      { name: "synthesis", text: "2/2" },
    ]);
    expect(tally.problems("lists")).toBe(0);
  });

  test("a problem that somebody chose does not count, nor the same throw twice, nor one key opened twice", () => {
    const tally = new SessionTally();
    tally.start("chosen", "sums", 3);
    tally.draw("sums", 3);
    tally.start("other", "sums", 4);
    tally.start("other domain", "lists", 3);
    tally.start("thrown", "sums", 3);
    tally.start("again", "sums", 3);
    for (const run of ["chosen", "other", "other domain", "thrown", "thrown", "again", "constructor"]) {
      tally.open(run, opened(true, true, true));
    }
    expect(tally.problems("sums")).toBe(1);
  });

  test("a sealed key is no result", () => {
    const tally = new SessionTally();
    throwDice(tally, "a");
    tally.open("a", log.reduce(apply, emptyRun).groups[0]!);
    expect(tally.problems("sums")).toBe(0);
  });

  test("lasts for the session, and is reset by domain", () => {
    const tally = new SessionTally();
    throwDice(tally, "a");
    throwDice(tally, "b");
    tally.open("a", opened(true, true, true));
    const reloaded = new SessionTally();
    expect(reloaded.standings("sums")).toEqual(tally.standings("sums"));
    reloaded.open("b", opened(false, true, true));
    expect(reloaded.problems("sums")).toBe(2);
    reloaded.reset("lists");
    expect(reloaded.problems("sums")).toBe(2);
    reloaded.reset("sums");
    expect(new SessionTally().problems("sums")).toBe(0);
  });

  test("from twenty problems on it is a share with its error", () => {
    const tally = new SessionTally();
    for (let i = 0; i < 20; i++) {
      throwDice(tally, `r${i}`);
      tally.open(`r${i}`, opened(i % 2 === 0, true, true));
    }
    expect(tally.standings("sums").map(({ text }) => text)).toEqual(["50 % ± 11", "100 % ± 0", "100 % ± 0"]);
  });

  test("what is no tally in the storage is a new session", () => {
    for (const text of ["{", '{"thrown":{},"opened":[{"run":1}]}', "[]"]) {
      kept.set("cat-lab.tally", text);
      expect(new SessionTally().problems("sums")).toBe(0);
    }
  });
});

describe("the key", () => {
  const asked: unknown[] = [];
  const outcome = { value: true as boolean | Error };
  let stage: { stage: RunView | null; running: boolean };
  const client = {
    change: (run: string, file: string, change: unknown) => {
      asked.push([run, file.split("\n").length - 1, change]);
      if (outcome.value instanceof Error) return Promise.reject(outcome.value);
      stage.stage!.push(labels(true, false, true));
      return Promise.resolve(outcome.value);
    },
  } as unknown as LabClient;
  const keyOf = (view: RunView, running = false) => {
    stage = { stage: view, running };
    return new SealedKey(stage, () => client, new SessionTally());
  };
  const withItem = (item: number | null) => log.map((e) => (e.type === "run.started" ? { ...e, item } : e));
  beforeEach(() => {
    asked.length = 0;
    outcome.value = true;
  });

  test("is sealed once the run has ended, opened by one call, and open from then on", async () => {
    const view = RunView.of("r", "kept", log);
    const key = keyOf(view);
    expect(key.state).toBe("sealed");
    expect(await key.open()).toBe(true);
    expect([key.state, key.problem, key.busy]).toEqual(["open", null, false]);
    expect(asked).toEqual([["r", log.length, { of: "key", base: "http://page.test/" }]]);
    expect(await key.open()).toBe(false);
    view.seek(log.length);
    expect(key.state).toBe("sealed");
    expect(view.complete).toBe(true);
  });

  test("waits for the run, and for any other that is going on", () => {
    const live = new RunView("r", "live");
    live.push(log.slice(0, -1));
    expect(keyOf(live).state).toBe("waiting");
    expect(keyOf(RunView.of("k", "kept", log), true).state).toBe("waiting");
    live.push(log.slice(-1));
    expect(keyOf(live).state).toBe("sealed");
  });

  test("a chosen example has none, nor has a question that somebody typed", () => {
    expect(keyOf(RunView.of("r", "recorded", log, "Chosen.")).state).toBe("none");
    expect(keyOf(RunView.of("r", "kept", withItem(null))).state).toBe("none");
  });

  test("a run that comes with its labels is open", () => {
    expect(keyOf(RunView.of("r", "kept", [...log, ...labels(true, true, true)])).state).toBe("open");
  });

  test("says why it stayed sealed, of that run alone, and can be tried again", async () => {
    const key = keyOf(RunView.of("r", "kept", log));
    outcome.value = new Error("No connection.");
    expect(await key.open()).toBe(false);
    expect([key.state, key.problem, key.busy]).toEqual(["sealed", "No connection.", false]);
    outcome.value = false;
    expect(await key.open()).toBe(true);
    expect(key.problem).toContain("does not keep the run");
    stage.stage = RunView.of("other", "kept", log);
    expect(key.problem).toBeNull();
  });
});
