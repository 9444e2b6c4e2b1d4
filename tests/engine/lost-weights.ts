/** @file A set of weights whose device is lost: what is said of it, and that the graph takes new ones on the next device. In a page. */
import { ModelError } from "../../src/cat/models.ts";
import type { Decoder } from "../../src/engine/generate.ts";
import { weightFile } from "../../src/engine/load-decoder.ts";
import { RenewableGraph } from "../../src/engine/renewable-graph.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { WeightSet } from "../../src/engine/weight-set.ts";
import { randomLlama } from "./random-llama.ts";
import { ask, scored } from "./weight-suite.ts";

export interface LostWeights {
  /** Of the errors: of a generation under which the device is lost, of weights made on a lost device, and, on the next, of the old weights. */
  readonly codes: readonly string[];
  /** Log-probabilities of a text. */
  readonly before: readonly number[];
  /** With the graph that was made again, and new weights. */
  readonly after: readonly number[];
}

/** @param runtime of a GPU, with no model on it that cannot be made again */
export async function loseWeights(runtime: Runtime): Promise<LostWeights> {
  const files = randomLlama();
  const file = weightFile(files);
  const tokenizer = new Tokenizer(files);
  const reload = () => Promise.resolve(files);
  const graph = await RenewableGraph.create(runtime, files, { weights: "inputs", reload });
  const make = () => WeightSet.create(runtime, graph.weightInputs, file);
  const under = (weights: WeightSet): Decoder => {
    return { session: Session.withWeights(graph, weights), tokenizer, contextLength: 400 };
  };
  const lost = await make();
  const before = await scored(under(lost));
  const { generation } = runtime;
  destroyUnderRead(runtime.gpu!);
  const codes = [await codeOf(ask(under(lost))), await codeOf(make())];
  await runtime.renew(generation);
  codes.push(await codeOf(scored(under(lost))), await codeOf(ask(under(lost))));
  const weights = await make();
  const after = await scored(under(weights));
  for (const set of [lost, weights]) set.dispose();
  await graph.dispose();
  return { codes, before, after };
}

/** As the next buffer is read: the reading fails before the loss is told. */
function destroyUnderRead(gpu: GPUDevice): void {
  const { prototype } = GPUBuffer;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the buffer that is read
  const { mapAsync } = prototype;
  prototype.mapAsync = function (this: GPUBuffer, ...options) {
    prototype.mapAsync = mapAsync;
    const mapped = mapAsync.apply(this, options);
    gpu.destroy();
    return mapped;
  };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "none";
  } catch (error) {
    return error instanceof ModelError ? error.code : String(error);
  }
}
