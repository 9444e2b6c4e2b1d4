/**
 * @file One runtime a device for everything in the worker, since ONNX Runtime takes one GPU device: the Lab's models and a training share it. The
 * last to leave frees it. Leaves out what is on it.
 */
import { browserRuntime } from "../engine/page-runtime.ts";
import type { Runtime } from "../engine/runtime.ts";

export interface SharedRuntime {
  readonly runtime: Runtime;
  /** Call once, when nothing of the caller's is on it any more. */
  leave(): void;
}

interface Shared {
  readonly runtime: Promise<Runtime>;
  users: number;
}

const open = new Map<"webgpu" | "wasm", Shared>();

/** @throws {ModelError} `no-webgpu` */
export async function shareRuntime(device: "webgpu" | "wasm"): Promise<SharedRuntime> {
  let shared = open.get(device);
  if (shared === undefined) {
    shared = { runtime: browserRuntime(device), users: 0 };
    open.set(device, shared);
  }
  const mine = shared;
  mine.users++;
  /** Whoever comes next gets another. */
  const forget = (): void => {
    if (open.get(device) === mine) open.delete(device);
  };
  try {
    const runtime = await mine.runtime;
    // Users stay until they notice; a lost device that cannot be had again is no use to others.
    void runtime.gone.then(forget);
    const leave = (): void => {
      mine.users--;
      if (mine.users > 0) return;
      forget();
      runtime.dispose();
    };
    return { runtime, leave };
  } catch (error) {
    forget();
    throw error;
  }
}
