/** @file JSON lines of items and labels; empty lines are nothing. Run files have a reader of their own (run/lines.ts). */

/** @throws SyntaxError for a line that is no JSON. */
export function jsonLines(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as unknown);
}
