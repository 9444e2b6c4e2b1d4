/** @file A policy of two layers in the place of the embedded models, so that a software adapter can train it within a test: it says `\boxed{3}`, 4 or 5 by chance. */
import { createHash } from "node:crypto";
import type { BrowserContext } from "playwright-core";
import { CONTROL_TOKENS, END, randomLlama } from "../engine/random-llama.ts";

const WEIGHTS = "model.safetensors";
const DIGITS = ["3", "4", "5"];

/** Serves it, and a manifest that names it alone, in all pages of the context. */
export async function serveFixturePolicy(context: BrowserContext): Promise<void> {
  const files = fixtureFiles();
  const records = [...files].map(([path, bytes]) => ({ path, bytes: bytes.length, sha256: sha256(bytes) }));
  const entry = {
    ...{ id: "fixture", title: "Fixture", path: "fixture", revision: null, roles: ["policy", "anchor"] },
    ...{ domains: ["sums"], promptSet: "kitten", dtype: "fp32", licence: "MIT", embedded: true },
    ...{ parameters: 100_000, contextLength: 500 },
    files: records.filter(({ path }) => path !== WEIGHTS),
    trainable: records.find(({ path }) => path === WEIGHTS),
  };
  await context.route("**/models/manifest.json", (route) => route.fulfill({ json: { format: 1, models: [entry] } }));
  await context.route("**/models/fixture/**", (route) => {
    const path = new URL(route.request().url()).pathname.split("/models/fixture/")[1]!;
    const bytes = files.get(path);
    return bytes === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ body: Buffer.from(bytes) });
  });
}

function fixtureFiles(): ReadonlyMap<string, Uint8Array> {
  const { bytes } = randomLlama({ salt: "train", bigrams: bigrams() });
  const generation = new TextEncoder().encode(JSON.stringify({ eos_token_id: END, max_new_tokens: 12 }));
  return new Map([...bytes, ["generation_config.json", generation]]);
}

/** Of tokens: a character's is its byte. */
function bigrams(): [number, number][] {
  const assistant = 256 + CONTROL_TOKENS.indexOf("<|assistant|>");
  const before = [assistant, ...Array.from("\\boxed{", byteOf)];
  const links = before.slice(1).map((token, i): [number, number] => [before[i]!, token]);
  const each = DIGITS.flatMap((digit): [number, number][] => [
    [byteOf("{"), byteOf(digit)],
    [byteOf(digit), byteOf("}")],
  ]);
  return [...links, ...each, [byteOf("}"), END]];
}

function byteOf(character: string): number {
  return character.charCodeAt(0);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
