/** @file A trained policy as something to take away, a hub folder as a zip or its graph alone, and such a zip read back. Comes in a chunk of its own, with the zip. */
import { strFromU8, strToU8, unzipSync, type Zippable, zipSync } from "fflate";
import { ModelError } from "../cat/models.ts";
import type { ModelFiles } from "../engine/model-files.ts";
import { Safetensors } from "../engine/safetensors.ts";
import { GRAPH_PATH, trainedFiles, WEIGHTS_PATH } from "./trained-files.ts";
import { readTraining } from "./training-progress.ts";

/** The training that a policy comes from, beside its files. */
const LOG_PATH = "training.jsonl";
/** Unpacked, of one file. A zip may claim anything. */
const MOST_BYTES = 256 * 2 ** 20;

/** @param log of the training @throws as `trainedFiles` */
export async function hubZip(start: ModelFiles, weights: Uint8Array, log: string): Promise<Uint8Array> {
  const { bytes } = await trainedFiles(start, weights);
  const files: Zippable = { [LOG_PATH]: [strToU8(log), { level: 6 }] };
  for (const [path, content] of bytes) files[path] = [content, { level: packs(path) ? 6 : 0 }];
  return zipSync(files);
}

/** @throws as `trainedFiles` */
export async function trainedGraph(start: ModelFiles, weights: Uint8Array): Promise<Uint8Array> {
  return (await trainedFiles(start, weights)).bytes.get(GRAPH_PATH)!;
}

export interface SavedPolicy {
  /** Of the training, whole. */
  readonly log: string;
  readonly weights: Uint8Array;
}

/** @throws {ModelError} `run-invalid` for what is no such zip, `file-damaged` for damaged weights */
export function readHubZip(zip: Uint8Array): SavedPolicy {
  const files = unpacked(zip);
  const [log, weights] = [files[LOG_PATH], files[WEIGHTS_PATH]];
  if (log === undefined || weights === undefined) {
    const missing = log === undefined ? LOG_PATH : WEIGHTS_PATH;
    refuse(`it has no ${missing}`);
  }
  const text = strFromU8(log);
  const { progress, problem } = readTraining(text);
  if (problem !== null) refuse(`${LOG_PATH}: ${problem}`);
  if (progress.header?.training === undefined) refuse(`${LOG_PATH} is the log of no training`);
  // Says what is wrong with it, if anything is.
  new Safetensors(weights);
  return { log: text, weights };
}

function unpacked(zip: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(zip, {
      filter: ({ name, originalSize }) => (name === LOG_PATH || name === WEIGHTS_PATH) && originalSize <= MOST_BYTES,
    });
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Weights are noise to a packer. */
function packs(path: string): boolean {
  return path !== GRAPH_PATH && path !== WEIGHTS_PATH;
}

function refuse(why: string): never {
  const message = `This is no saved training (${why}). Choose a zip that this page saved as a hub folder.`;
  throw new ModelError("run-invalid", message);
}
