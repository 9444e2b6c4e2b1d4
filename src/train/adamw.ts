/**
 * @file AdamW (Loshchilov and Hutter, arXiv 1711.05101, Algorithm 2) with clipping of the gradient's norm (Pascanu et al., arXiv 1211.5063,
 * Algorithm 1): settings and rates. The update itself is there twice: cpu-adamw.ts, and in WGSL gpu-adamw.ts.
 * Differences: (1) β₁, β₂ and ε are fixed, to PyTorch's; (2) decay spares vectors, which are norms; (3) the rate is warmed up and then falls, both linearly.
 */
import { ModelError } from "../cat/models.ts";
import type { Feeds, Tensor } from "../engine/ort.ts";
import type { WeightInput } from "../engine/weight-source.ts";

export const BETA1 = 0.9;
export const BETA2 = 0.999;
export const EPSILON = 1e-8;

export interface AdamWSettings {
  /** At its highest. */
  readonly learningRate: number;
  /** Updates until it is reached. */
  readonly warmupUpdates: number;
  /** Updates in all, at the end of which it is 0; `null` keeps it. */
  readonly decayUpdates: number | null;
  readonly weightDecay: number;
  /** A gradient with a larger norm is made as long as this. */
  readonly maxGradNorm: number;
}

/** Moving means of the gradient and of its square, by weight input. */
export type Moments = Readonly<Record<"first" | "second", Readonly<Record<string, Float32Array>>>>;

/** Sums gradients, then changes the weights where they are. */
export interface AdamW {
  /** Where the next run is to write its gradients; `null` where it makes its own. */
  readonly into: Readonly<Record<string, Tensor>> | null;
  /** @param gradients by weight input */
  add(gradients: Feeds): void;
  /**
   * With the sum of what was added since the last update.
   * @returns its norm, before clipping
   * @throws {ModelError} `unexpected` if it is no number; then the weights are as they were
   */
  update(scales: Scales): Promise<number>;
  readMoments(): Promise<Moments>;
  writeMoments(moments: Moments): void;
  dispose(): void;
}

/** What changes from update to update. */
export interface Scales {
  readonly learningRate: number;
  /** 1 − βⁿ, with n the updates so far, this one included. */
  readonly correction1: number;
  readonly correction2: number;
}

/** @param update from 1 */
export function scalesAt(update: number, settings: AdamWSettings): Scales {
  const { learningRate, warmupUpdates, decayUpdates } = settings;
  const up = warmupUpdates === 0 ? 1 : Math.min(1, update / warmupUpdates);
  const left = decayUpdates === null ? 1 : (decayUpdates - update + 1) / (decayUpdates - warmupUpdates);
  return {
    learningRate: learningRate * Math.max(0, Math.min(up, left)),
    correction1: 1 - BETA1 ** update,
    correction2: 1 - BETA2 ** update,
  };
}

/** Decay of one weight. */
export function decayOf({ dims }: WeightInput, { weightDecay }: AdamWSettings): number {
  return dims.length > 1 ? weightDecay : 0;
}

/** @throws {ModelError} `unexpected` */
export function checkNorm(norm: number): number {
  if (Number.isFinite(norm)) return norm;
  const message = `The gradient has the norm ${norm}. Go back to a checkpoint, or choose a lower learning rate.`;
  throw new ModelError("unexpected", message);
}
