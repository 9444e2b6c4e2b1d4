/** @file SHA-256 of bytes that come in pieces (hash-wasm, decision 22), since WebCrypto takes a file whole. Files that are in memory anyway: verify-file.ts. */
import { createSHA256 } from "hash-wasm";

export interface StreamingHash {
  update(bytes: Uint8Array): void;
  /** Forgets everything so far. */
  restart(): void;
  /** Lower-case hex. Ends it: only `restart` may follow. */
  digest(): string;
}

export async function startHash(): Promise<StreamingHash> {
  const hash = await createSHA256();
  hash.init();
  return {
    update(bytes) {
      hash.update(bytes);
    },
    restart() {
      hash.init();
    },
    digest: () => hash.digest("hex"),
  };
}

/** Of a file that need not fit into memory; lower-case hex. */
export async function sha256OfFile(file: Blob): Promise<string> {
  const hash = await startHash();
  // Not "for await": Safari has no such streams.
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return hash.digest();
    hash.update(value);
  }
}
