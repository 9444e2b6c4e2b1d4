/** @file Guesses about a run: what is asked, what then came, and what is kept of it. */
import { afterEach, describe, expect, test, vi } from "vitest";
import type { LoggedEvent } from "../../src/run/event.ts";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { outcomeOf, questionBefore } from "../../src/ui/state/prediction.ts";
import { Predictions } from "../../src/ui/state/predictions.svelte.ts";
import { phases } from "../../src/ui/state/timeline.ts";
import { adviceRun } from "./fixture-advice.ts";
import { fixtureRun } from "./fixture.ts";
import { listsRun } from "./fixture-lists.ts";

const groupOf = (log: readonly LoggedEvent[]) => log.reduce(apply, emptyRun).groups[0]!;
const sums = groupOf(fixtureRun());
const groups = [sums, groupOf(await listsRun()), groupOf(await adviceRun())];

/** With an opened key: whether the reference is right, and how many of the answers. */
function opened(group: GroupState, reference: boolean, right: number): GroupState {
  const label = { type: "label", group: 0, seq: 0, atMs: 0, score: null } as const;
  const rollouts = group.rollouts.map((_, i) => ({ ...label, rollout: i, aggregator: null, correct: i < right }));
  return { ...group, labels: [{ ...label, rollout: null, aggregator: "synthesis", correct: reference }, ...rollouts] };
}

test("whatever is asked of a finished run can be told, and one of its options is what came", () => {
  for (const group of groups) {
    const { kind } = group.task;
    for (const phase of ["explore", "synthesise", "reward"] as const) {
      const question = questionBefore(phase, kind, group.rollouts.length)!;
      const { came } = outcomeOf(phase, group, "?")!;
      if (question.options !== null) expect(question.options).toContain(came);
      expect(outcomeOf(phase, group, came)).toEqual({ came, hit: true });
    }
  }
});

test("before its phase has run nothing can be told", () => {
  for (const { task, rollouts } of groups) {
    const log = [{ type: "group.started", group: 0, task, size: rollouts.length, seq: 0, atMs: 0 }] as const;
    for (const phase of phases) {
      if (phase === "explore" && task.kind !== "math") continue; // empty texts are alike
      expect(outcomeOf(phase, groupOf(log), "yes")).toBeNull();
    }
  }
});

describe("sums", () => {
  test("the vote is of values, and so is the guess", () => {
    expect(outcomeOf("explore", sums, "13")).toEqual({ came: "13", hit: true });
    expect(outcomeOf("explore", sums, "13.0")!.hit).toBe(true);
    expect(outcomeOf("explore", sums, "12")).toEqual({ came: "13", hit: false });
    expect(outcomeOf("explore", sums, "no idea")!.hit).toBe(false);
  });

  test("five of eight agree", () => {
    expect(outcomeOf("reward", sums, "5")).toEqual({ came: "5", hit: true });
    expect(questionBefore("reward", "math", 8)!.options).toHaveLength(9);
  });

  test.each([
    [true, 5, "both"],
    [true, 4, "the reference alone"],
    [true, 0, "the reference alone"],
    [false, 5, "the answers alone"],
    [false, 3, "neither"],
  ])("key: reference right %s, %i of 8 answers right: %s", (reference, right, came) => {
    expect(outcomeOf("key", opened(sums, reference, right), came)).toEqual({ came, hit: true });
    expect(questionBefore("key", "math", 8)!.options).toContain(came);
  });
});

test("of one answer there is no vote to foretell", () => {
  for (const kind of ["math", "code", "open"] as const) {
    for (const phase of ["explore", "synthesise", "reward", "others"] as const)
      expect(questionBefore(phase, kind, 1)).toBeNull();
    expect(questionBefore("key", kind, 1)).not.toBeNull();
  }
});

describe("what was said", () => {
  const store = new Map<string, string>();
  const stub = () => {
    vi.stubGlobal("sessionStorage", {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
    });
  };
  afterEach(() => {
    store.clear();
    vi.unstubAllGlobals();
  });

  test("can be changed until it is told, lasts for the session, and is counted", () => {
    stub();
    const predictions = new Predictions();
    predictions.say("run", "explore", "12");
    predictions.say("run", "explore", "13");
    predictions.say("run", "reward", "4");
    predictions.say("run", "key", "both");
    predictions.say("run", "key", "");
    predictions.settle("run", "explore", { came: "13", hit: true });
    predictions.settle("run", "reward", { came: "5", hit: false });
    predictions.say("run", "explore", "99");
    const later = new Predictions();
    expect(later.all.map(({ phase, said, hit }) => [phase, said, hit])).toEqual([
      ["explore", "13", true],
      ["reward", "4", false],
    ]);
    expect(later.tally).toEqual({ right: 1, told: 2 });
    expect(later.of("other", "explore")).toBeNull();
  });

  test.each(["", "{}", "[1]", '[{"run":"x","phase":"vote","said":"y","hit":null}]'])("%j is nothing", (text) => {
    stub();
    store.set("cat-lab.predictions", text);
    expect(new Predictions().all).toEqual([]);
  });

  test("without storage it works for the visit", () => {
    const predictions = new Predictions();
    predictions.say("run", "explore", "13");
    expect(predictions.of("run", "explore")?.said).toBe("13");
  });
});
