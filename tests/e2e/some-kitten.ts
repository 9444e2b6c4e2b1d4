/** @file The embedded model as a model of some hub: what the catalogue says of it, and its files. Leaves out who serves them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

export const ID = "someone/some-kitten";
export const NAME = "Some kitten q8";
const COMMON = ["config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"];
export const GRAPH = "onnx/model_quantized.onnx";
const file = (path: string) => ({ path, bytes: null, sha256: null });
/** With nothing known of the files beforehand, as for most models of the hub. */
export const catalogue = {
  format: 1,
  models: [
    {
      id: ID,
      title: "Some kitten",
      family: "Kitten",
      revision: null,
      revisionSeen: null,
      licence: { name: "MIT", url: "https://opensource.org/license/mit" },
      roles: ["policy", "anchor"],
      parameters: 2_311_872,
      contextLength: 4096,
      cacheNumbersPerToken: 1000,
      promptSet: "kitten",
      notRunnable: null,
      troubles: [],
      testedByUs: false,
      files: [...COMMON.map(file), { ...file("chat_template.jinja"), optional: true }],
      variants: [{ dtype: "q8", aboutBytes: 2_400_000, files: [file(GRAPH)] }],
    },
  ],
  bundles: [],
};

export const JUDGE = "someone-else/some-judge";
/** The same with a judge, and both as a bundle. */
export const bundle = {
  ...catalogue,
  models: [
    ...catalogue.models,
    { ...catalogue.models[0], id: JUDGE, title: "Some judge", roles: ["judge"], promptSet: "kitten-judge" },
  ],
  bundles: [{ id: "small", title: "Small", policy: `${ID}@q8`, judge: `${JUDGE}@q8` }],
};

/** By path, of one of the embedded models. */
export function kittenFiles(model: "kitten" | "kitten-judge" = "kitten"): Map<string, Buffer> {
  const folder = join(import.meta.dirname, "../../models", model);
  return new Map([...COMMON, GRAPH].map((path) => [path, readFileSync(join(folder, path))]));
}

/** Paths of everything below models/ in the page's own file system, with their sizes. */
export function keptFiles(page: Page): Promise<[path: string, size: number][]> {
  return page.evaluate(async () => {
    const found: [string, number][] = [];
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("models");
    // Not by a function within: what runs scripts gives it a helper that the page has not.
    const open: [FileSystemDirectoryHandle, string][] = [[root, ""]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [folder, path] = next;
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === "directory") open.push([handle, `${path}${name}/`]);
        else found.push([path + name, (await handle.getFile()).size]);
      }
    }
    return found;
  });
}
