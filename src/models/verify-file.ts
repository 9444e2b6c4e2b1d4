/** @file Are these the bytes that the manifest promises? Sizes and SHA-256; a truncated weight file would load and be zeros (measured in transformers.js). */
import { ModelError, type ModelFile } from "../cat/models.ts";

/** @throws {ModelError} `file-damaged`, with what was expected and what was found */
export async function verifyFile(file: ModelFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (bytes.length !== file.bytes) {
    throw damaged(file, `has ${bytes.length} bytes instead of ${file.bytes}`);
  }
  checkHash(file, await sha256(bytes));
}

/** @throws {ModelError} `file-damaged` */
export function checkHash(file: ModelFile, found: string): void {
  if (found !== file.sha256) throw damaged(file, `has SHA-256 ${found} instead of ${file.sha256}`);
}

/** Lower-case hex. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function damaged({ path }: Pick<ModelFile, "path">, what: string): ModelError {
  return new ModelError(
    "file-damaged",
    `${path} ${what}. Load the model again; if that fails, the source has another version.`,
  );
}
