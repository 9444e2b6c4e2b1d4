/** @file The files of one model as the engine takes them: bytes already fetched and verified. Leaves out where they come from (`models/`). */
import { ModelError, type ModelFile } from "../cat/models.ts";
import type { ExternalData } from "./ort.ts";

export interface ModelFiles {
  /** Every file with its hash, as the run file will name it. */
  readonly records: readonly ModelFile[];
  /** Contents by path, such as "onnx/model_quantized.onnx". */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
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
  // As Hugging Face's exporters name them, and onnxruntime-genai's.
  const externalData = paths
    .filter((other) => /\.onnx[_.]data/.test(other))
    .map((other) => ({ path: other.slice(other.lastIndexOf("/") + 1), data: files.bytes.get(other)! }));
  return { graph: files.bytes.get(path)!, externalData };
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
