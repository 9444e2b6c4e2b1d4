/** @file GRPO steps on the fixture, in Node and on wasm: in place, resumable, alike in batches and alone; and they teach. */
import { afterEach, expect, test } from "vitest";
import { generate } from "../../src/engine/generate.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { type TrainGroup, trainRows } from "../../src/train/batch.ts";
import { type GrpoSettings, GrpoTrainer } from "../../src/train/trainer.ts";
import { kittenFiles } from "../engine/kitten.ts";
import { wasmRuntime } from "../engine/ort-wasm.ts";
import { batchOf, fixtureFiles, openPolicy, type Policy, SETTINGS } from "./fixture.ts";
import { expectClose, expectSameTraining, expectTrained } from "./judge-suite.ts";
import { forwardLogprobs, sampledLogprobs, trainSuite } from "./suite.ts";

const runtime = await nodeRuntime();
const opened: { dispose(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.dispose();
});

async function training(settings: Partial<GrpoSettings> = {}, files = fixtureFiles()) {
  const policy = await openPolicy(runtime, files);
  opened.push(policy);
  const trainer = await GrpoTrainer.create(policy, { ...SETTINGS, ...settings });
  opened.push(trainer);
  return { policy, trainer };
}

function numbersOf({ policy }: Policy): number[] {
  return Object.values(policy.feeds()).flatMap(({ data }) => [...(data as Float32Array)]);
}

test("Node and wasm: trained in place, resumed, saved, and never with a gradient that is no number", async () => {
  const found = await trainSuite(runtime);
  expectTrained(found);
  const onWasm = await trainSuite(await wasmRuntime());
  expectTrained(onWasm);
  expectSameTraining(onWasm, found);
});

test("the same batches give the same weights, bit by bit", async () => {
  const weights: number[][] = [];
  for (let run = 0; run < 2; run++) {
    const { policy, trainer } = await training();
    await trainer.step(batchOf());
    await trainer.step(batchOf());
    weights.push(numbersOf(policy));
  }
  expect(weights[0]).toEqual(weights[1]);
});

test.each(["sequence-mean", "token-mean"] as const)(
  "rows one by one give what they give together: %s",
  async (averaging) => {
    const trained: number[][] = [];
    for (const tokensPerRun of [1, 1024]) {
      const { policy, trainer } = await training({ tokensPerRun, averaging });
      const { gradNorm } = await trainer.step(batchOf());
      trained.push([gradNorm, ...(await forwardLogprobs(trainer, policy.policy))]);
    }
    expectClose(trained[0]!, trained[1]!, 2e-4);
  },
);

test("without spread nothing changes, and it is counted", async () => {
  const { policy, trainer } = await training();
  const before = numbersOf(policy);
  const flat = batchOf().map((group) => ({ ...group, rewards: group.rewards.map(() => 1) }));
  const { fracRewardZeroStd, gradNorm, loss, rewardMean } = await trainer.step(flat);
  expect({ fracRewardZeroStd, gradNorm, loss, rewardMean }).toEqual({
    ...{ fracRewardZeroStd: 1, gradNorm: 0, loss: 0, rewardMean: 1 },
  });
  expect(numbersOf(policy)).toEqual(before);
  expect(trainer.updates).toBe(0);
});

test("a rollout without a reward teaches nothing, whatever it says", async () => {
  const trained: number[][] = [];
  for (const tokenIds of [[1], [200, 3, 7, 9]]) {
    const { policy, trainer } = await training({ epochs: 1 });
    const [first, ...rest] = batchOf();
    const rollouts = first!.rollouts.map((rollout, i) =>
      first!.rewards[i] === null ? { tokenIds, logprobs: tokenIds.map(() => -1), entropies: [] } : rollout,
    );
    await trainer.step([{ ...first!, rollouts }, ...rest]);
    trained.push(numbersOf(policy));
  }
  expect(trained[0]).toEqual(trained[1]);
});

