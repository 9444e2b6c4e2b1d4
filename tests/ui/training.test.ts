/** @file The page's trainings, with a worker that only listens: what is asked of it, and what its notices make of the screen. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LabError, type LabClient } from "../../src/lab/client.ts";
import type { Failure, TrainingCommand, TrainingState, TrainingSummary } from "../../src/lab/protocol.ts";
import { formatEvent } from "../../src/run/lines.ts";
import { Settings } from "../../src/ui/state/settings.svelte.ts";
import { TrainingDesk } from "../../src/ui/state/training.svelte.ts";
import { standingOf } from "../../src/ui/state/training-standing.ts";
import { MadeTraining } from "../run/made-training.ts";

const screen = vi.hoisted(() => ({ held: false }));
vi.mock("../../src/lab/wake-lock.ts", () => ({
  WakeLock: class {
    hold(): void {
      screen.held = true;
    }
    release(): void {
      screen.held = false;
    }
  },
}));

const made = new MadeTraining({ evaluateEvery: 2 }).lines(0.45, 0.5, 0.6, 0.9).step(0).step(1).score(2, 0.55);
const text = made.log.map(formatEvent).join("");
const broken: Failure = { code: "out-of-memory", message: "It is full." };
const base = { failure: null, device: "wasm", kept: true, checkpoints: [] } as const;
const at = (phase: TrainingState["phase"], more: Partial<TrainingState> = {}): TrainingState => ({
  ...base,
  phase,
  ...more,
});
const summary = (id: string): TrainingSummary => ({
  ...{
    id,
    startedAt: "2026-11-22T17:14:00.000Z",
    domain: "sums",
    seed: 1,
    steps: 2,
    first: 0.45,
    last: 0.55,
    ended: false,
    bytes: 9,
  },
});

let sent: TrainingCommand[];
let answers: Partial<Record<TrainingCommand["type"], (command: never) => unknown>>;
let store: Map<string, string>;
let settings: Settings;
let desk: TrainingDesk;
const client = {
  train: (command: TrainingCommand) => void sent.push(command),
  askTraining: (make: (call: number) => TrainingCommand) => {
    const command = make(1);
    sent.push(command);
    const answer = answers[command.type];
    if (answer === undefined) return Promise.reject(new LabError({ code: "storage", message: "There is none." }));
    return Promise.resolve(answer(command as never));
  },
} as unknown as LabClient;
const types = () => sent.map(({ type }) => type);

beforeEach(() => {
  vi.useFakeTimers();
  store = new Map();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
  });
  vi.stubGlobal("document", { baseURI: "http://page.test/lab/index.html" });
  screen.held = false;
  sent = [];
  answers = { "trainings.list": () => [summary("a")], "trainings.read": () => text };
  settings = new Settings();
  settings.device = "wasm";
  desk = new TrainingDesk(() => client, settings);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** One that was begun here, with all events of the made one; it runs. */
async function begun(): Promise<string> {
  await desk.start();
  const { id } = desk.shown!;
  desk.training(id, at("loading"));
  desk.events(id, made.log);
  desk.training(id, at("running", { checkpoints: [{ step: 0, score: 0.45 }] }));
  sent = [];
  return id;
}

describe("a new one", () => {
  test("is begun with the choices, on the device and in the folder of the page", async () => {
    desk.form.follow("domain=lists&tasks=2");
    await desk.start();
    const { id } = desk.shown!;
    expect(sent).toEqual([
      {
        ...{ type: "training.start", training: id, device: "wasm", base: "http://page.test/lab/" },
        choice: expect.objectContaining({ domain: "lists", tasks: 2, rollouts: 8 }) as unknown,
      },
      { type: "training.run", steps: null },
    ]);
    expect(id).toMatch(/^\d{4}-\d\d-\d\dT[\d-]+Z-[\da-f]{4}$/);
  });

  test("is not begun while something is wrong with them", async () => {
    desk.form.set("tasks", "many");
    await desk.start();
    expect([desk.shown, sent]).toEqual([null, []]);
  });

  test("that could not be opened at all is begun again", async () => {
    await desk.start();
    const { id } = desk.shown!;
    desk.training(id, at("failed", { failure: broken }));
    sent = [];
    await desk.goOn();
    expect(types()).toEqual(["training.start", "training.run"]);
    expect(sent[0]).toMatchObject({ training: id });
  });
});

