/** @file One loaded graph: feeds token ids and a cache, gives the logits of the last positions and the longer cache. Leaves out sampling and text. */
import type { InferenceSession, Tensor } from "onnxruntime-web/webgpu";
import { ModelError } from "../cat/models.ts";
import { type Attention, readAttention } from "./attention.ts";
import { zeros } from "./floats.ts";
import { checkAttention, checkPrecision } from "./gpu-fit.ts";
import { type DecoderGraph, pastName, presentName, readGraph } from "./graph.ts";
import { disposeKv, type Kv } from "./kv.ts";
import { withOrt } from "./lock.ts";
import { Logits } from "./logits.ts";
import { graphFiles, type ModelFiles, readJson } from "./model-files.ts";
import { gatherBeforeHead, POSITIONS_INPUT } from "./onnx-file.ts";
import type { Runtime } from "./runtime.ts";

export interface Forward {
  /** [rows × kept positions × vocabulary], of the last positions of each row; the caller's own. */
  readonly logits: Float32Array;
  /** Cache with the new tokens; the caller disposes of it. */
  readonly kv: Kv;
}

/** As {@link Forward}, with the logits where the device left them. */
export interface Pass {
  /** The caller reads or disposes of them. */
  readonly logits: Logits;
  readonly kv: Kv;
}

/** New tokens, [rows][tokens], or one a row, int64, already on the GPU. */
export type NewTokens = readonly (readonly number[])[] | GPUBuffer;

/** What keeps rows needs no more. */
export type PassingSession = Pick<Session, "runtime" | "graph" | "emptyKv" | "pass">;

interface Fed {
  readonly ids: NewTokens;
  readonly count: number;
  readonly past: Kv;
  readonly lengths: readonly number[];
  readonly width: number;
  readonly keep: number;
}

export class Session {
  readonly runtime: Runtime;
  readonly graph: DecoderGraph;
  readonly #session: InferenceSession;

  private constructor(runtime: Runtime, session: InferenceSession, graph: DecoderGraph) {
    this.runtime = runtime;
    this.graph = graph;
    this.#session = session;
  }

  /** @throws {ModelError} `file-missing`, `model-unsupported`, `device-lost`, `out-of-memory` */
  static async create(runtime: Runtime, files: ModelFiles): Promise<Session> {
    const { graph, externalData } = graphFiles(files);
    const { bytes, attention } = prepared(graph);
    checkAttention(runtime, attention);
    const options = { ...providerOptions(runtime), externalData, logSeverityLevel: 3 as const };
    const session = await locked(runtime, () => runtime.ort.InferenceSession.create(bytes, options)).catch(
      (error: unknown): never => {
        throw error instanceof ModelError ? error : refusal(error);
      },
    );
    try {
      runtime.errors.throwIfAny();
      checkPrecision(runtime, [...session.inputMetadata, ...session.outputMetadata]);
      const config = readJson(files, "config.json");
      return new Session(runtime, session, readGraph({ inputs: session.inputMetadata, attention, config }));
    } catch (error) {
      await withOrt(() => session.release());
      throw error;
    }
  }

  /** A cache of one row with no token in it. */
  emptyKv(): Kv {
    const { caches, cacheType } = this.graph;
    const { Tensor } = this.runtime.ort;
    const tensors = caches.map(
      ({ kvHeads, headSize }) => new Tensor(cacheType, zeros(cacheType, 0), [1, kvHeads, 0, headSize]),
    );
    return { tensors, lengths: [0], room: 0 };
  }

  /** As {@link pass}, with the logits read back. */
  async forward(ids: readonly (readonly number[])[], past: Kv, keep = 1): Promise<Forward> {
    const { logits, kv } = await this.pass(ids, past, keep);
    try {
      const values = await logits.read();
      this.runtime.errors.throwIfAny();
      return { logits: values, kv };
    } catch (error) {
      logits.dispose();
      disposeKv(kv);
      throw error;
    }
  }

