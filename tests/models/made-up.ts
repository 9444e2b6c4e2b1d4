/** @file An entry for made-up files, with their true sizes and hashes. */
import { createHash } from "node:crypto";
import type { ModelEntry } from "../../src/models/manifest.ts";

export function madeUpEntry(files: Readonly<Record<string, string>>): ModelEntry {
  return {
    id: "made-up",
    title: "Made up",
    path: "made-up",
    revision: "r1",
    roles: ["policy"],
    domains: [],
    promptSet: "default",
    dtype: "fp32",
    licence: "MIT",
    embedded: true,
    parameters: 1,
    contextLength: 128,
    files: Object.entries(files).map(([path, text]) => ({
      path,
      bytes: Buffer.byteLength(text),
      sha256: createHash("sha256").update(text).digest("hex"),
    })),
  };
}
