/** @file The entry that goes with random-llama.ts. */
import type { ModelEntry } from "../../src/engine/language-model.ts";

export const RANDOM_ENTRY: ModelEntry = {
  id: "random",
  revision: null,
  dtype: "fp32",
  promptSet: "kitten",
  contextLength: 400,
};
