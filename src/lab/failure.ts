/** @file An error as it crosses the worker boundary: a code to look advice up by, and a sentence. */
import { ModelError } from "../cat/models.ts";
import { ServerError } from "../served/server-error.ts";
import type { Failure, TrainingState } from "./protocol.ts";

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ServerError) return { code: "server", message };
  return { code: error instanceof ModelError ? error.code : "unexpected", message };
}

/** Of a training that could not even be opened. */
export function neverBegan(failure: Failure): TrainingState {
  return { phase: "failed", failure, device: null, kept: true, checkpoints: [] };
}
