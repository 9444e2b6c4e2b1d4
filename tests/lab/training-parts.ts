/** @file A training of the random fixture in Node: three sums to learn from, two held out, and made-up rewards, so that there is something to learn. */
import type { Item } from "../../src/bench/item.ts";
import type { Task } from "../../src/cat/types.ts";
import type { ModelFiles } from "../../src/engine/model-files.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import type { LoadedTraining } from "../../src/lab/loaded-training.ts";
import type { Failure, TrainingChoice, TrainingPhase, TrainingState } from "../../src/lab/protocol.ts";
import { createTrainee, type Trainee } from "../../src/lab/trainee.ts";
import { grpoSettings } from "../../src/lab/training.ts";
import { type SessionParts, TrainingSession } from "../../src/lab/training-session.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { RANDOM_ENTRY } from "../engine/random-entry.ts";
import { randomLlama } from "../engine/random-llama.ts";
import { failureOf } from "../../src/lab/failure.ts";

export const CHOICE: TrainingChoice = {
  ...{ domain: "sums", seed: 7, rollouts: 3, tasks: 2, items: 2, evaluateEvery: 2, lengthPenalty: 400 },
  ...{
    kl: 0.01,
    learningRate: 1e-3,
    aggregator: "majority",
    rubricFrom: "reference",
    anchor: "frozen",
    reward: "cat",
  },
};

const task = (k: number): Task & { readonly kind: "math" } => ({
  id: `t-${k}`,
  prompt: `What is ${k} + 3?`,
  kind: "math",
});
const TASKS = [1, 2, 3].map(task);
const ITEMS: readonly Item[] = [8, 9].map((k) => {
  return { task: task(k), label: { answer: String(k + 3), slip: 0, misread: 0 } };
});

/** Short answers, since they are noise. */
function fixtureFiles(): ModelFiles {
  const { records, bytes } = randomLlama({ salt: "train" });
  const generation = new TextEncoder().encode(JSON.stringify({ eos_token_id: 256, max_new_tokens: 6 }));
  return { records, bytes: new Map([...bytes, ["generation_config.json", generation]]) };
}

export interface TestTraining {
  readonly events: readonly LoggedEvent[];
  readonly states: readonly TrainingState[];
  readonly unsaved: readonly Failure[];
  /** Of the last load. */
  readonly loaded: LoadedTraining | null;
  loads: number;
  renewals: number;
  /** Thrown in place of the next updates of the policy. */
  readonly breaks: Error[];
  readonly parts: SessionParts;
  /** After the state is of that phase again, from now on. */
  next(phase: TrainingPhase): Promise<TrainingState>;
}

/** Everything that a session posts, and the means to disturb it. */
export function testTraining(): TestTraining {
  const events: LoggedEvent[] = [];
  const states: TrainingState[] = [];
  const unsaved: Failure[] = [];
  let waiting: { readonly phase: TrainingPhase; readonly done: (state: TrainingState) => void }[] = [];
  const test = {
    ...{ events, states, unsaved, loads: 0, renewals: 0, breaks: [] as Error[] },
    loaded: null as LoadedTraining | null,
    parts: {
      load: async () => {
        test.loads++;
        let trainee = await made(test.breaks);
        const runner = createNodeRunner();
        test.loaded = {
          get trainee() {
            return trainee;
          },
          ...{ judge: null, runner, tasks: TASKS, items: ITEMS, adapter: null },
          onNotice: () => undefined,
          async renew() {
            test.renewals++;
            await trainee.dispose();
            trainee = await made(test.breaks);
          },
          rest: () => undefined,
          async dispose() {
            await trainee.dispose();
            await runner.dispose();
          },
        };
        return test.loaded;
      },
      turn: () => Promise.resolve(),
      now: () => performance.now(),
      listener: {
        events: (more: readonly LoggedEvent[]) => void events.push(...more),
        unsaved: (error: unknown) => void unsaved.push(failureOf(error)),
        state: (state: TrainingState) => {
          states.push(state);
          for (const { phase, done } of waiting) if (phase === state.phase) done(state);
          waiting = waiting.filter(({ phase }) => phase !== state.phase);
        },
      },
    },
    next: (phase: TrainingPhase) => new Promise<TrainingState>((done) => waiting.push({ phase, done })),
  };
  return test;
}

async function made(breaks: Error[]): Promise<Trainee> {
  const trainee = await createTrainee(await nodeRuntime(), fixtureFiles(), RANDOM_ENTRY, grpoSettings(CHOICE));
  const { trainer } = trainee;
  const step = trainer.step.bind(trainer);
  trainer.step = (groups) => {
    const error = breaks.shift();
    if (error !== undefined) return Promise.reject(error);
    // It says noise, which no reference agrees with.
    return step(groups.map((group) => ({ ...group, rewards: group.rollouts.map((_, i) => i % 2) })));
  };
  return trainee;
}

export const PLACE = { device: "auto", base: "http://page.test/" } as const;

export function begin(test: TestTraining, choice: Partial<TrainingChoice> = {}, id = "t"): TrainingSession {
  return TrainingSession.begin(id, { ...CHOICE, ...choice }, PLACE, test.parts);
}

/** Steps and evaluations, without what differs from one run to the next. */
export function trajectory(events: readonly LoggedEvent[]): unknown[] {
  return events.flatMap((event) => {
    if (event.type !== "step" && event.type !== "evaluation" && event.type !== "rewound") return [];
    const { seq: _, atMs: __, ...rest } = event;
    return [{ ...rest, ms: 0 }];
  });
}
