/** @file What came of loading models, as a file to hand on (docs/formats.md). Sends it nowhere. */
import type { LoadReport } from "../../lab/protocol.ts";
import { saveFile } from "./library.svelte.ts";

/** One model or several in one file. */
export function saveLoadReports(models: readonly LoadReport[]): void {
  const [first, ...others] = models;
  const of = first === undefined || others.length > 0 ? "models" : `${first.id.replaceAll("/", "--")}--${first.dtype}`;
  const file = { format: 1, type: "cat-lab-loads", models };
  saveFile(`cat-lab-loads--${of}.json`, `${JSON.stringify(file, null, 2)}\n`, "application/json");
}

/** Of a bundle, and of this page's own models, which a preparation tries first. @param keys "owner/name@dtype" */
export function reportsOf(loads: readonly LoadReport[], keys: readonly string[]): LoadReport[] {
  return loads.filter(({ id, dtype }) => !id.includes("/") || keys.includes(`${id}@${dtype}`));
}
