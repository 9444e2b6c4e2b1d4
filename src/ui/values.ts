/** @file What functions are given and give, written as JavaScript writes it. Reads the forms of docs/formats.md (Programs); anything else, as a file from elsewhere may hold, is shown as JSON. */

/** A map: a file may name any word, "constructor" too. */
const failures: ReadonlyMap<string, string> = new Map([
  ["timeout", "no result in time"],
  ["too large", "too large a result"],
  ["not plain data", "no plain data"],
  ["crashed", "crashed"],
  ["refused", "refused to run"],
]);

/** Nobody reads deeper; a file may nest until the stack is full. */
const DEEPEST = 32;

/** The arguments of one call: `[3, 1], 2`. */
export function argumentsText(input: unknown): string {
  return Array.isArray(input) ? input.map((value) => valueText(value)).join(", ") : valueText(input);
}

/** A value, or in words what came instead of one. What is nested too deep is "…". */
export function valueText(value: unknown, depth = 0): string {
  if (depth > DEEPEST) return "…";
  if (value === undefined) return "undefined"; // a field that a file left out
  if (typeof value === "number") return Object.is(value, -0) ? "0" : String(value);
  if (Array.isArray(value)) return `[${value.map((item) => valueText(item, depth + 1)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const { type, digits, entries, error, why } = value as Readonly<Record<string, unknown>>;
  switch (type) {
    case "undefined":
    case "NaN":
    case "Infinity":
    case "-Infinity":
      return type;
    case "bigint":
      return typeof digits === "string" ? `${digits}n` : json(value);
    case "object":
      return areEntries(entries) ? objectText(entries, depth) : json(value);
    case "threw":
      return typeof error === "string" ? `throws ${error}` : json(value);
    case "failed":
      return typeof why === "string" ? (failures.get(why) ?? why) : json(value);
    default:
      return json(value);
  }
}

function objectText(entries: readonly Entry[], depth: number): string {
  return `{${entries.map(([key, value]) => ` ${key}: ${valueText(value, depth + 1)}`).join(",")} }`;
}

type Entry = readonly [key: string, value: unknown];

function areEntries(entries: unknown): entries is readonly Entry[] {
  if (!Array.isArray(entries)) return false;
  return entries.every((entry) => Array.isArray(entry) && entry.length === 2 && typeof entry[0] === "string");
}

function json(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "…"; // nested until the stack is full
  }
}