  /**
   * Runs new tokens behind what `past` holds. Several rows take one token each, since attention over a cache wants that;
   * one row takes any number.
   * @param past one row for each of `ids`; stays as it is, unless it is in place: then the new tokens are written into it
   * @param keep positions whose logits are wanted, from the end; more than one for a single row only
   * @throws {ModelError} `device-lost`, `out-of-memory`
   */
  async pass(ids: NewTokens, past: Kv, keep = 1): Promise<Pass> {
    const count = "length" in ids ? ids[0]!.length : 1;
    const lengths = past.lengths.map((length) => length + count);
    const inPlace = past.inPlace === true;
    const room = inPlace ? past.room : past.room + count;
    const names = this.graph.caches.map(({ name }) => name);
    return await locked(this.runtime, async () => {
      const feeds = this.#feeds({ ids, count, past, lengths, width: inPlace ? Math.max(...lengths) : room, keep });
      if (inPlace) {
        const into = Object.fromEntries(names.map((name, i) => [presentName(name), past.tensors[i]!]));
        const { logits } = await this.#session.run(feeds, { logits: null, ...into });
        return { logits: new Logits(this.runtime, logits!, keep), kv: { ...past, lengths } };
      }
      const outputs = await this.#session.run(feeds);
      const tensors = names.map((name) => outputs[presentName(name)]!);
      return { logits: new Logits(this.runtime, outputs["logits"]!, keep), kv: { tensors, lengths, room } };
    }).catch((error: unknown): never => {
      throw error instanceof ModelError ? error : runFailure(error);
    });
  }

  async dispose(): Promise<void> {
    await withOrt(() => this.#session.release());
  }

  /** @param width of the mask: tokens of the longest row, or the room of a cache that grows */
  #feeds({ ids, count, past, lengths, width, keep }: Fed) {
    const { Tensor } = this.runtime.ort;
    const rows = lengths.length;
    const feeds: Record<string, Tensor> = {
      input_ids:
        "length" in ids
          ? new Tensor("int64", BigInt64Array.from(ids.flat(), BigInt), [rows, count])
          : Tensor.fromGpuBuffer(ids, { dataType: "int64", dims: [rows, count] }),
    };
    if (this.graph.takesMask) {
      const mask = new BigInt64Array(rows * width);
      lengths.forEach((length, row) => mask.fill(1n, row * width, row * width + length));
      feeds["attention_mask"] = new Tensor("int64", mask, [rows, width]);
    }
    if (this.graph.takesPositions) {
      const positions = past.lengths.flatMap((length) => Array.from({ length: count }, (_, i) => BigInt(length + i)));
      feeds["position_ids"] = new Tensor("int64", BigInt64Array.from(positions), [rows, count]);
    }
    if (this.graph.gathersLogits) {
      const wanted = lengths.flatMap((_, row) =>
        Array.from({ length: keep }, (_, i) => [row, count - keep + i]).flat(),
      );
      feeds[POSITIONS_INPUT] = new Tensor("int64", BigInt64Array.from(wanted, BigInt), [rows, keep, 2]);
    }
    if (this.graph.keepsLogits) feeds["num_logits_to_keep"] = new Tensor("int64", BigInt64Array.of(BigInt(keep)), []);
    this.graph.caches.forEach(({ name }, i) => (feeds[pastName(name)] = past.tensors[i]!));
    return feeds;
  }
}

/** The graph as it is loaded. */
function prepared(graph: Uint8Array): { bytes: Uint8Array; attention: Attention } {
  try {
    return { bytes: gatherBeforeHead(graph) ?? graph, attention: readAttention(graph) };
  } catch (error) {
    throw error instanceof ModelError ? error : refusal(error);
  }
}

function locked<T>(runtime: Runtime, work: () => Promise<T>): Promise<T> {
  return withOrt(() => runtime.loss.guard(work));
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
