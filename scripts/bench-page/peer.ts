/** @file transformers.js as a peer: its own session of the same file on the same device, fed the same tokens. */
import { AutoModelForCausalLM, env, Tensor } from "@huggingface/transformers";
// Configures the runtime that transformers.js has for itself.
import "../../src/engine/ort-webgpu.ts";
import type { Runtime } from "../../src/engine/runtime.ts";
import type { BenchedModel } from "./cases.ts";

export interface Peer {
  /** Its `generate()`. @param prompts [rows][tokens], equally long @returns [rows][tokens], prompt included */
  generate(prompts: readonly (readonly number[])[], options: Record<string, unknown>): Promise<number[][]>;
  dispose(): Promise<unknown>;
}

export async function loadPeer({ id, dtype }: BenchedModel, runtime: Runtime): Promise<Peer> {
  env.allowRemoteModels = false;
  // In a page it would not even look there.
  env.allowLocalModels = true;
  env.localModelPath = new URL("models/", location.href).href;
  env.useBrowserCache = false;
  const { gpu } = runtime;
  const model = await AutoModelForCausalLM.from_pretrained(id, {
    dtype,
    device: gpu === null ? "wasm" : "webgpu",
    session_options: { executionProviders: [gpu === null ? "wasm" : { name: "webgpu", device: gpu }] },
  });
  const generate: Peer["generate"] = async (prompts, options) => {
    const dims = [prompts.length, prompts[0]!.length];
    const tensor = (values: readonly number[]) => new Tensor("int64", BigInt64Array.from(values, BigInt), dims);
    const inputs = { input_ids: tensor(prompts.flat()), attention_mask: tensor(prompts.flat().map(() => 1)) };
    const output = (await model.generate({ ...inputs, ...options })) as Tensor;
    return (output.tolist() as bigint[][]).map((row) => row.map(Number));
  };
  return { generate, dispose: () => model.dispose() };
}
