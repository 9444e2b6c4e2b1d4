/** @file The lesson: its text fits its steps and the page, and every step is done by what a visitor does, never by what was there. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { filesBelow } from "../../scripts/site.ts";
import type { LoggedEvent, RunEvent } from "../../src/run/event.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { applyToTraining, emptyTraining } from "../../src/run/training.ts";
import { corrections, pages, READING_MINUTES } from "../../src/ui/lesson/lesson.ts";
import { LessonProgress } from "../../src/ui/lesson/progress.svelte.ts";
import { KEYS, type Signal, signalsOf, signalsOfTraining } from "../../src/ui/lesson/signals.ts";
import { lessonSteps } from "../../src/ui/lesson/steps.ts";
import { hideable } from "../../src/ui/state/parts.ts";
import { RunView } from "../../src/ui/state/run-view.svelte.ts";
import { parseChoice } from "../../src/ui/state/training-choice.ts";
import { MadeTraining } from "../run/made-training.ts";
import { adviceRun } from "./fixture-advice.ts";
import { fixtureRun } from "./fixture.ts";

const sums = fixtureRun();
const advice = await adviceRun();
const source = (name: string) => readFileSync(resolve(import.meta.dirname, "../..", name), "utf8");
const page = (step: string) => pages.find((candidate) => candidate.step === step)!;

/** The log with a person's events after its end. */
function and(log: readonly LoggedEvent[], ...events: readonly RunEvent[]): readonly LoggedEvent[] {
  const atMs = log.at(-1)!.atMs + 1000;
  return [...log, ...events.map((event, i) => ({ ...event, seq: log.length + i, atMs }))];
}
const log = new MadeTraining().lines(0.45, 0.5, 0.6, 0.9).step(0).score(1, 0.5).log;
const training = log.reduce(applyToTraining, emptyTraining());
const key = { type: "label", group: 0, rollout: 0, aggregator: null, correct: true, score: null } as const;
const verdict = advice.find((event) => event.type === "verdict" && event.met === true)!;
const override = { type: "override", target: verdict.seq, value: false, note: "No." } as const;
const undo = { type: "undo", target: advice.length } as const;
const criteria = advice.reduce(apply, emptyRun).groups[0]!.criteria;
const edited = {
  type: "rubric.finished",
  group: 0,
  source: "visitor",
  criteria: [...criteria, { id: criteria.length, text: "Is kind." }],
  attempts: 0,
  attempt: null,
} as const;

const store = new Map<string, string>();
beforeEach(() => {
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, value: string) => void store.set(name, value),
  });
});
afterEach(() => {
  store.clear();
  vi.unstubAllGlobals();
});

test("it has a page for every step, in order, and takes 45 minutes, with a training 53", () => {
  expect([...pages.map(({ step }) => step), "summaries"]).toEqual(lessonSteps);
  const minutes = (shown: typeof pages) => shown.reduce((sum, one) => sum + one.minutes, 0);
  expect(minutes(pages.filter(({ training }) => training === undefined)) + READING_MINUTES).toBe(45);
  expect(minutes(pages) + READING_MINUTES).toBe(53);
  expect(corrections.length).toBeGreaterThanOrEqual(4);
});

test("both standard examples are in it", () => {
  expect(pages.flatMap(({ ask }) => (ask === null ? [] : [ask.prompt]))).toEqual([
    "What is the square root of 16?",
    "How to treat a mild flu at home?",
  ]);
});

test("what a step points at, and what a link can hide, is marked in the page and known to its style", () => {
  const components = filesBelow("src/ui")
    .filter((file) => file.endsWith(".svelte"))
    .map(source)
    .join("\n");
  const css = source("src/ui/parts.css");
  // Built beside this: the panel of the other methods, and the key.
  const later = ["others", "key"];
  for (const name of [...pages.map(({ point }) => point), ...hideable]) {
    const marked = components.includes(`data-part="${name}"`) || ["learn", "train", "runs"].includes(name);
    if (!later.includes(name)) expect([name, marked]).toEqual([name, true]);
  }
  for (const { point } of pages) expect(css).toContain(`[data-point="${point}"] [data-part="${point}"]`);
  for (const name of hideable) expect(css).toContain(`[data-hide~="${name}"] [data-part="${name}"]`);
});

