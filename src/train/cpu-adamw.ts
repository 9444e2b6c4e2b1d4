/** @file AdamW in plain TypeScript, for wasm and Node, and the oracle of gpu-adamw.ts. Leaves out the algorithm's settings (adamw.ts). */
import type { Feeds } from "../engine/ort.ts";
import type { WeightInput } from "../engine/weight-source.ts";
import {
  type AdamW,
  type AdamWSettings,
  BETA1,
  BETA2,
  checkNorm,
  decayOf,
  EPSILON,
  type Moments,
  type Scales,
} from "./adamw.ts";

export class CpuAdamW implements AdamW {
  readonly into = null;
  readonly #inputs: readonly WeightInput[];
  readonly #weights: Feeds;
  readonly #settings: AdamWSettings;
  readonly #moments: Moments;
  readonly #sum = new Map<string, Float32Array>();

  /** @param weights changed by each update; stay their owner's */
  constructor(inputs: readonly WeightInput[], weights: Feeds, settings: AdamWSettings) {
    this.#inputs = inputs;
    this.#weights = weights;
    this.#settings = settings;
    const zeros = (): Record<string, Float32Array> =>
      Object.fromEntries(inputs.map(({ name }) => [name, new Float32Array(weights[name]!.size)]));
    this.#moments = { first: zeros(), second: zeros() };
  }

  add(gradients: Feeds): void {
    for (const { name } of this.#inputs) {
      const more = gradients[name]!.data as Float32Array;
      const sum = this.#sum.get(name);
      if (sum === undefined) this.#sum.set(name, more);
      else for (let i = 0; i < sum.length; i++) sum[i]! += more[i]!;
    }
  }

  // Asynchronous, so that it fails as its twin does.
  // eslint-disable-next-line @typescript-eslint/require-await
  async update(scales: Scales): Promise<number> {
    let squares = 0;
    for (const sum of this.#sum.values()) for (const g of sum) squares += g * g;
    const norm = checkNorm(Math.sqrt(squares));
    const scale = Math.min(1, this.#settings.maxGradNorm / norm);
    for (const input of this.#inputs) {
      const { name } = input;
      const data = {
        weights: this.#weights[name]!.data as Float32Array,
        gradients: this.#sum.get(name)!,
        first: this.#moments.first[name]!,
        second: this.#moments.second[name]!,
      };
      updateWeights(data, { ...scales, scale, decay: decayOf(input, this.#settings) });
    }
    this.#sum.clear();
    return norm;
  }

  readMoments(): Promise<Moments> {
    return Promise.resolve(structuredClone(this.#moments));
  }

  writeMoments(moments: Moments): void {
    for (const { name } of this.#inputs) {
      this.#moments.first[name]!.set(moments.first[name]!);
      this.#moments.second[name]!.set(moments.second[name]!);
    }
  }

  dispose(): void {
    this.#sum.clear();
  }
}

type Arrays = Readonly<Record<"weights" | "gradients" | "first" | "second", Float32Array>>;

function updateWeights(
  { weights, gradients, first, second }: Arrays,
  { scale, decay, learningRate, correction1, correction2 }: Scales & { readonly scale: number; readonly decay: number },
): void {
  for (let i = 0; i < weights.length; i++) {
    const g = gradients[i]! * scale;
    const m = BETA1 * first[i]! + (1 - BETA1) * g;
    const v = BETA2 * second[i]! + (1 - BETA2) * g * g;
    first[i] = m;
    second[i] = v;
    const step = m / correction1 / (Math.sqrt(v / correction2) + EPSILON);
    weights[i]! -= learningRate * (step + decay * weights[i]!);
  }
}
