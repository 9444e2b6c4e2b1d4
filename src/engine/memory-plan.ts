/**
 * @file How many rows may decode at once, and how long they may get, on what this device gives. WebGPU tells no free memory, so this is a
 * plan by limits; what it cannot foresee fails as out of memory and halves the rows (batch.ts).
 */
import { ModelError } from "../cat/models.ts";
import { FLOAT_BYTES } from "./floats.ts";
import type { Session } from "./session.ts";

/** Rows of one batch, at most; more gain nothing that was measured, and each takes memory. */
const MOST_ROWS = 64;
/** WebAssembly's address space. */
const WASM_BYTES = 4 * 2 ** 30;
/** A growing cache is there twice in each step, as past and present, and once more while rows are rearranged. */
const GROWN_COPIES = 3;
/** A slot's, with the lengthened one beside the old. */
const SLOT_COPIES = 2;

export interface BatchPlan {
  /** Rows that may decode at once, of whatever else is asked for meanwhile too. */
  readonly rows: number;
  /** Tokens that a row may hold, prompt included. */
  readonly tokens: number;
}

/** What a batch is to hold, at most. */
export interface Wanted {
  readonly rows: number;
  /** Of the longest row, prompt included. */
  readonly tokens: number;
  /** Of the longest prompt. */
  readonly prompt: number;
}

/**
 * Notifies of what is less than wanted, with the numbers.
 * @throws {ModelError} `out-of-memory` if not even one row fits with a token to answer in
 */
export function planBatch(session: Session, wanted: Wanted): BatchPlan {
  const { runtime, weightBytes } = session;
  const { room, tokenBytes } = cacheRoom(session);
  const most = Math.min(wanted.rows, MOST_ROWS);
  // The prompt stands in a slot of its own.
  const slots = Math.floor(room / wanted.tokens) - 1;
  if (slots >= most) return { rows: Math.min(slots, MOST_ROWS), tokens: wanted.tokens };
  const weights = `weights ${megabytes(weightBytes)}, cache ${megabytes(tokenBytes * wanted.tokens)} a row`;
  if (slots >= 1) {
    const message = `Memory is enough for ${slots} rows at once, not ${most} (${weights}): the others wait their turn.`;
    runtime.notify("fewer-rows", message);
    return { rows: slots, tokens: wanted.tokens };
  }
  const tokens = Math.floor(room / 2);
  if (tokens <= wanted.prompt) {
    const message = `The memory of this device holds ${Math.max(0, tokens)} tokens beside the model, and the prompt has ${wanted.prompt} (${weights}). Choose a smaller model, or a shorter question.`;
    throw new ModelError("out-of-memory", message);
  }
  const message = `Memory is enough for ${tokens} tokens, not ${wanted.tokens} (${weights}): answers end sooner, one at a time.`;
  runtime.notify("shorter-answers", message);
  return { rows: 1, tokens };
}

/** Tokens that one row may hold which reads a tree, at most: what fits, and no more than every layer sees. */
export function mostOfTree(session: Session): number {
  return Math.min(cacheRoom(session).room, session.graph.window ?? Infinity);
}

/** Cache tokens of all rows together, and the bytes of each. */
function cacheRoom(session: Session): { room: number; tokenBytes: number } {
  const { runtime, graph } = session;
  const { perBuffer, inAll } = limits(session);
  const sizes = graph.caches.map(({ kvHeads, headSize }) => kvHeads * headSize * FLOAT_BYTES[graph.cacheType]);
  const tokenBytes = sizes.reduce((sum, size) => sum + size, 0);
  const copies = runtime.gpu === null ? GROWN_COPIES : SLOT_COPIES;
  const room = Math.floor(Math.min(perBuffer / Math.max(...sizes), inAll / (tokenBytes * copies)));
  return { room, tokenBytes };
}

function limits({ runtime: { gpu, device, memoryLimit }, weightBytes }: Session): { perBuffer: number; inAll: number } {
  const perBuffer =
    gpu === null ? Infinity : Math.min(gpu.limits.maxBufferSize, gpu.limits.maxStorageBufferBindingSize);
  const inAll = memoryLimit ?? (device === "wasm" ? WASM_BYTES : Infinity);
  return { perBuffer, inAll: inAll - weightBytes };
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toPrecision(3)} MiB`;
}