test("the initial policy is asked with a KL coefficient alone, holds back, and is left as it is", async () => {
  const far: number[] = [];
  for (const klCoefficient of [0, 2]) {
    const { policy, trainer } = await training({ klCoefficient, averaging: "token-mean", epochs: 4 });
    const initial = await forwardLogprobs(trainer, policy.initialPolicy);
    for (let i = 0; i < 3; i++) expect((await trainer.step(batchOf())).kl === null).toBe(klCoefficient === 0);
    expect(await forwardLogprobs(trainer, policy.initialPolicy)).toEqual(initial);
    const rows = trainRows(batchOf(), "token-mean");
    const [now, start] = [
      await trainer.logprobs(rows, policy.policy),
      await trainer.logprobs(rows, policy.initialPolicy),
    ];
    far.push(
      now.flatMap((row, i) => Array.from(row, (one, t) => Math.abs(one - start[i]![t]!))).reduce((a, b) => a + b),
    );
  }
  expect(far[1]!).toBeLessThan(far[0]! / 2);
  const policy = await openPolicy(runtime);
  opened.push(policy);
  const without = GrpoTrainer.create({ ...policy, initialPolicy: null }, SETTINGS);
  await expect(without).rejects.toThrow("klCoefficient is 0.05: give initialPolicy");
});

test("kitten: forward and sampling agree, before and after a step", async () => {
  const { files } = await kittenFiles("kitten");
  const { policy, trainer } = await training({ epochs: 1, learningRate: 1e-4, warmupUpdates: 0 }, files);
  const agree = async (): Promise<readonly number[]> => {
    const forward = await forwardLogprobs(trainer, policy.policy, files);
    expectClose(forward, await sampledLogprobs(policy, files), 5e-5);
    return forward;
  };
  const before = await agree();
  await trainer.step(batchOf());
  const after = await agree();
  expect(Math.max(...after.map((logprob, i) => Math.abs(logprob - before[i]!)))).toBeGreaterThan(0.01);
});

test("a policy that is sampled and trained under one set of weights learns what is rewarded", async () => {
  const { policy, trainer } = await training({ klCoefficient: 0, epochs: 1, learningRate: 1e-3, warmupUpdates: 0 });
  const session = Session.withWeights(policy.graph, policy.policy);
  const decoder = { session, tokenizer: new Tokenizer(fixtureFiles()), contextLength: 400 };
  const means: number[] = [];
  for (let step = 0; step < 12; step++) {
    const groups = ["one", "two"].map((prompt) => ({ prompt, rows: Array.from({ length: 8 }, (): Drawn[] => []) }));
    const requests = groups.map(({ prompt }, group) => ({
      ...{ prompt, n: 8, maxTokens: 4, sampling: { temperature: 1, topK: null, topP: null } },
      noise: { seed: step, group, purpose: "rollout", rollout: 0 } as const,
    }));
    for await (const token of generate(decoder, requests)) {
      if (token.token >= 0) groups[token.request]!.rows[token.row]!.push(token);
    }
    const batch = groups.map(({ prompt, rows }): TrainGroup => {
      return { prompt: decoder.tokenizer.encode(prompt), rollouts: rows.map(rollout), rewards: rows.map(reward) };
    });
    means.push((await trainer.step(batch)).rewardMean!);
  }
  const late = means.slice(-4).reduce((sum, one) => sum + one, 0) / 4;
  expect(means[0]).toBeLessThan(0.2);
  expect(late).toBeGreaterThan(0.55);
});

interface Drawn {
  readonly token: number;
  readonly logprob: number;
  readonly entropy: number;
}

function rollout(row: readonly Drawn[]): TrainGroup["rollouts"][number] {
  return {
    tokenIds: row.map(({ token }) => token),
    logprobs: row.map(({ logprob }) => logprob),
    entropies: row.map(({ entropy }) => entropy),
  };
}

/** Share of tokens in the lower quarter of the bytes. */
function reward(row: readonly Drawn[]): number {
  return row.filter(({ token }) => token < 64).length / row.length;
}
