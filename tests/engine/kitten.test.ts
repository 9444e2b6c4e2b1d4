/** @file The embedded model as it ships: its files are those of the manifest, its known answers hold, and its batches are honest. */
import { expect, test } from "vitest";
import { nodeRuntime } from "../../src/engine/ort-node.ts";
import { expectBatchIndependence } from "./judge-suite.ts";
import { loadKitten } from "./kitten.ts";
import { engineSuite } from "./suite.ts";

test("the embedded model passes its self-test and does not mix rows", async () => {
  const model = await loadKitten(await nodeRuntime());
  expectBatchIndependence(await engineSuite(model));
  expect(model.record.files.map(({ path }) => path)).toContain("onnx/model.onnx");
  expect(model.controlTokens).toContain("<|end|>");
  await model.dispose();
});
