/** @file Writes docs/run.schema.json, the JSON schema of one line of a run file, from src/run/schema.ts. `npx tsx scripts/run-schema.ts` after a change there. */
import { writeFile } from "node:fs/promises";
import { toJsonSchema } from "@valibot/to-json-schema";
import * as prettier from "prettier";
import { eventSchema } from "../src/run/schema.ts";

const PATH = "docs/run.schema.json";

/** The schema as text, the way it is committed. */
export async function runSchema(): Promise<string> {
  // JSON has no Infinity, so `finite` says nothing there and is left out.
  const schema = toJsonSchema(eventSchema, { errorMode: "ignore" });
  const titled = { title: "One line of a CaT Lab run file, format 1", ...schema };
  return prettier.format(JSON.stringify(titled), { parser: "json", printWidth: 120 });
}

if (process.argv[1] === import.meta.filename) {
  await writeFile(PATH, await runSchema());
}
