/** @file Reads what comes out of a sandbox. Nothing in it is trusted, though only the harness should have written it: what is not of its shape is no outcome. */
import type { Outcome, Value } from "../verify/code/outcome.ts";

/** Beyond what the harness writes at most (10,000 characters and values), escapes and brackets counted. */
const LONGEST = 1_000_000;
const DEEPEST = 40;
const NAMED: readonly unknown[] = ["undefined", "NaN", "Infinity", "-Infinity"];

/** @returns null when the text is no outcome of a call. */
export function readOutcome(text: unknown): Outcome | null {
  if (typeof text !== "string" || text.length > LONGEST) return null;
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(read)) return null;
  const { type, value, error, why } = read;
  if (type === "value") return isValue(value, 0) ? { type, value } : null;
  if (type === "threw") return typeof error === "string" ? { type, error } : null;
  return type === "failed" && (why === "too large" || why === "not plain data") ? { type, why } : null;
}

function isValue(read: unknown, depth: number): read is Value {
  if (depth > DEEPEST) return false;
  if (read === null || ["boolean", "number", "string"].includes(typeof read)) return true;
  if (Array.isArray(read)) return read.every((item) => isValue(item, depth + 1));
  if (!isRecord(read)) return false;
  if (read["type"] === "bigint") return typeof read["digits"] === "string";
  if (read["type"] !== "object") return NAMED.includes(read["type"]);
  const { entries } = read;
  if (!Array.isArray(entries) || !entries.every((entry) => isEntry(entry, depth + 1))) return false;
  return new Set(entries.map(([key]) => key)).size === entries.length;
}

function isEntry(read: unknown, depth: number): read is readonly [string, Value] {
  return Array.isArray(read) && read.length === 2 && typeof read[0] === "string" && isValue(read[1], depth);
}

function isRecord(read: unknown): read is Readonly<Record<string, unknown>> {
  return typeof read === "object" && read !== null && !Array.isArray(read);
}
