/** @file The walls between the folders of src hold: small snippets, linted by the project's own configuration, are refused or let through. */
import { resolve } from "node:path";
import { ESLint } from "eslint";
import { configs } from "typescript-eslint";
import { describe, expect, test, vi } from "vitest";

// The first lint loads every plugin, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const root = resolve(import.meta.dirname, "../..");
// Type-aware rules need files that exist; the walls do not.
const eslint = new ESLint({ cwd: root, overrideConfig: [configs.disableTypeChecked] });

/** Rules that refuse the code in a file of that name, which need not exist. */
async function refusals(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: resolve(root, file) });
  const rules = (result?.messages ?? []).map((message) => message.ruleId ?? `parse: ${message.message}`);
  return rules.filter((rule) => rule.startsWith("no-restricted") || rule === "max-lines" || rule.startsWith("parse"));
}

const use = (source: string) => `import { x } from ${JSON.stringify(source)};\nexport const y = x;\n`;

describe("imports that a wall refuses", () => {
  test.each([
    ["src/cat/a.ts", "../ui/main.ts"],
    ["src/cat/a.ts", "../engine/device.ts"],
    ["src/cat/reference/a.ts", "../../lab/client.ts"],
    ["src/cat/a.ts", "../bench/labels.ts"],
    ["src/run/a.ts", "../bench/labels.ts"],
    ["src/verify/math/a.ts", "../../bench/labels.ts"],
    ["src/cat/a.ts", "svelte"],
    ["src/cat/a.ts", "onnxruntime-web/webgpu"],
    ["src/cat/a.ts", "node:fs"],
    ["src/bench/a.ts", "../models/manifest.ts"],
    ["src/engine/a.ts", "../models/manifest.ts"],
    ["src/engine/a.ts", "../store/runs.ts"],
    ["src/engine/a.ts", "../bench/labels.ts"],
    ["src/engine/a.ts", "../lab/protocol.ts"],
    ["src/models/a.ts", "../engine/device.ts"],
    ["src/models/a.ts", "../store/runs.ts"],
    ["src/store/a.ts", "../models/manifest.ts"],
    ["src/served/a.ts", "../models/hub-download.ts"],
    ["src/served/a.ts", "../engine/language-model.ts"],
    ["src/served/a.ts", "../bench/labels.ts"],
    ["src/ui/a.ts", "../served/served-model.ts"],
    ["src/sandbox/a.ts", "../engine/device.ts"],
    ["src/verify/code/a.ts", "node:vm"],
    ["src/verify/math/a.ts", "@cortex-js/compute-engine"],
    ["src/verify/math/a.ts", "../../symbolic/checker.ts"],
    ["src/symbolic/a.ts", "../sandbox/node-runner.ts"],
    ["src/cat/a.ts", "../sandbox/node-runner.ts"],
    ["src/store/a.ts", "onnxruntime-web"],
    ["src/train/a.ts", "../engine/sampler.ts"],
    ["src/train/a.ts", "../engine/session.ts"],
    ["src/train/a.ts", "onnxruntime-web/webgpu"],
    ["src/train/a.ts", "../bench/item.ts"],
    ["src/train/a.ts", "../bench/open-key.ts"],
    ["src/lab/a.ts", "../ui/state/settings.svelte.ts"],
    ["src/lab/a.ts", "svelte"],
    ["src/ui/a.ts", "../engine/device.ts"],
    ["src/ui/panels/a.ts", "../../lab/lab.worker.ts"],
    ["src/ui/panels/a.ts", "../../lab/recorder.ts"],
    ["src/ui/a.ts", "../store/runs.ts"],
    ["src/ui/a.ts", "onnxruntime-web"],
    ["src/ui/a.ts", "../offline/service-worker.ts"],
    ["src/offline/a.ts", "../lab/protocol.ts"],
    ["src/lab/a.ts", "../offline/protocol.ts"],
  ])("%s importing %s", async (file, source) => {
    expect(await refusals(file, use(source))).toEqual(["no-restricted-imports"]);
  });

  test("in a component", async () => {
    const code = `<script lang="ts">\n  import { x } from "../../engine/device.ts";\n</script>\n\n{x}\n`;
    expect(await refusals("src/ui/panels/A.svelte", code)).toEqual(["no-restricted-imports"]);
  });

  test("of types alone", async () => {
    const code = `import type { X } from "../ui/main.ts";\nexport type Y = X;\n`;
    expect(await refusals("src/cat/a.ts", code)).toEqual(["no-restricted-imports"]);
  });

  test("at run time, and by a worker's address", async () => {
    expect(await refusals("src/ui/a.ts", `export const x = await import("../engine/device.ts");`)).toEqual([
      "no-restricted-syntax",
    ]);
    expect(await refusals("src/ui/a.ts", `export const w = new URL("../lab/lab.worker.ts", import.meta.url);`)).toEqual(
      ["no-restricted-syntax"],
    );
    const worker = `import w from "../lab/lab.worker.ts?worker&url";\nexport { w };\n`;
    expect(await refusals("src/ui/a.ts", worker)).toEqual(["no-restricted-imports"]);
  });

  test("of a worker that would have no policy", async () => {
    const worker = `export const w = new Worker(new URL("./lab.worker.ts", import.meta.url));`;
    expect(await refusals("src/lab/a.ts", worker)).toEqual(["no-restricted-syntax"]);
  });
});

