/** @file The embedded models as they ship: their files are those of the manifest, their known answers hold, and their batches are honest. */
import { expect, test } from "vitest";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { expectBatchIndependence } from "./judge-suite.ts";
import { EMBEDDED, loadKitten } from "./kitten.ts";
import { engineSuite } from "./suite.ts";

test.each(EMBEDDED)("%s passes its self-test and does not mix rows", async (id) => {
  const model = await loadKitten(await nodeRuntime(), id);
  expectBatchIndependence(await engineSuite(model));
  expect(model.record.files.map(({ path }) => path)).toContainEqual(expect.stringMatching(/^onnx\/model.*\.onnx$/));
  expect(model.controlTokens).toContain("<|end|>");
  await model.dispose();
});
