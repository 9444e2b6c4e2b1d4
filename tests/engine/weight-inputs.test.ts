/** @file A graph whose weights are inputs says what the same graph with its weights in it says; weights that do not belong to a graph are refused. */
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { expectSharedGraph } from "./judge-weights.ts";
import { wasmRuntime } from "./ort-wasm.ts";
import { weightSuite } from "./weight-suite.ts";

describe.each([
  ["Node", nodeRuntime],
  ["wasm", wasmRuntime],
] as const)("%s", (_, open) => {
  test("one graph under two sets of weights", async () => {
    expectSharedGraph(await weightSuite(await open()));
  });
});
