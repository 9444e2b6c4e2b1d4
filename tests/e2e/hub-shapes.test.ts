/** @file Each shape that an entry of the catalogue can have downloads from a hub and generates: one file, weights beside it, in several chunks, in a folder of its own. Random weights. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { modelReady, runToEnd } from "../../scripts/page.ts";
import { sizedModel } from "../../scripts/sized-model.ts";
import { HubServer } from "../models/hub-server.ts";
import { hubEntry, openModels, press } from "./hub-page.ts";
import { useSite } from "./site.ts";

const site = useSite();
const size = { width: 64, layers: 3 };
const SHAPES: Record<string, ReadonlyMap<string, Buffer>> = {
  "one-file": sizedModel({ ...size, graph: "onnx/model_q4.onnx", beside: [] }),
  "weights-beside": sizedModel({ ...size, graph: "onnx/model_q4.onnx", beside: ["model_q4.onnx_data"] }),
  "several-chunks": sizedModel({
    ...{ ...size, graph: "onnx/model_q4.onnx" },
    beside: ["model_q4.onnx_data", "model_q4.onnx_data_1", "model_q4.onnx_data_2"],
  }),
  // As onnxruntime-genai names them.
  "own-folder": sizedModel({ ...size, graph: "gpu/gpu-int4/model.onnx", beside: ["model.onnx.data"] }),
};

let hub: HubServer;
beforeAll(async () => {
  hub = new HubServer();
  await hub.open();
  for (const [name, files] of Object.entries(SHAPES)) hub.others.set(`someone/${name}`, new Map(files));
});
afterAll(() => hub.close());

test("they download, load and answer, one after the other", async () => {
  const models = Object.entries(SHAPES).map(([name, files]) => hubEntry({ id: `someone/${name}`, dtype: "q4", files }));
  const lab = await openModels(site, hub, { format: 1, bundles: [], models });
  const { page } = lab;
  for (const [name, files] of Object.entries(SHAPES)) {
    await page.goto(`${site.url}#models?device=wasm`);
    await press(page, "Download", `${name} q4`);
    await press(page, "Use in the Lab", `${name} q4`);
    await modelReady(lab);
    const [first, ...events] = await runToEnd(lab, 60_000);
    expect(first).toMatchObject({ type: "run.started", models: { policy: { id: `someone/${name}` } } });
    expect(events.filter(({ type }) => type === "rollout.finished")).not.toEqual([]);
    expect(events.at(-1)?.type, name).toBe("run.finished");
    const { policy } = (first as unknown as { models: { policy: { files: readonly { path: string }[] } } }).models;
    expect(policy.files.map(({ path }) => path).sort()).toEqual([...files.keys()].sort());
  }
});
