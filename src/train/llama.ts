/**
 * @file A Llama (Touvron et al., arXiv 2302.13971, §2.2; grouped keys as in Llama 2) on whole rows, to the log-probabilities of chosen tokens. Its
 * parameters have names and layouts of the sampling graph's weight inputs, so that both read the same buffers. Leaves out dropout, biases and
 * caches; the head runs where a token is asked for, and nowhere else.
 */
import { ModelError } from "../cat/models.ts";
import type { WeightInput } from "../engine/weight-source.ts";
import { attend } from "./attention.ts";
import { add, multiply, silu } from "./elementwise.ts";
import { columns, embed, pickRows } from "./gather.ts";
import type { Graph, Value } from "./graph.ts";
import type { LlamaConfig } from "./llama-config.ts";
import { logProbabilities } from "./log-probability.ts";
import { matmul } from "./matmul.ts";
import { rmsNorm } from "./norm.ts";
import { rotate } from "./rotary.ts";

export interface LlamaGraph {
  /** By name of the weight input. */
  readonly parameters: ReadonlyMap<string, Value>;
  /** [picked] nats: of the target at each picked token. */
  readonly logprobs: Value;
}

/** @throws {ModelError} `model-unsupported` if the weights are not those of a plain Llama */
export function llama(graph: Graph, config: LlamaConfig, inputs: readonly WeightInput[]): LlamaGraph {
  const { heads, kvHeads, headSize } = config;
  const weights = new Weights(graph, inputs);
  const mask = graph.input("mask", [heads === kvHeads ? "length" : "queries", "length"]);
  const [cos, sin] = ["cos", "sin"].map((name) => graph.input(name, ["length", headSize / 2]));
  const turn = (x: Value): Value => rotate(graph, x, { cos: cos!, sin: sin! });

  const table = weights.whole(EMBEDDING);
  const distinct = {
    classes: graph.input("distinct", ["distinct"], "int32"),
    places: graph.input("distinctPlaces", [table.shape[0]!], "int32"),
  };
  let x = embed(graph, table, graph.input("tokens", ["tokens"], "int32"), distinct);
  for (let layer = 0; layer < config.layers; layer++) {
    const own = (name: string): string => `model.layers.${layer}.${name}.weight`;
    const normed = rmsNorm(graph, x, weights.whole(own("input_layernorm")), config.epsilon);
    const names = ["q", "k", "v"].map((part) => own(`self_attn.${part}_proj`));
    const widths = [heads, kvHeads, kvHeads].map((count) => count * headSize);
    const [q, k, v] = weights.joined(normed, names, widths);
    const attended = attend(graph, { queries: turn(q!), keys: turn(k!), values: v!, mask }, config);
    x = add(graph, x, weights.linear(attended, own("self_attn.o_proj")));
    const wide = rmsNorm(graph, x, weights.whole(own("post_attention_layernorm")), config.epsilon);
    const gate = silu(graph, weights.linear(wide, own("mlp.gate_proj")));
    const product = multiply(graph, gate, weights.linear(wide, own("mlp.up_proj")));
    x = add(graph, x, weights.linear(product, own("mlp.down_proj")));
  }
  const rows = graph.input("positions", ["picked"], "int32");
  const picked = pickRows(graph, x, rows, graph.input("places", ["tokens"], "int32"));
  const states = rmsNorm(graph, picked, weights.whole("model.norm.weight"), config.epsilon);
  const targets = graph.input("targets", ["picked"], "int32");
  const logprobs = logProbabilities(graph, weights.head(states), targets);
  weights.checkAllUsed();
  return { parameters: weights.values, logprobs };
}

const EMBEDDING = "model.embed_tokens.weight";

interface Weight {
  readonly input: WeightInput;
  readonly value: Value;
}

/** Finds the weights that hold the hub's tensors. */
class Weights {
  /** By name of the weight input. */
  readonly values = new Map<string, Value>();
  readonly #graph: Graph;
  readonly #byTensor = new Map<string, Weight>();
  readonly #unused: Set<string>;

  constructor(graph: Graph, inputs: readonly WeightInput[]) {
    this.#graph = graph;
    for (const input of inputs) {
      const value = graph.input(input.name, input.dims);
      this.values.set(input.name, value);
      for (const tensor of input.tensors) this.#byTensor.set(tensor, { input, value });
    }
    this.#unused = new Set(this.values.keys());
  }

  whole(tensor: string): Value {
    return this.#find(tensor).value;
  }

  /** x Wᵀ, with W [outputs, inputs] as the hub has it. */
  linear(x: Value, tensor: string): Value {
    const { input, value } = this.#find(tensor);
    return matmul(this.#graph, x, value, { turnB: !input.transposed });
  }

  /** Of neighbours, which may be one weight. */
  joined(x: Value, tensors: readonly string[], widths: readonly number[]): Value[] {
    if (this.#find(tensors[0]!).input.tensors.length === 1) return tensors.map((tensor) => this.linear(x, tensor));
    const all = this.linear(x, tensors[0]!);
    let start = 0;
    return widths.map((width) => {
      start += width;
      return columns(this.#graph, all, start - width, width);
    });
  }

  /** Of a model that has none of its own, the embedding. */
  head(states: Value): Value {
    const own = "lm_head.weight";
    return this.linear(states, this.#byTensor.has(own) ? own : EMBEDDING);
  }

  checkAllUsed(): void {
    const [left] = this.#unused;
    if (left !== undefined) refuse(`has ${left}`);
  }

  #find(tensor: string): Weight {
    const weight = this.#byTensor.get(tensor) ?? refuse(`lacks ${tensor}`);
    this.#unused.delete(weight.input.name);
    return weight;
  }
}

function refuse(what: string): never {
  throw new ModelError("model-unsupported", `The model ${what}, unlike a Llama. Choose a plain Llama to train.`);
}
