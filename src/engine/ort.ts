/**
 * @file The one place that calls ONNX Runtime: create, run, read back, release. Each waits for the others (lock.ts), ends when the device is
 * lost, and fails with an error that a person can act on. Leaves out what graphs mean.
 */
import type { InferenceSession, Tensor } from "onnxruntime-web/webgpu";
import { ModelError } from "../cat/models.ts";
import { withOrt } from "./lock.ts";
import type { Runtime } from "./runtime.ts";

export type { Tensor };
export type Feeds = Readonly<Record<string, Tensor>>;
export type ValueMetadata = InferenceSession.ValueMetadata;

/** A weight file beside a graph, under the name by which the graph calls it. */
export interface ExternalData {
  readonly path: string;
  /** A file is read as ONNX Runtime asks for its parts, where its build can wait for them, and whole elsewhere. */
  readonly data: Uint8Array | Blob;
}

/** One graph that is ready to run. */
export class OrtSession {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;

  private constructor(runtime: Runtime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  /** @throws {ModelError} `model-unsupported`, `device-lost`, `out-of-memory` */
  static async create(
    runtime: Runtime,
    graph: Uint8Array,
    externalData: readonly ExternalData[] = [],
  ): Promise<OrtSession> {
    const options = { ...providerOptions(runtime), externalData, logSeverityLevel: 3 as const };
    const session = await locked(runtime, () => runtime.ort.InferenceSession.create(graph, options)).catch(
      (error: unknown): never => {
        throw error instanceof ModelError ? error : refusal(error);
      },
    );
    const made = new OrtSession(runtime, session);
    try {
      runtime.errors.throwIfAny();
      return made;
    } catch (error) {
      await made.release();
      throw error;
    }
  }

  get inputs(): readonly ValueMetadata[] {
    return this.#session.inputMetadata;
  }

  get outputs(): readonly ValueMetadata[] {
    return this.#session.outputMetadata;
  }

  /**
   * @param into outputs that are written into these tensors; `null` has one made. Left out: all are made
   * @returns all outputs asked for; the caller disposes of those that were made
   * @throws {ModelError} `device-lost`, `out-of-memory`, `unexpected`
   */
  run(feeds: Feeds, into?: Readonly<Record<string, Tensor | null>>): Promise<Readonly<Record<string, Tensor>>> {
    return locked(this.#runtime, () =>
      into === undefined ? this.#session.run(feeds) : this.#session.run(feeds, into),
    ).catch((error: unknown): never => {
      throw error instanceof ModelError ? error : runFailure(error);
    });
  }

  async release(): Promise<void> {
    await withOrt(() => this.#session.release());
  }
}

/** The values of a tensor, wherever it is, and frees it. @throws {ModelError} `device-lost` */
export function readTensor(runtime: Runtime, tensor: Tensor): Promise<Tensor.DataType> {
  return locked(runtime, () => tensor.getData(true));
}

/** Milliseconds that a call has to settle once its device is lost; it does so at once, as far as was seen. */
const GRACE = 10_000;

/** For as long as the device lives. A call that is under way when it is lost keeps the lock until it settles: another beside it would hang both. */
function locked<T>(runtime: Runtime, work: () => Promise<T>): Promise<T> {
  return withOrt(async () => {
    let called: Promise<T> | undefined;
    try {
      return await runtime.loss.guard(() => (called = work()));
    } catch (error) {
      if (!(await settles(called))) runtime.hang();
      throw error;
    }
  });
}

/** @returns whether it did in time */
async function settles(called: Promise<unknown> | undefined): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, GRACE, false)));
  const settled = Promise.resolve(called).then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([settled, late]);
  clearTimeout(timer);
  return inTime;
}

/** One provider and no other: with two, ONNX Runtime would fall back without a word. */
function providerOptions({ device, gpu }: Runtime): InferenceSession.SessionOptions {
  // Steps of small models are too short to share out: two threads took twice the processor time, and longer.
  if (device === "node") return { executionProviders: ["cpu"], intraOpNumThreads: 1 };
  if (device === "wasm") return { executionProviders: ["wasm"] };
  // The cache must stay on the GPU; the logits follow it there and are read back by `getData`.
  return { executionProviders: [{ name: "webgpu", device: gpu! }], preferredOutputLocation: "gpu-buffer" };
}

function refusal(error: unknown): ModelError {
  const message = `ONNX Runtime cannot load the model: ${text(error)}. Choose another model, export or device.`;
  return new ModelError("model-unsupported", message, { cause: error });
}

function runFailure(error: unknown): ModelError {
  const memory = /out of memory|bad_alloc|allocat/i.test(text(error));
  const advice = memory ? "Choose a smaller model or fewer rollouts." : "Reload the page.";
  const message = `ONNX Runtime could not run the model: ${text(error)}. ${advice}`;
  return new ModelError(memory ? "out-of-memory" : "unexpected", message, { cause: error });
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