describe("imports that the walls let through", () => {
  test.each([
    ["src/cat/reference/a.ts", "../models.ts"],
    ["src/cat/a.ts", "../run/event.ts"],
    ["src/cat/a.ts", "./reward/judge.ts"],
    ["src/bench/a.ts", "../cat/pipeline.ts"],
    ["src/run/a.ts", "valibot"],
    ["src/verify/code/a.ts", "../../run/seed.ts"],
    ["src/served/a.ts", "../models/patience.ts"],
    ["src/lab/a.ts", "../served/served-model.ts"],
    ["src/sandbox/a.ts", "node:worker_threads"],
    ["src/engine/a.ts", "../cat/models.ts"],
    ["src/engine/a.ts", "onnxruntime-web/webgpu"],
    ["src/engine/a.ts", "@huggingface/transformers"],
    ["src/train/a.ts", "../engine/lock.ts"],
    ["src/train/a.ts", "../engine/weight-set.ts"],
    ["src/train/a.ts", "../engine/onnx-writer.ts"],
    ["src/lab/a.ts", "../engine/device.ts"],
    ["src/lab/a.ts", "../bench/labels.ts"],
    ["src/ui/panels/a.ts", "../../lab/client.ts"],
    ["src/ui/a.ts", "../lab/protocol.ts"],
    ["src/ui/a.ts", "../run/run.ts"],
    ["src/ui/a.ts", "../offline/protocol.ts"],
    ["src/offline/a.ts", "workbox-precaching"],
    ["src/ui/a.ts", "svelte/reactivity"],
  ])("%s importing %s", async (file, source) => {
    expect(await refusals(file, use(source))).toEqual([]);
  });
});

describe("the core", () => {
  test.each([
    ["Math.random()", "no-restricted-properties"],
    ["new Date()", "no-restricted-globals"],
  ])("has no %s", async (expression, rule) => {
    expect(await refusals("src/cat/a.ts", `export const x = ${expression};`)).toContain(rule);
    expect(await refusals("src/lab/a.ts", `export const x = ${expression};`)).toEqual([]);
  });

  test("has no clock by Date.now()", async () => {
    expect(await refusals("src/run/a.ts", `export const x = Date.now();`)).toContain("no-restricted-properties");
  });
});

describe("ONNX Runtime", () => {
  test.each([
    `export const x = (ort: { InferenceSession: { create(): void } }) => { ort.InferenceSession.create(); };`,
    `import type { InferenceSession } from "onnxruntime-web/webgpu";\nexport type X = InferenceSession;`,
  ])("is created and run in one place: %s", async (code) => {
    for (const file of ["src/engine/a.ts", "src/lab/a.ts"]) {
      expect(await refusals(file, code)).toContain("no-restricted-syntax");
    }
    expect(await refusals("src/engine/ort.ts", code)).toEqual([]);
  });
});

describe("labels", () => {
  test("are read in src/bench and nowhere else", async () => {
    const plain = `export const x = "models/items/sums/labels.jsonl";`;
    const built = "export const x = (domain: string) => `models/items/${domain}/labels.jsonl`;";
    for (const code of [plain, built]) {
      for (const folder of ["cat", "lab", "ui", "engine", "store"]) {
        expect(await refusals(`src/${folder}/a.ts`, code)).toEqual(["no-restricted-syntax"]);
      }
      expect(await refusals("src/bench/a.ts", code)).toEqual([]);
    }
  });
});

describe("sizes", () => {
  const lines = (n: number) => Array.from({ length: n }, (_, i) => `export const x${i} = ${i};`).join("\n");
  test("a file stops at 400 lines, a component at 200", async () => {
    expect(await refusals("src/cat/a.ts", lines(401))).toEqual(["max-lines"]);
    expect(await refusals("src/cat/a.ts", lines(400))).toEqual([]);
    expect(await refusals("src/ui/parts/A.svelte", "<p>text</p>\n".repeat(201))).toEqual(["max-lines"]);
  });
});
