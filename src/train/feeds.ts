/** @file The tokens of a few sequences as the inputs of a graph: padded at their right, with the places whose next token is a completion's. */
import type { Feeds, Tensor } from "../engine/ort.ts";
import type { Ort } from "../engine/runtime.ts";
import { causalMask } from "./attention.ts";
import type { Sequence } from "./batch.ts";
import type { Shape } from "./graph.ts";
import type { LlamaConfig } from "./llama-config.ts";
import { angles } from "./rotary.ts";

interface Rows {
  readonly sequences: readonly Sequence[];
  /** Tokens of a row, padding included. */
  readonly length: number;
}

/** Tokens that are read: what follows the last is not asked. @throws {RangeError} without a prompt */
export function sequenceLength({ prompt, completion }: Sequence): number {
  if (prompt.length === 0) throw new RangeError("a prompt has no tokens: nothing comes before the first of its answer");
  return prompt.length + completion.length - 1;
}

export class FeedMaker {
  readonly #ort: Ort;
  readonly #config: LlamaConfig;
  readonly #shapes: ReadonlyMap<string, Shape>;

  /** @param shapes that the graph takes as inputs */
  constructor(ort: Ort, config: LlamaConfig, shapes: ReadonlyMap<string, Shape>) {
    this.#ort = ort;
    this.#config = config;
    this.#shapes = shapes;
  }

  make({ sequences, length }: Rows): Feeds {
    const { headSize, theta, heads, kvHeads, vocabulary } = this.#config;
    const tokens = new Int32Array(sequences.length * length);
    const positions: number[] = [];
    const targets: number[] = [];
    for (const [row, { prompt, completion }] of sequences.entries()) {
      const start = row * length;
      // Whatever pads is seen by padding alone.
      tokens.set([...prompt, ...completion.slice(0, -1)], start);
      for (const [i, token] of completion.entries()) {
        positions.push(start + prompt.length - 1 + i);
        targets.push(token);
      }
    }
    const distinct = [...new Set(tokens)];
    const queries = (length * heads) / kvHeads;
    const { cos, sin } = angles(length, headSize, theta);
    const half = headSize / 2;
    return {
      tokens: this.#ints(tokens),
      positions: this.#ints(positions),
      targets: this.#ints(targets),
      places: this.#ints(placesOf(positions, tokens.length)),
      distinct: this.#ints(distinct),
      distinctPlaces: this.#ints(placesOf(distinct, vocabulary)),
      mask: this.#floats(causalMask(length, heads / kvHeads), [queries, length]),
      cos: this.#floats(cos, [length, half]),
      sin: this.#floats(sin, [length, half]),
      ...this.#shapeFeeds({ rows: sequences.length, length, queries }),
    };
  }

  #floats(data: Float32Array, dims: readonly number[]): Tensor {
    return new this.#ort.Tensor("float32", data, dims);
  }

  #ints(data: Int32Array | readonly number[]): Tensor {
    return new this.#ort.Tensor("int32", Int32Array.from(data), [data.length]);
  }

  #shapeFeeds(sizes: Readonly<Record<string, number>>): Feeds {
    const { Tensor } = this.#ort;
    return Object.fromEntries(
      [...this.#shapes].map(([name, shape]) => {
        const dims = shape.map((dim) => BigInt(typeof dim === "number" ? dim : sizes[dim]!));
        return [name, new Tensor("int64", BigInt64Array.from(dims), [dims.length])];
      }),
    );
  }
}

/** @param chosen of `size` things @returns [size]: where each is among the chosen; their number if nowhere */
function placesOf(chosen: readonly number[], size: number): Int32Array {
  const places = new Int32Array(size).fill(chosen.length);
  for (const [place, one] of chosen.entries()) places[one] = place;
  return places;
}
