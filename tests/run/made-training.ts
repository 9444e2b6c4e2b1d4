/** @file Logs of trainings that never were: any course of scores and figures, in the order in which a session writes it. For tests, and for looking at the charts. */
import type { LoggedEvent, RunEvent, TrainingRecord } from "../../src/run/event.ts";
import { header } from "../cat/run.ts";
import { scripted } from "../scripted.ts";

type StepFigures = Omit<Extract<RunEvent, { type: "step" }>, "type" | "step" | "groups">;

const FIGURES: StepFigures = {
  ...{ loss: 0.01, kl: 0.02, gradNorm: 0.8, rewardMean: 0.5, rewardStd: 0.3, fracRewardZeroStd: 0.25 },
  ...{ entropy: 0.6, meanTokens: 40, clipFraction: 0.01, ms: 4000, checkpoint: null },
};

const RECORD: TrainingRecord = {
  ...{ tasks: 2, kl: 0.01, learningRate: 1e-4, aggregator: "synthesis", rubricFrom: "reference" },
  ...{ anchor: "frozen", reward: "cat", items: 100, evaluateEvery: 10 },
};

/** What each rollout of a group answers, and the reference; the same answer is the same number. */
export interface MadeGroup {
  readonly answers: readonly (number | null)[];
  readonly reference: number | null;
}

const GROUP: MadeGroup = { answers: [4, 4, 5, null], reference: 4 };

export class MadeTraining {
  readonly log: LoggedEvent[] = [];
  readonly #tasks: number;
  #now = 0;

  constructor(record: Partial<TrainingRecord> = {}) {
    const training = { ...RECORD, ...record };
    this.#tasks = training.tasks;
    this.add({ type: "run.started", format: 1, ...header(scripted({})), kind: "train", training });
  }

  add(...events: readonly RunEvent[]): this {
    for (const event of events) this.log.push({ ...event, seq: this.log.length, atMs: this.#now });
    this.#now += 50;
    return this;
  }

  /** The start: scores of the four lines, of 100 items. */
  lines(single: number, greedy: number, majority: number | null, synthesis: number, se = 0.02): this {
    this.score(0, single, se);
    for (const [aggregator, mean] of Object.entries({ greedy, majority, synthesis })) {
      if (mean === null) continue;
      const line = { step: 0, items: 100, score: { mean, se } };
      this.add({ type: "evaluation", ...line, aggregator: aggregator as "greedy" });
    }
    return this;
  }

  /** @param step how many had been made */
  score(step: number, mean: number, se = 0.02): this {
    return this.add({ type: "evaluation", step, items: 100, score: { mean, se } });
  }

  /** @param groups one after the other and again, as many as there are tasks a step */
  step(step: number, figures: Partial<StepFigures> = {}, groups: readonly MadeGroup[] = [GROUP]): this {
    const numbers = Array.from({ length: this.#tasks }, (_, k) => step * this.#tasks + k);
    for (const [k, group] of numbers.entries()) this.add(...groupEvents(group, groups[k % groups.length]!));
    this.#now += 4000;
    return this.add({ type: "step", step, groups: numbers, ...FIGURES, ...figures });
  }

  /** A step that is given up after the first `events` of it. */
  broken(step: number, events: number): this {
    const numbers = Array.from({ length: this.#tasks }, (_, k) => step * this.#tasks + k);
    return this.add(...numbers.flatMap((group) => groupEvents(group, GROUP)).slice(0, events));
  }
}

function groupEvents(group: number, { answers, reference }: MadeGroup): RunEvent[] {
  const prompt = `What is ${group} + 1?`;
  const sent = { messages: [{ role: "user", content: prompt } as const], rendered: prompt, criterion: null };
  const tokens = { tokenIds: [1, 2], logprobs: [-0.1, -0.2], entropies: [0.1, 0.2], margins: [0.5, 0.5] };
  const rewards = answers.map((answer) => (reference === null ? null : Number(answer === reference)));
  return [
    { type: "group.started", group, task: { id: `t-${group}`, prompt, kind: "math" }, size: answers.length },
    { type: "prompt.sent", group, role: "policy", purpose: "rollout", rollout: null, ...sent },
    ...answers.map((answer, rollout): RunEvent => {
      const text = answer === null ? "Well …" : `It is \\boxed{${answer}}`;
      return { type: "rollout.finished", group, rollout, ended: "stop", text, ...tokens, ms: 9 };
    }),
    { type: "prompt.sent", group, role: "anchor", purpose: "synthesis", rollout: null, ...sent },
    {
      ...{ type: "reference.finished", group, aggregator: "synthesis", chosen: null, ended: "stop", tokens: 4, ms: 9 },
      ...{ text: `\\boxed{${reference}}`, extracted: reference === null ? null : String(reference) },
    },
    ...answers.flatMap((answer, rollout): RunEvent[] => {
      const [value = null, normal] = [rewards[rollout], answer === null ? null : String(answer)];
      const equivalent = value === null ? null : value === 1;
      const rule = normal === null ? "no answer in the rollout" : "integers";
      return [
        { type: "equivalence", group, rollout, equivalent, extracted: normal, normal, rule, second: null },
        { type: "reward", group, rollout, value },
      ];
    }),
    {
      type: "group.finished",
      group,
      advantages: rewards.map((value) => (value === null ? null : value - 0.5)),
      ms: { rollouts: 9, synthesis: 9, reward: 1 },
    },
  ];
}
