/**
 * @file A training from step to step: CaT-RL with an evaluation on held-out items every few of them. The evaluation sees labels and the steps do
 * not; nothing flows from the one to the other. Leaves out loading, keeping and showing.
 */
import { HeldOut, type Lines, type Scored } from "../bench/held-out.ts";
import type { Item } from "../bench/item.ts";
import type { CodeRunner, LanguageModel, Stop } from "../cat/models.ts";
import type { Task } from "../cat/types.ts";
import type { RunEvent } from "../run/event.ts";
import { catRlStep } from "../train/cat-rl.ts";
import type { GrpoSettings } from "../train/trainer.ts";
import type { TrainingSettings } from "./protocol.ts";
import type { Trainee } from "./trainee.ts";

export interface TrainingParts {
  readonly trainee: Trainee;
  /** `null` where no task is open. */
  readonly judge: LanguageModel | null;
  readonly runner: CodeRunner;
  /** Label-free. */
  readonly tasks: readonly Task[];
  readonly heldOut: HeldOut;
}

/** How GRPO is set where nobody chooses: v1 Table 1, and verl's clip range. */
export function grpoSettings({ kl, learningRate }: Pick<TrainingSettings, "kl" | "learningRate">): GrpoSettings {
  return {
    ...{ klCoefficient: kl, clipRange: 0.2, averaging: "sequence-mean", epochs: 1, tokensPerRun: 4096 },
    ...{ learningRate, warmupUpdates: 0, decayUpdates: null, weightDecay: 0, maxGradNorm: 1 },
  };
}

/** @param limits see `HeldOut.limits` @param onItem called with how many items are done of an evaluation */
export function heldOutOf(
  items: readonly Item[],
  { trainee, runner }: Pick<TrainingParts, "trainee" | "runner">,
  { rollouts: groupSize, seed }: Pick<TrainingSettings, "rollouts" | "seed">,
  { limits = null, onItem }: { readonly limits?: HeldOut["limits"]; readonly onItem?: (done: number) => void } = {},
): HeldOut {
  const { sampling, maxTokens } = trainee;
  const options = { groupSize, seed, sampling, maxTokens, now: () => performance.now() };
  return new HeldOut(items, runner, { ...options, ...(onItem === undefined ? {} : { onItem }) }, limits);
}

/** The lines that the policy is held against, as `evaluation` events of step 0. */
export async function* evaluateStart(
  { heldOut, trainee }: TrainingParts,
  stop?: Stop,
): AsyncGenerator<RunEvent, Lines> {
  const lines = await heldOut.lines({ policy: trainee.policy, anchor: trainee.initialPolicy }, stop);
  yield evaluation(0, lines.single);
  for (const aggregator of ["greedy", "majority", "synthesis"] as const) {
    const line = lines[aggregator];
    if (line !== null) yield { ...evaluation(0, line), aggregator };
  }
  return lines;
}

/**
 * Steps `from` to `to` − 1; an evaluation after each `evaluateEvery` of them and at the end. Whoever has enough stops asking.
 * @throws {ModelError} as models and trainer; the reason of `stop`
 */
export async function* trainingSteps(
  parts: TrainingParts,
  settings: TrainingSettings,
  { from, to }: { readonly from: number; readonly to: number },
  stop?: Stop,
): AsyncGenerator<RunEvent> {
  for (let step = from; step < to; step++) {
    yield* trainingStep(step, parts, settings, stop);
    const made = step + 1;
    if (made % settings.evaluateEvery === 0 || made === to) yield await evaluatePolicy(made, parts, stop);
  }
}

/** One step, from 0; stopped before its update it has changed nothing. @throws as {@link trainingSteps} */
export function trainingStep(
  step: number,
  { trainee, judge, runner, tasks }: TrainingParts,
  settings: TrainingSettings,
  stop?: Stop,
): AsyncGenerator<RunEvent> {
  const { policy, initialPolicy, trainer, sampling, maxTokens } = trainee;
  const { rollouts: groupSize, tasks: tasksPerStep, seed, aggregator, rubricFrom, reward, lengthPenalty } = settings;
  const anchor = settings.anchor === "frozen" ? initialPolicy : policy;
  const parts = { tasks, roles: { policy, anchor, judge, runner }, learner: trainer, encode: trainee.encode };
  const options = {
    ...{ groupSize, tasksPerStep, seed, sampling, maxTokens, aggregator, rubricFrom },
    ...(reward === "cat" ? {} : { control: reward }),
    ...(lengthPenalty === null ? {} : { lengthPenalty }),
    now: () => performance.now(),
  };
  return catRlStep(step, parts, options, stop);
}

/** @param made how many steps had been made @throws as the models; the reason of `stop` */
export async function evaluatePolicy(
  made: number,
  { trainee, heldOut }: TrainingParts,
  stop?: Stop,
): Promise<Extract<RunEvent, { type: "evaluation" }>> {
  return evaluation(made, await heldOut.single(trainee.policy, stop));
}

/** @param step how many had been made */
function evaluation(step: number, { mean, se, items }: Scored): Extract<RunEvent, { type: "evaluation" }> {
  return { type: "evaluation", step, items, score: { mean: mean!, se: se ?? 0 } };
}
