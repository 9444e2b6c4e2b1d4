/** @file What functions are given and give, written as JavaScript writes it. Reads the forms of docs/formats.md (Programs); anything else is shown as JSON. */

const failures: Readonly<Record<string, string>> = {
  timeout: "no result in time",
  "too large": "too large a result",
  "not plain data": "no plain data",
  crashed: "crashed",
  refused: "refused to run",
};

/** The arguments of one call: `[3, 1], 2`. */
export function argumentsText(input: unknown): string {
  return Array.isArray(input) ? input.map(valueText).join(", ") : valueText(input);
}

/** A value, or in words what came instead of one. */
export function valueText(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "0" : String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const { type } = value as { type?: unknown };
  switch (type) {
    case "undefined":
    case "NaN":
    case "Infinity":
    case "-Infinity":
      return type;
    case "bigint":
      return `${String((value as { digits?: unknown }).digits)}n`;
    case "object":
      return objectText((value as { entries?: unknown }).entries);
    case "threw":
      return `throws ${String((value as { error?: unknown }).error)}`;
    case "failed": {
      const why = String((value as { why?: unknown }).why);
      return failures[why] ?? why;
    }
    default:
      return JSON.stringify(value);
  }
}

function objectText(entries: unknown): string {
  if (!Array.isArray(entries)) return JSON.stringify(entries);
  const pairs = entries as readonly (readonly [string, unknown])[];
  return `{${pairs.map(([key, value]) => ` ${key}: ${valueText(value)}`).join(",")} }`;
}