test("the choices that it puts in can be used", () => {
  for (const { training: query = "" } of pages) expect(parseChoice(query).problems).toEqual([]);
});

describe("signals", () => {
  const of = (log: readonly LoggedEvent[], guessed = false, keys = 0) => [
    ...signalsOf(log.reduce(apply, emptyRun), guessed, keys),
  ];

  test.each<readonly [string, readonly LoggedEvent[], readonly Signal[]]>([
    ["nothing", [], []],
    ["a beginning", sums.slice(0, 12), []],
    ["sums", sums, ["answers", "reference", "rewards"]],
    ["an opened key", and(sums, key), ["answers", "reference", "rewards", "key"]],
    ["advice", advice, ["answers", "reference", "verdicts"]],
    ["an override", and(advice, override), ["answers", "reference", "verdicts", "override"]],
    ["an undo", and(advice, override, undo), ["answers", "reference", "verdicts", "override", "undo"]],
    ["an edited rubric", and(advice, edited), ["answers", "reference", "verdicts", "edited"]],
  ])("of %s", (_, log, signals) => {
    expect(of(log)).toEqual(signals);
  });

  test("guesses and opened keys are counted elsewhere", () => {
    expect(of([], true, KEYS)).toEqual(["guess", "keys"]);
    expect(of([], false, KEYS - 1)).toEqual([]);
  });

  test("every signal is waited for by some step, and can come", () => {
    const waited = new Set(pages.flatMap(({ tasks }) => tasks.map(({ waits }) => waits)));
    const runs = [...of(and(sums, key), true, KEYS), ...of(and(advice, override, undo)), ...of(and(advice, edited))];
    const comes = [...runs, ...signalsOfTraining(training, true)];
    expect([...waited].sort()).toEqual([...new Set(comes)].sort());
  });
});

describe("progress", () => {
  test("a recorded run that was there does nothing; played before the visitor's eyes it counts", () => {
    const progress = new LessonProgress();
    const view = RunView.of("x", "recorded", sums);
    progress.look(page("run"), view, false);
    expect(progress.isDone(page("run"))).toBe(false);
    view.seek(5);
    progress.look(page("run"), view, false);
    view.follow();
    progress.look(page("run"), view, false);
    expect(progress.isDone(page("run"))).toBe(true);
  });

  test("a run of this page counts as it is, and what is done is kept", () => {
    const view = RunView.of("x", "live", and(advice, override));
    const progress = new LessonProgress();
    progress.look(page("disagree"), view, false);
    expect(progress.tasksOf(page("disagree"))).toEqual([true, false]);
    view.push(and(advice, override, undo).slice(-1));
    progress.look(page("disagree"), view, false);
    expect(new LessonProgress().isDone(page("disagree"))).toBe(true);
    expect(new LessonProgress().pagesDone).toBe(1);
    progress.reset();
    expect(new LessonProgress().pagesDone).toBe(0);
  });

  test("what a training has come to counts, wherever it was begun", () => {
    const progress = new LessonProgress();
    const student = page("student");
    progress.see(student, signalsOfTraining(null, true));
    expect(progress.tasksOf(student)).toEqual([true, false, false]);
    progress.see(student, signalsOfTraining(log.slice(0, 5).reduce(applyToTraining, emptyTraining()), false));
    expect(progress.tasksOf(student)).toEqual([true, true, false]);
    progress.see(student, signalsOfTraining(training, false));
    expect(progress.isDone(student)).toBe(true);
  });

  test("three opened keys are of three runs, whatever step they were opened in", () => {
    const progress = new LessonProgress();
    const opened = and(sums, key);
    for (const id of ["a", "a", "b"]) progress.look(page("key"), RunView.of(id, "live", opened), false);
    progress.look(page("again"), RunView.of("b", "live", opened), false);
    expect(progress.isDone(page("again"))).toBe(false);
    progress.look(page("again"), RunView.of("c", "live", opened), false);
    expect(progress.isDone(page("again"))).toBe(true);
  });

  test.each(["", "[]", '{"done":1,"keys":[]}'])("%j is as if nothing were kept", (text) => {
    store.set("cat-lab.lesson", text);
    expect(new LessonProgress().done).toEqual([]);
  });
});
