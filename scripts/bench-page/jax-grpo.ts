/**
 * @file GRPO on a Llama in jax-js, an independent library: the arithmetic of src/train by other hands' operators, gradients and AdamW. For the
 * gradient's test and `bench train`. Leaves out joined projections. A function of jax-js consumes its arrays; `.ref` keeps one.
 */
import { type Array as JaxArray, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import type { WeightInput } from "../../src/engine/weight-source.ts";
import type { Objective } from "../../src/cat/grpo.ts";
import type { AdamWSettings } from "../../src/train/adamw.ts";
import type { TrainRow } from "../../src/train/batch.ts";
import type { LlamaConfig } from "../../src/train/llama-config.ts";

type Arrays = Record<string, JaxArray>;

export interface JaxModel {
  readonly config: LlamaConfig;
  readonly inputs: readonly WeightInput[];
  readonly objective: Objective;
}

/** @throws Error if the browser has no such device */
export async function openJax(device: "wasm" | "webgpu"): Promise<void> {
  const devices = await init(device);
  if (!devices.includes(device)) throw new Error(`jax-js has no ${device} here`);
  defaultDevice(device);
}

export function jaxArrays(data: Readonly<Record<string, Float32Array>>, inputs: readonly WeightInput[]): Arrays {
  return Object.fromEntries(
    inputs.map(({ name, dims }) => [name, np.array(new Float32Array(data[name]!), { shape: [...dims] })]),
  );
}

/** All rows padded to the longest. @param initial [rows][completion] */
export function jaxBatch(
  rows: readonly TrainRow[],
  initial: readonly Float32Array[],
  { headSize, theta }: LlamaConfig,
): Arrays {
  const length = Math.max(...rows.map(({ prompt, completion }) => prompt.length + completion.length - 1));
  const tokens = new Int32Array(rows.length * length);
  const positions: number[] = [];
  for (const [row, { prompt, completion }] of rows.entries()) {
    tokens.set([...prompt, ...completion.slice(0, -1)], row * length);
    for (const i of completion.keys()) positions.push(row * length + prompt.length - 1 + i);
  }
  const half = headSize / 2;
  const table = (f: (angle: number) => number): JaxArray => {
    const angles = Float32Array.from({ length: length * half }, (_, i) => {
      return f(Math.floor(i / half) * theta ** ((-2 * (i % half)) / headSize));
    });
    return np.array(angles, { shape: [1, length, 1, half] });
  };
  const ints = (values: readonly number[]): JaxArray => np.array(Int32Array.from(values), { dtype: np.int32 });
  const floats = (values: (row: TrainRow, i: number) => Iterable<number>): JaxArray =>
    np.array(Float32Array.from(rows.flatMap((row, i) => [...values(row, i)])));
  return {
    tokens: np.array(tokens, { shape: [rows.length, length], dtype: np.int32 }),
    positions: ints(positions),
    targets: ints(rows.flatMap(({ completion }) => completion)),
    cos: table(Math.cos),
    sin: table(Math.sin),
    old: floats(({ oldLogprobs }) => oldLogprobs),
    initial: floats((_, i) => initial[i]!),
    advantages: floats(({ completion, advantage }) => completion.map(() => advantage)),
    weights: floats(({ completion, weight }) => completion.map(() => weight)),
  };
}

/** @returns the loss, and its gradient by weight input */
export function jaxLossAndGradient(model: JaxModel) {
  return valueAndGrad((weights: Arrays, batch: Arrays) => loss(model, weights, batch));
}

/** One program: loss, gradient, clipping, AdamW. */
export function jaxStep(model: JaxModel, { weightDecay, maxGradNorm }: AdamWSettings) {
  const gradient = jaxLossAndGradient(model);
  const decays = new Set(model.inputs.filter(({ dims }) => dims.length > 1).map(({ name }) => name));
  return jit((weights: Arrays, first: Arrays, second: Arrays, batch: Arrays, scales: Arrays) => {
    const [value, raw] = gradient(tree.ref(weights), batch);
    const squares = Object.values(tree.ref(raw)).map((g) => np.square(g).sum());
    const norm = np.sqrt(squares.reduce((sum, one) => sum.add(one)));
    const scale = np.minimum(np.reciprocal(norm.ref).mul(maxGradNorm), 1);
    const next: Record<"weights" | "first" | "second", Arrays> = { weights: {}, first: {}, second: {} };
    for (const name of Object.keys(weights)) {
      const g = raw[name]!.mul(scale.ref);
      const m = first[name]!.mul(0.9).add(g.ref.mul(0.1));
      const v = second[name]!.mul(0.999).add(np.square(g).mul(0.001));
      const unit = m.ref.div(scales["correction1"]!.ref).div(np.sqrt(v.ref.div(scales["correction2"]!.ref)).add(1e-8));
      const w = weights[name]!;
      const change = decays.has(name) ? unit.add(w.ref.mul(weightDecay)) : unit;
      next.weights[name] = w.sub(change.mul(scales["learningRate"]!.ref));
      next.first[name] = m;
      next.second[name] = v;
    }
    scale.dispose();
    for (const one of Object.values(scales)) one.dispose();
    return { ...next, loss: value, norm };
  });
}

function loss({ config, inputs, objective }: JaxModel, weights: Arrays, batch: Arrays): JaxArray {
  const { clipRange, klCoefficient } = objective;
  const logprobs = tokenLogprobs(config, inputs, weights, batch);
  const ratio = np.exp(logprobs.ref.sub(batch["old"]!));
  const advantages = batch["advantages"]!;
  const clipped = np.clip(ratio.ref, 1 - clipRange, 1 + clipRange).mul(advantages.ref);
  const surrogate = np.minimum(ratio.mul(advantages), clipped);
  const away = batch["initial"]!.sub(logprobs);
  const kl = np.exp(away.ref).sub(away).sub(1);
  return surrogate.sub(kl.mul(klCoefficient)).mul(batch["weights"]!).sum().mul(-1);
}

function tokenLogprobs(
  { layers, heads, kvHeads, headSize, epsilon }: LlamaConfig,
  inputs: readonly WeightInput[],
  weights: Arrays,
  { tokens, positions, targets, cos, sin }: Arrays,
): JaxArray {
  const transposed = new Set(inputs.filter((input) => input.transposed).map(({ name }) => name));
  const [rows, length] = tokens!.shape as [number, number];
  const linear = (x: JaxArray, name: string): JaxArray => {
    const w = weights[name]!;
    return np.matmul(x, transposed.has(name) ? w : w.transpose());
  };
  const norm = (x: JaxArray, name: string): JaxArray => {
    const mean = np.square(x.ref).mean(-1, { keepdims: true });
    return x.div(np.sqrt(mean.add(epsilon))).mul(weights[name]!);
  };
  const turned = (x: JaxArray): JaxArray => {
    const [a, b] = np.split(x, 2, -1) as [JaxArray, JaxArray];
    const left = a.ref.mul(cos!.ref).sub(b.ref.mul(sin!.ref));
    return np.concatenate([left, a.mul(sin!.ref).add(b.mul(cos!.ref))], -1);
  };
  const embedding = weights["model.embed_tokens.weight"]!;
  const isTied = weights["lm_head.weight"] === undefined;
  let x = (isTied ? embedding.ref : embedding).slice(tokens!);
  for (let layer = 0; layer < layers; layer++) {
    const own = (name: string): string => `model.layers.${layer}.${name}.weight`;
    const h = norm(x.ref, own("input_layernorm"));
    const split = (y: JaxArray, count: number): JaxArray => y.reshape([rows, length, count, headSize]);
    const q = turned(split(linear(h.ref, own("self_attn.q_proj")), heads));
    const k = turned(split(linear(h.ref, own("self_attn.k_proj")), kvHeads));
    const v = split(linear(h, own("self_attn.v_proj")), kvHeads);
    const attended = nn.dotProductAttention(q, k, v, { isCausal: true }).reshape([rows, length, heads * headSize]);
    x = x.add(linear(attended, own("self_attn.o_proj")));
    const wide = norm(x.ref, own("post_attention_layernorm"));
    const gate = nn.silu(linear(wide.ref, own("mlp.gate_proj")));
    x = x.add(linear(gate.mul(linear(wide, own("mlp.up_proj"))), own("mlp.down_proj")));
  }
  cos!.dispose();
  sin!.dispose();
  const width = x.shape.at(-1)!;
  // The head where a token is asked for, as ours.
  const picked = norm(x.reshape([rows * length, width]).slice(positions!), "model.norm.weight");
  const logits = isTied ? np.matmul(picked, embedding.transpose()) : linear(picked, "lm_head.weight");
  const [count, classes] = logits.shape as [number, number];
  const total = nn.logsumexp(logits.ref, -1);
  const hit = np.arange(classes).equal(targets!.reshape([count, 1]));
  return np.where(hit, logits, 0).sum(-1).sub(total);
}
