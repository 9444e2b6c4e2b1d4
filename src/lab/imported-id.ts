/** @file The name under which something from elsewhere is kept: when it was begun, and a mark of what is in it, so that the same comes to the same name. */
import { sha256 } from "../models/verify-file.ts";

/** @param startedAt ISO 8601 */
export async function importedId(startedAt: string, content: Uint8Array<ArrayBuffer>): Promise<string> {
  const mark = (await sha256(content)).slice(0, 8);
  return `${startedAt.replaceAll(/[^0-9A-Za-z]/g, "-")}-${mark}`;
}