describe("on the screen", () => {
  test("events are folded a few times a second, and at once where a phase ends", async () => {
    await desk.start();
    const { id } = desk.shown!;
    desk.events(id, made.log.slice(0, 5));
    expect(desk.shown!.log.header).toBeUndefined();
    vi.advanceTimersByTime(200);
    expect(desk.shown!.log.scores).toHaveLength(1);
    desk.events(id, made.log.slice(5));
    desk.training(id, at("paused"));
    expect([desk.shown!.steps, desk.shown!.log.scores.length]).toEqual([2, 2]);
    expect(standingOf(desk.shown!)).toMatchObject({ title: "Paused after 2 steps", part: undefined });
  });

  test("each phase has its words, and how far it is", async () => {
    await desk.start();
    const one = desk.shown!;
    const say = (state: TrainingState) => {
      desk.training(one.id, state);
      return standingOf(one);
    };
    expect(say(at("loading"))).toMatchObject({ title: "Getting ready …", part: null });
    expect(say(at("loading", { loadedBytes: 3_100_000, totalBytes: 12_400_000 }))).toEqual({
      ...{ title: "Fetching the policy", detail: "3.1 MB of 12.4 MB", part: 0.25 },
    });
    expect(say(at("evaluating", { evaluated: 1, toEvaluate: 4 }))).toEqual({
      ...{ title: "Measuring the start", detail: "1/4 held-out items", part: 0.25 },
    });
    vi.advanceTimersByTime(20_000);
    expect(say(at("evaluating", { evaluated: 3, toEvaluate: 4 })).detail).toBe("3/4 held-out items, about 10 s left");
    desk.events(one.id, made.log);
    expect(say(at("running"))).toEqual({
      ...{ title: "2 steps made", detail: "Next step: 0/2 tasks, 4.0 s a step, measured again in about 10 s", part: 0 },
    });
    expect(say(at("ended"))).toEqual({
      ...{ title: "Ended after 2 steps", part: undefined },
      detail: "A single sample: 45 % at the start, 55 % after 2 steps; the teacher 90 %.",
    });
    expect(say(at("failed", { failure: broken })).title).toBe("It stopped after 2 steps");
  });

  test("tasks of the step under way are counted as their rewards come", async () => {
    const id = await begun();
    const groups = new MadeTraining().lines(0.45, 0.5, 0.6, 0.9).step(0).step(1).score(2, 0.55).step(2).log;
    const one = groups.findIndex((event) => event.type === "group.finished" && event.group === 4);
    desk.events(id, groups.slice(made.log.length, one + 1));
    vi.advanceTimersByTime(200);
    expect(standingOf(desk.shown!)).toMatchObject({
      detail: expect.stringContaining("1/2 tasks") as string,
      part: 1 / 3,
    });
  });

  test("the screen stays awake while it is at it, and no longer", async () => {
    const id = await begun();
    expect(screen.held).toBe(true);
    desk.training(id, at("evaluating"));
    expect(screen.held).toBe(true);
    desk.training(id, at("paused"));
    expect(screen.held).toBe(false);
  });

  test("what cannot be kept is said, and why", async () => {
    const id = await begun();
    desk.unsaved(id, { code: "storage", message: "The disk is full." });
    expect(desk.shown!.unsaved).toBe("The disk is full.");
    desk.unsaved("a run", { code: "storage", message: "Not mine." });
    expect(desk.shown!.unsaved).toBe("The disk is full.");
  });
});

describe("what it is told to do", () => {
  test("pause goes to the worker at once, and is over when it rests", async () => {
    const id = await begun();
    desk.pause();
    expect([types(), desk.shown!.asked]).toEqual([["training.pause"], "pause"]);
    expect(standingOf(desk.shown!).title).toBe("Pausing …");
    desk.training(id, at("paused"));
    expect(desk.shown!.asked).toBeNull();
  });

  test.each([
    ["one step", () => desk.goOn(1), { type: "training.run", steps: 1 }],
    ["to go on", () => desk.goOn(), { type: "training.run", steps: null }],
    ["to go back", () => desk.back(0), { type: "training.back", step: 0 }],
    ["to end", () => desk.end(), { type: "training.end" }],
  ])("%s: it is brought into the worker, where it may be already", async (_, tell, command) => {
    const id = await begun();
    desk.training(id, at("paused"));
    sent = [];
    await tell();
    expect(sent[0]).toMatchObject({ type: "training.continue", training: id, device: "wasm" });
    expect(sent[1]).toEqual(command);
  });

  test("it stays on its device while it goes on; what failed goes on where the page is now", async () => {
    const id = await begun();
    settings.device = "webgpu";
    await desk.goOn(1);
    expect(sent[0]).toMatchObject({ device: "wasm" });
    desk.training(id, at("failed", { failure: broken }));
    await desk.goOn();
    expect(sent.at(-2)).toMatchObject({ type: "training.continue", device: "webgpu" });
  });

  test("asked a question, it is loaded first", async () => {
    await desk.open("a");
    const said = { before: { greedy: "4", samples: [] }, after: { greedy: "5", samples: [] } };
    answers["training.answers"] = () => said;
    const asked = desk.ask("What is 2 + 2?");
    desk.training("a", at("loading"));
    await vi.advanceTimersByTimeAsync(10);
    expect(types()).not.toContain("training.answers");
    desk.training("a", at("paused"));
    expect(await asked).toEqual(said);
  });

  test("a question to one that cannot be loaded is answered by why", async () => {
    await desk.open("a");
    const asked = desk.ask("What is 2 + 2?");
    await vi.advanceTimersByTimeAsync(10);
    desk.training("a", at("failed", { failure: broken }));
    expect(await asked).toBeNull();
    expect(desk.problem).toBe("The two cannot be asked: It is full.");
  });

  test("who waits for it to rest waits until it does", async () => {
    const id = await begun();
    let rested = false;
    const rest = desk.rest().then(() => (rested = true));
    await vi.advanceTimersByTimeAsync(10);
    expect([types(), rested]).toEqual([["training.pause"], false]);
    desk.training(id, at("paused"));
    await rest;
    sent = [];
    await desk.rest();
    expect(sent).toEqual([]);
  });
});

