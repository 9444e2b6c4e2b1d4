/**
 * @file One loaded decoder: feeds token ids and a cache, gives the logits of asked positions and the longer cache. Its weights are in its graph,
 * or a set of their own. Leaves out sampling and text.
 */
import { zeros } from "./floats.ts";
import { type DecoderGraph, presentName } from "./graph.ts";
import { disposeKv, type Kv } from "./kv.ts";
import { Logits } from "./logits.ts";
import type { ModelFiles } from "./model-files.ts";
import { passFeeds } from "./pass-feeds.ts";
import { graphLost, type Reload, RenewableGraph } from "./renewable-graph.ts";
import type { Runtime } from "./runtime.ts";
import type { TokenTree } from "./token-tree.ts";
import { type WeightSet, weightsLost } from "./weight-set.ts";

export interface Forward {
  /** [rows × vocabulary], of the last position of each row; the caller's own. */
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

/** Of a new token: its row, and its place among the new tokens of that row. */
export type Position = readonly [row: number, place: number];

export class Session {
  readonly #loaded: RenewableGraph;
  readonly #weights: WeightSet | null;

  private constructor(loaded: RenewableGraph, weights: WeightSet | null) {
    this.#loaded = loaded;
    this.#weights = weights;
  }

  /**
   * @param reload gives the files again for a new device when this one is lost; `null`: then the session is lost with it
   * @throws {ModelError} `file-missing`, `file-damaged`, `model-unsupported`, `device-lost`, `out-of-memory`
   */
  static async create(runtime: Runtime, files: ModelFiles, reload: Reload | null = null): Promise<Session> {
    return new Session(await RenewableGraph.create(runtime, files, { weights: "constants", reload }), null);
  }

  /**
   * A graph that takes its weights as inputs, run with these; other sessions may run it with others. Both stay their owners', also when the
   * session is disposed of. Lost with the device: make weights and session again once there is another.
   */
  static withWeights(graph: RenewableGraph, weights: WeightSet): Session {
    return new Session(graph, weights);
  }

  get runtime(): Runtime {
    return this.#loaded.runtime;
  }

  get graph(): DecoderGraph {
    return this.#loaded.graph;
  }

  /** Of graph and weights; about what they take on the device. */
  get weightBytes(): number {
    return this.#loaded.bytes + (this.#weights?.bytes ?? 0);
  }

  /**
   * As the runtime's, for work that goes on afterwards.
   * @throws {ModelError} `device-lost` also if the weights were lost with the device; then it has not been renewed
   */
  async renew(seen: number): Promise<void> {
    if (this.#weights !== null) throw weightsLost();
    await this.runtime.renew(seen);
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

  /** As {@link pass}, with the logits of the last position of each row read back. */
  async forward(ids: readonly (readonly number[])[], past: Kv): Promise<Forward> {
    const { logits, kv } = await this.pass(ids, past);
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
   * @param wanted positions whose logits are wanted; left out: the last of each row
   * @param tree the one row's, whose next tokens the new ones are, where the graph takes trees; left out: each token follows the one before
   * @returns [wanted] logits
   * @throws {ModelError} `device-lost`, `out-of-memory`
   */
  async pass(ids: NewTokens, past: Kv, wanted?: readonly Position[], tree?: TokenTree): Promise<Pass> {
    const count = "length" in ids ? ids[0]!.length : 1;
    const at = wanted ?? past.lengths.map((_, row): Position => [row, count - 1]);
    const lengths = past.lengths.map((length) => length + count);
    const inPlace = past.inPlace === true;
    const room = inPlace ? past.room : past.room + count;
    const names = this.graph.caches.map(({ name }) => name);
    const { session } = this.#loaded;
    // Between devices, or for good where it could not be made again.
    if (session === null) throw graphLost();
    const weights = this.#weights?.feeds();
    const width = inPlace ? Math.max(...lengths) : room;
    const own = passFeeds(this.runtime, this.graph, { ids, count, past, lengths, width, wanted: at, tree });
    const feeds = { ...weights, ...own };
    if (inPlace) {
      const into = Object.fromEntries(names.map((name, i) => [presentName(name), past.tensors[i]!]));
      const { logits } = await session.run(feeds, { logits: null, ...into });
      return { logits: new Logits(this.runtime, logits!), kv: { ...past, lengths } };
    }
    const outputs = await session.run(feeds);
    const tensors = names.map((name) => outputs[presentName(name)]!);
    return { logits: new Logits(this.runtime, outputs["logits"]!), kv: { tensors, lengths, room } };
  }

  /** Frees the graph with the weights in it, for good. */
  async dispose(): Promise<void> {
    if (this.#weights === null) await this.#loaded.dispose();
  }
}
