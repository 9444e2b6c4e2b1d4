/** @file What the trainer does on a device, as plain data that node tests compare: statistics, log-probabilities, a resumed training. */
import { weightFile } from "../../src/engine/load-decoder.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { score } from "../../src/engine/score.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { WeightSet } from "../../src/engine/weight-set.ts";
import { GrpoTrainer, type StepStatistics } from "../../src/train/trainer.ts";
import { batchOf, fixtureFiles, openPolicy, type Policy, SETTINGS } from "./fixture.ts";

type Steps = readonly Omit<StepStatistics, "ms">[];

export interface TrainFindings {
  /** Two steps, and the last again from the checkpoint after the first. */
  readonly steps: Steps;
  readonly resumed: Steps;
  /** Before and after, by the sampling session and by the trainer's own forward. */
  readonly sampled: readonly [before: readonly number[], after: readonly number[]];
  readonly forward: readonly [before: readonly number[], after: readonly number[]];
  /** By a set of weights that was filled from the last checkpoint's file. */
  readonly reopened: readonly number[];
  /** The message of a step whose gradient is no number, and the log-probabilities after it. */
  readonly refused: string;
  readonly afterRefused: readonly number[];
}

const TEXT = { prompt: "One bag", continuation: " holds 12 pens." };

/** As the sampling session has them. */
export async function sampledLogprobs(policy: Policy, files = fixtureFiles()): Promise<readonly number[]> {
  const session = Session.withWeights(policy.graph, policy.policy);
  const [scores] = await score({ session, tokenizer: new Tokenizer(files), contextLength: 400 }, [TEXT]);
  return scores!.logprobs;
}

/** As the trainer has them. */
export async function forwardLogprobs(
  trainer: GrpoTrainer,
  weights: WeightSet,
  files = fixtureFiles(),
): Promise<readonly number[]> {
  const tokenizer = new Tokenizer(files);
  const [prompt, completion] = [TEXT.prompt, TEXT.continuation].map((text) => tokenizer.encode(text));
  const [row] = await trainer.logprobs([{ prompt: prompt!, completion: completion! }], weights);
  return [...row!];
}

export async function trainSuite(runtime: Runtime): Promise<TrainFindings> {
  const policy = await openPolicy(runtime);
  // One epoch: a software adapter takes half a second a run.
  const trainer = await GrpoTrainer.create(policy, { ...SETTINGS, epochs: 1 });
  const both = async () => [await sampledLogprobs(policy), await forwardLogprobs(trainer, policy.policy)] as const;
  const before = await both();
  const steps = [await step(trainer)];
  const checkpoint = await trainer.checkpoint();
  steps.push(await step(trainer));
  const after = await both();
  await trainer.restore(checkpoint);
  const resumed = [await step(trainer)];
  const last = await trainer.checkpoint();
  const files = fixtureFiles();
  const reopenedFiles = { ...files, bytes: new Map([...files.bytes, ["model.safetensors", last.weights]]) };
  const weights = await WeightSet.create(runtime, policy.inputs, weightFile(reopenedFiles));
  const reopened = await forwardLogprobs(trainer, weights);
  weights.dispose();
  const noNumbers = batchOf().map((group) => {
    return { ...group, rollouts: group.rollouts.map((one) => ({ ...one, logprobs: one.logprobs.map(() => NaN) })) };
  });
  const refused = await trainer.step(noNumbers).then(
    () => "",
    (error: unknown) => (error as Error).message,
  );
  const afterRefused = await forwardLogprobs(trainer, policy.policy);
  await trainer.dispose();
  await policy.dispose();
  return {
    ...{ steps, resumed, reopened, refused, afterRefused },
    sampled: [before[0], after[0]],
    forward: [before[1], after[1]],
  };
}

async function step(trainer: GrpoTrainer) {
  const { ms: _, ...statistics } = await trainer.step(batchOf());
  return statistics;
}
