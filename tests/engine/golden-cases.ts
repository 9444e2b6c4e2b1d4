/**
 * @file What Hugging Face transformers says greedily from the embedded models' model.safetensors, for prompts of every skill. The tokens come with
 * each export (models/recipes/golden.py); where an answer would hang on rounding, another prompt was taken.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export interface GoldenCase {
  readonly model: string;
  readonly skill: string;
  /** The message of the user. */
  readonly user: string;
  /** Up to the end, or a limit. */
  readonly tokens: readonly number[];
}

const FEWEST: Readonly<Record<string, number>> = { kitten: 50, "kitten-judge": 10 };

export async function goldenCases(model: string): Promise<GoldenCase[]> {
  const lines = (await readFile(join(import.meta.dirname, "golden-kitten.jsonl"), "utf8")).trim().split("\n");
  const cases = lines.map((line) => JSON.parse(line) as GoldenCase).filter((one) => one.model === model);
  if (cases.length < (FEWEST[model] ?? Infinity)) throw new Error(`${model} has ${cases.length} golden cases`);
  return cases;
}
