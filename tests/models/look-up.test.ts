/** @file Any model of a hub by its id: what would do is listed with its sizes, hashes and licence, what would not is refused by its reason, and no weights are fetched. */
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseHubModel } from "../../src/models/catalogue.ts";
import { hubIdOf } from "../../src/models/hub-id.ts";
import { lookUp } from "../../src/models/look-up.ts";
import { HubServer } from "./hub-server.ts";

const QWEN3 = {
  ...{ model_type: "qwen3", architectures: ["Qwen3ForCausalLM"], max_position_embeddings: 40960, vocab_size: 151936 },
  ...{ hidden_size: 1024, intermediate_size: 3072, num_hidden_layers: 28, num_attention_heads: 16 },
  ...{ num_key_value_heads: 8, head_dim: 128, tie_word_embeddings: true },
};

let hub: HubServer;
beforeEach(async () => {
  hub = new HubServer();
  await hub.open();
  config(QWEN3);
  hub.files.set("tokenizer.json", Buffer.from("{}"));
  hub.files.set("tokenizer_config.json", Buffer.from('{"chat_template":"{{ messages }}"}'));
  hub.files.set("onnx/model_q4f16.onnx", Buffer.alloc(100, 1));
  hub.files.set("onnx/model_q4f16.onnx_data", Buffer.alloc(3000, 2));
  hub.files.set("onnx/model_q4f16.onnx_data_1", Buffer.alloc(500, 3));
  hub.files.set("onnx/model_quantized.onnx", Buffer.alloc(50, 4));
  hub.files.set("onnx/decoder_model_merged_q4.onnx", Buffer.alloc(9, 5));
});
afterEach(() => hub.close());

function config(json: object): void {
  hub.files.set("config.json", Buffer.from(JSON.stringify(json)));
}

const look = (id = hub.id) => {
  const { signal: stop } = new AbortController();
  return lookUp(id, { host: hub.host, layout: "{id}/resolve/{revision}/{path}", token: null, stop });
};

test("files, sizes, hashes, licence and revision are the hub's own words", async () => {
  const model = await look();
  expect(model).toMatchObject({
    ...{ id: hub.id, title: "some-model", family: "qwen3", revision: hub.commit, contextLength: 40960 },
    licence: { name: "mit", url: `${hub.host}/${hub.id}` },
    cacheNumbersPerToken: 2 * 28 * 8 * 128,
  });
  // Qwen3-0.6B has 596 million.
  expect(Math.abs(model.parameters / 596e6 - 1)).toBeLessThan(0.01);
  expect(model.variants.map(({ dtype, aboutBytes, files }) => [dtype, aboutBytes, files.length])).toEqual([
    ["q4f16", 3600, 3],
    ["q8", 50, 1],
  ]);
  const sha256 = createHash("sha256").update(hub.files.get("onnx/model_q4f16.onnx")!).digest("hex");
  expect(model.variants[0]!.files[0]).toEqual({ path: "onnx/model_q4f16.onnx", bytes: 100, sha256, optional: false });
  expect(model.files.map(({ path }) => path)).toEqual(["config.json", "tokenizer.json", "tokenizer_config.json"]);
  expect(parseHubModel(JSON.stringify(model))).toEqual(model);
  expect(hub.seen.every(({ path }) => path.endsWith(".json"))).toBe(true);
});

test("half precision of Gemma, which overflows, is left out", async () => {
  config({ ...QWEN3, model_type: "gemma3_text", architectures: ["Gemma3ForCausalLM"] });
  const { variants, troubles } = await look();
  expect(variants.map(({ dtype }) => dtype)).toEqual(["q8"]);
  expect(troubles.join()).toContain("overflows");
});

test("a model without a licence is said to state none", async () => {
  hub.info = {};
  expect((await look()).licence.name).toBe("no licence stated");
});

describe("refused", () => {
  test.each([
    ["an encoder and a decoder", { is_encoder_decoder: true }, "reads with an encoder"],
    ["a model for images", { architectures: ["Gemma3ForConditionalGeneration"] }, "Gemma3ForConditionalGeneration"],
    ["a hybrid, by its layers", { layer_types: ["full_attention", "linear_attention"] }, "linear_attention"],
    [
      "a hybrid, by its name",
      { model_type: "lfm2", architectures: ["Lfm2ForCausalLM"] },
      "other things than keys and values",
    ],
    ["a configuration of another kind", { hidden_size: "large" }, "makes no sense"],
  ])("%s", async (_, change, why) => {
    config({ ...QWEN3, ...change });
    await expect(look()).rejects.toThrow(why);
  });

  test("a model without ONNX weights, a tokenizer or a chat template", async () => {
    hub.files.set("tokenizer_config.json", Buffer.from("{}"));
    await expect(look()).rejects.toThrow("no chat template");
    hub.files.set("chat_template.jinja", Buffer.from("{{ messages }}"));
    expect((await look()).files.map(({ path }) => path)).toContain("chat_template.jinja");
    for (const path of hub.files.keys()) if (/onnx\/model/.test(path)) hub.files.delete(path);
    await expect(look()).rejects.toThrow("no weights as ONNX");
    hub.files.delete("tokenizer.json");
    await expect(look()).rejects.toThrow("no tokenizer.json");
  });

  test("what is not there, and a host that lists nothing", async () => {
    await expect(look("nobody/nothing")).rejects.toThrow("status 401");
    hub.info = null;
    await expect(look()).rejects.toThrow("has no model someone/some-model, or lists none");
  });
});

test.each([
  ["onnx-community/Qwen3-0.6B-ONNX", "onnx-community/Qwen3-0.6B-ONNX"],
  [
    " https://huggingface.co/HuggingFaceTB/SmolLM2-360M-Instruct/tree/main/onnx ",
    "HuggingFaceTB/SmolLM2-360M-Instruct",
  ],
  ["https://huggingface.co/HuggingFaceTB/SmolLM2-360M-Instruct/", "HuggingFaceTB/SmolLM2-360M-Instruct"],
  ["qwen3", null],
  ["a/../b", null],
  ["../b", null],
  ["a/b/c", null],
  ["", null],
])("%j means %j", (typed, id) => {
  expect(hubIdOf(typed)).toBe(id);
});