describe("kept ones", () => {
  test("a reload finds the one that was on the screen, as it is in its file", async () => {
    await desk.open("a");
    const again = new TrainingDesk(() => client, settings);
    await again.begin();
    expect([again.shown?.id, again.shown?.steps, again.shown?.phase]).toEqual(["a", 2, "paused"]);
    expect(again.shown?.choice).toMatchObject({ domain: "sums", tasks: 2, evaluateEvery: 2 });
  });

  test("one that is gone meanwhile is not looked for", async () => {
    await desk.open("a");
    answers["trainings.list"] = () => [];
    const again = new TrainingDesk(() => client, settings);
    await again.begin();
    expect([again.shown, again.problem]).toEqual([null, null]);
  });

  test("what the file had when it was opened does not count twice", async () => {
    await desk.open("a");
    await desk.goOn();
    desk.events("a", made.log.slice(-1));
    desk.events("a", [{ type: "rewound", step: 0, seq: made.log.length, atMs: 9e5 }]);
    desk.training("a", at("paused"));
    expect([desk.shown!.steps, desk.shown!.log.rewinds.length]).toEqual([0, 1]);
  });

  test("one that goes on is opened as it is, not from its file", async () => {
    const id = await begun();
    const live = desk.shown;
    desk.close();
    await desk.open(id);
    expect(desk.shown).toBe(live);
    expect(types()).not.toContain("trainings.read");
  });

  test("is compared with another, but not with itself", async () => {
    await begun();
    await desk.compare("a");
    expect(desk.other?.steps).toBe(2);
    await desk.open("a");
    expect([desk.shown?.id, desk.other]).toEqual(["a", null]);
  });

  test("one that cannot be read says so, and the screen stays", async () => {
    await begun();
    const live = desk.shown;
    delete answers["trainings.read"];
    await desk.open("b");
    expect([desk.shown, desk.problem]).toEqual([live, "The training cannot be opened: There is none."]);
  });

  test("is opened as far as it can be read", async () => {
    answers["trainings.read"] = () => `${text}nonsense\n`;
    await desk.open("a");
    expect([desk.shown?.steps, desk.problem]).toEqual([2, expect.stringContaining(`line ${made.log.length + 1}`)]);
  });

  test("is deleted in the worker, and leaves the screen", async () => {
    await desk.open("a");
    answers["trainings.remove"] = () => undefined;
    answers["trainings.list"] = () => [];
    await desk.remove("a");
    expect([desk.shown, desk.kept]).toEqual([null, []]);
  });

  test("one from a file is shown and marked; one that is none is named", async () => {
    answers["trainings.load"] = () => summary("a");
    await desk.load([new File(["zip"], "policy.zip")]);
    expect([desk.loaded, desk.shown?.id, desk.problem]).toEqual(["a", "a", null]);
    delete answers["trainings.load"];
    await desk.load([new File(["no"], "other.zip")]);
    expect(desk.problem).toBe("“other.zip” was not loaded: There is none.");
  });
});

describe("a worker that died", () => {
  test("has failed; what its file says is read before it goes on", async () => {
    await begun();
    desk.gone({ code: "unexpected", message: "It stopped." });
    expect([desk.shown!.phase, desk.live, screen.held]).toEqual(["failed", null, false]);
    // Its last event was not yet in the file.
    answers["trainings.read"] = () => text.split("\n").slice(0, -2).join("\n");
    await desk.goOn();
    expect(types()).toEqual(["trainings.read", "training.continue", "training.run"]);
    expect(desk.shown!.log.scores).toHaveLength(1);
  });

  test("without a training is nothing", () => {
    desk.gone({ code: "unexpected", message: "It stopped." });
    expect(desk.problem).toBeNull();
  });
});
