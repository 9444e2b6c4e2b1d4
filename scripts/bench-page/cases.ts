/** @file What `bench engine` asks of its page, and what it gets: plain data for both sides. */
import type { AdapterRecord } from "../../src/run/event.ts";

/** A model that both engines load from the page's own server. */
export interface BenchedModel {
  /** Its folder below models/. */
  readonly id: string;
  /** As transformers.js names the export. */
  readonly dtype: "q8" | "q4";
  /** The export's files and config.json, in the folder. */
  readonly paths: readonly string[];
}

export interface EngineRequest {
  readonly device: "wasm" | "webgpu";
  readonly rollouts: number;
  readonly pairs: number;
  /** Tokens of each answer; nothing ends one sooner. */
  readonly newTokens: number;
  readonly policy: BenchedModel;
  readonly judge: BenchedModel;
  /** Tokens of the policy's prompt. */
  readonly prompt: readonly number[];
  /** Tokens of the judge's prompts, [cells][tokens], answer by answer. */
  readonly cells: readonly (readonly number[])[];
  /** Tokens of yes and no. */
  readonly choices: readonly number[];
  /** How many of the rollouts one by one, of the cells one by one and of the cells together are really run; the others would take as long. */
  readonly run: { readonly rollouts: number; readonly cells: number; readonly matrix: number };
}

export const CASES = [
  "tjsSequential",
  "tjsBatch",
  "oursSequential",
  "ours",
  "oursPipelined",
  "judgePerCell",
  "judgeMatrix",
] as const;
export type CaseName = (typeof CASES)[number];

export interface EngineTimes {
  readonly adapter: AdapterRecord | null;
  /** Seconds of each case in each pair, [pairs]. */
  readonly seconds: Readonly<Record<CaseName, readonly number[]>>;
  /** Bytes mapped for reading in a batched run of ours, by row and step; `null` off the GPU. */
  readonly bytesPerRowStep: number | null;
  /** Milliseconds of a step of ours that neither ONNX Runtime nor waiting for the GPU took; `null` off the GPU. */
  readonly jsMsPerStep: number | null;
  /** GPU buffers alive after our last run less those before it; `null` off the GPU. */
  readonly liveBuffers: number | null;
}

declare global {
  var benchEngineHere: (request: EngineRequest) => Promise<EngineTimes>;
}
