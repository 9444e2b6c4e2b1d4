/**
 * @file `bench engine` on a page: the same weights and tokens through transformers.js's `generate()` and through our engine, case after case,
 * pair after pair, so that what disturbs one disturbs the other. Leaves out what the times mean (bench-engine.ts).
 */
import type { GenerateRequest } from "../../src/cat/models.ts";
import { runBatch } from "../../src/engine/run-batch.ts";
import { decideTokens } from "../../src/engine/decide.ts";
import { OrtSession } from "../../src/engine/ort.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { type BenchedModel, CASES, type CaseName, type EngineRequest } from "./cases.ts";
import { openRuntime } from "./open-runtime.ts";
import { loadPeer } from "./peer.ts";
import { type Watched, watchGpu } from "./watch-gpu.ts";

const base = new URL("./", location.href).href;

async function loadOurs({ id, paths }: BenchedModel, runtime: Runtime): Promise<Session> {
  const bytes = new Map<string, Uint8Array>();
  for (const path of paths) {
    const response = await fetch(`${base}models/${id}/${path}`);
    bytes.set(path, new Uint8Array(await response.arrayBuffer()));
  }
  return Session.create(runtime, { records: [], bytes });
}

globalThis.benchEngineHere = async (asked) => {
  const { device, rollouts, pairs, newTokens, prompt, cells, choices, run } = asked;
  const runtime = await openRuntime(device);
  const watched = runtime.gpu === null ? null : watchGpu(runtime.gpu);
  const same = asked.policy.id === asked.judge.id;
  const policy = await loadOurs(asked.policy, runtime);
  const judge = same ? policy : await loadOurs(asked.judge, runtime);
  const policyPeer = await loadPeer(asked.policy, runtime);
  const judgePeer = same ? policyPeer : await loadPeer(asked.judge, runtime);
  const drawn = { max_new_tokens: newTokens, min_new_tokens: newTokens, do_sample: true, temperature: 1, top_k: 0 };
  const once = { max_new_tokens: 1, do_sample: false };
  const batch = (n: number, first: number, ahead: boolean) => rollOut(policy, asked, { n, first, ahead });
  const several = async (all: number, made: number, one: (index: number) => Promise<unknown>): Promise<number> => {
    for (let index = 0; index < made; index++) await one(index);
    return all / made;
  };
  const matrix = cells.slice(0, run.matrix);
  const sameTimes = (n: number) => Array.from({ length: n }, () => prompt);
  /** @returns how many times as long as measured it would have taken in full */
  const work: Record<CaseName, () => Promise<number>> = {
    tjsSequential: () => several(rollouts, run.rollouts, () => policyPeer.generate([prompt], drawn)),
    tjsBatch: async () => (await policyPeer.generate(sameTimes(rollouts), drawn), 1),
    oursSequential: () => several(rollouts, run.rollouts, (index) => batch(1, index, true)),
    ours: async () => (await batch(rollouts, 0, false), 1),
    oursPipelined: async () => (await batch(rollouts, 0, true), 1),
    judgePerCell: () =>
      several(cells.length, run.cells, (index) => judgePeer.generate([cells[(index * 7) % cells.length]!], once)),
    judgeMatrix: async () => (await decideTokens(judge, { prompts: matrix, choices }), cells.length / matrix.length),
  };
  const seconds = Object.fromEntries(CASES.map((name) => [name, [] as number[]])) as Record<CaseName, number[]>;
  // Once in vain: pipelines are compiled at first use.
  const brief = { ...drawn, max_new_tokens: 2, min_new_tokens: 2 };
  for (const n of [1, rollouts]) {
    await policyPeer.generate(sameTimes(n), brief);
    await batch(n, 0, true);
  }
  await judgePeer.generate([cells[0]!], once);
  await decideTokens(judge, { prompts: matrix, choices });

  for (let pair = 0; pair < pairs; pair++) {
    for (const name of CASES) {
      const start = performance.now();
      const times = await work[name]();
      seconds[name].push((times * (performance.now() - start)) / 1000);
      globalThis.benchProgress((pair + (CASES.indexOf(name) + 1) / CASES.length) / pairs);
    }
  }
  const cost = watched === null ? null : await costOf(watched, asked, () => batch(rollouts, 0, false));
  await policyPeer.dispose();
  if (!same) await judgePeer.dispose();
  await policy.dispose();
  if (!same) await judge.dispose();
  const { bytesPerRowStep = null, jsMsPerStep = null, liveBuffers = null } = cost ?? {};
  return { adapter: runtime.adapter, seconds, bytesPerRowStep, jsMsPerStep, liveBuffers };
};

/** Draws `n` answers of the asked length to the prompt, and throws if they were not. */
async function rollOut(
  session: Session,
  { prompt, newTokens }: EngineRequest,
  { n, first, ahead }: { n: number; first: number; ahead: boolean },
): Promise<void> {
  const request: GenerateRequest = {
    ...{ prompt: "", n, maxTokens: newTokens, sampling: { temperature: 1, topK: null, topP: null } },
    noise: { seed: 1, group: 0, purpose: "rollout", rollout: first },
  };
  const job = { index: 0, request, prompt, endTokens: new Set<number>(), maxTokens: newTokens, vocabulary: null };
  let tokens = 0;
  const plan = { rows: n, tokens: prompt.length + newTokens };
  for await (const { token } of runBatch(session, [job], plan, { ahead })) tokens += Number(token >= 0);
  if (tokens !== n * newTokens) throw new Error(`${tokens} tokens came instead of ${n * newTokens}`);
}

/** What one batched run takes besides time. Not ahead, so that ONNX Runtime's calls and the waits for the GPU do not overlap. */
async function costOf(watched: Watched, { rollouts, newTokens }: EngineRequest, run: () => Promise<void>) {
  const original = Object.getOwnPropertyDescriptor(OrtSession.prototype, "run")!.value as OrtSession["run"];
  let ran = 0;
  OrtSession.prototype.run = async function (...parameters) {
    const start = performance.now();
    try {
      return await original.apply(this, parameters);
    } finally {
      ran += performance.now() - start;
    }
  };
  const before = { live: watched.live.size, bytes: watched.bytesRead, waited: watched.msWaited };
  const start = performance.now();
  await run();
  const took = performance.now() - start;
  OrtSession.prototype.run = original;
  return {
    bytesPerRowStep: (watched.bytesRead - before.bytes) / (rollouts * newTokens),
    jsMsPerStep: (took - ran - (watched.msWaited - before.waited)) / newTokens,
    liveBuffers: watched.live.size - before.live,
  };
}
