/** @file The files of one model as the engine takes them: bytes already fetched and verified. Leaves out where they come from (`models/`). */
import { ModelError, type ModelFile } from "../cat/models.ts";
import type { ExternalData } from "./ort.ts";

export interface ModelFiles {
  /** Every file with its hash, as the run file will name it. */
  readonly records: readonly ModelFile[];
  /** Contents by path, such as "onnx/model_quantized.onnx". */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** Weight files beside the graph that need not be in memory, by path. */
  readonly onDisk?: ReadonlyMap<string, Blob>;
}

export interface GraphFiles {
  readonly graph: Uint8Array;
  /** Weight files beside the graph, under the names by which it calls them. */
  readonly externalData: readonly ExternalData[];
}

/** @throws {ModelError} `file-missing` if there is not exactly one graph. */
export function graphFiles(files: ModelFiles): GraphFiles {
  const paths = [...files.bytes.keys()];
  const graphs = paths.filter((path) => path.endsWith(".onnx"));
  const [path] = graphs;
  if (path === undefined || graphs.length > 1) {
    const found = paths.join(", ") || "none";
    throw new ModelError(
      "file-missing",
      `A model needs exactly one .onnx file; its files are: ${found}. Mend its entry.`,
    );
  }
  const externalData = [...files.bytes, ...(files.onDisk ?? [])]
    .filter(([other]) => isBesideGraph(other))
    .map(([other, data]) => ({ path: other.slice(other.lastIndexOf("/") + 1), data }));
  return { graph: files.bytes.get(path)!, externalData };
}

/** Is it one of a graph's weight files? As Hugging Face's exporters name them, and onnxruntime-genai's. */
export function isBesideGraph(path: string): boolean {
  return /\.onnx[_.]data/.test(path);
}

/** @returns the parsed file, or `null` when the model has none. @throws {ModelError} `file-damaged` if it is not JSON. */
export function readJson(files: ModelFiles, path: string): unknown {
  const text = readText(files, path);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ModelError("file-damaged", `${path} is not JSON. Remove the model and load it again.`, { cause: error });
  }
}

/** @returns `null` when the model has no such file. */
export function readText(files: ModelFiles, path: string): string | null {
  const bytes = files.bytes.get(path);
  return bytes === undefined ? null : new TextDecoder().decode(bytes);
}
