/**
 * @file A checkpoint as one file: a line of JSON, then the weights and the optimizer's state, two safetensors files. A hash tells whether all of it
 * is there, since no browser writes large files whole or not at all. Leaves out where it is kept.
 */
import * as v from "valibot";
import { ModelError } from "../cat/models.ts";
import { sha256 } from "../models/verify-file.ts";

export interface KeptCheckpoint {
  /** How many had been made. */
  readonly step: number;
  /** The policy, as the hub's model.safetensors. */
  readonly weights: Uint8Array;
  /** `null`: nothing can be learnt from here on, as after a training that was loaded. */
  readonly optimizer: Uint8Array | null;
  /** See `HeldOut.limits`. */
  readonly limits: readonly number[] | null;
}

const size = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const head = v.object({
  step: size,
  limits: v.nullable(v.array(v.number())),
  weights: size,
  optimizer: v.nullable(size),
  sha256: v.string(),
});

export async function formatCheckpoint({ step, weights, optimizer, limits }: KeptCheckpoint): Promise<Uint8Array> {
  const body = new Uint8Array(weights.length + (optimizer?.length ?? 0));
  body.set(weights);
  if (optimizer !== null) body.set(optimizer, weights.length);
  const sizes = { weights: weights.length, optimizer: optimizer?.length ?? null };
  const line = `${JSON.stringify({ step, limits, ...sizes, sha256: await sha256(body) })}\n`;
  const start = new TextEncoder().encode(line);
  const file = new Uint8Array(start.length + body.length);
  file.set(start);
  file.set(body, start.length);
  return file;
}

/** @throws {ModelError} `file-damaged` unless all of it is there */
export async function parseCheckpoint(file: Uint8Array<ArrayBuffer>): Promise<KeptCheckpoint> {
  const end = file.indexOf(10);
  const line = new TextDecoder().decode(file.subarray(0, Math.max(0, end)));
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), head), line);
  const body = file.subarray(end + 1);
  if (!parsed.success || (await sha256(body)) !== parsed.output.sha256) {
    throw new ModelError("file-damaged", "The checkpoint was not written to its end. Go on from one before it.");
  }
  const { step, limits, weights, optimizer } = parsed.output;
  const rest = optimizer === null ? null : body.subarray(weights, weights + optimizer);
  return { step, limits, weights: body.subarray(0, weights), optimizer: rest };
}
