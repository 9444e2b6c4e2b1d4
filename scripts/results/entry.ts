/** @file What a table of docs/results.md is made of: how it is measured, what its numbers depend on, how it is written. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, platform } from "node:os";
import { join } from "node:path";
import { filesBelow, ROOT } from "../site.ts";

/** One measurement, as docs/results/NAME.json keeps it. */
export interface Entry<Data = unknown> {
  readonly name: string;
  /** What was run, as a person would type it. */
  readonly command: string;
  /** Day of the measurement, ISO 8601. */
  readonly date: string;
  readonly machine: string;
  /** Load average over the last minute when it ended: other work makes times longer. */
  readonly load: number;
  /** Hash of what the numbers depend on; another one makes the entry stale. */
  readonly inputs: string;
  readonly data: Data;
  /** What could not be measured, in sentences. */
  readonly errors: readonly string[];
}

export interface Table<Data = unknown> {
  readonly name: string;
  readonly title: string;
  readonly command: string;
  /** Files and folders of the project that the numbers depend on. */
  readonly inputs: readonly string[];
  /** Made of other tables at no cost: it follows them without being named. */
  readonly derived?: true;
  measure(log: (line: string) => void): Promise<{ readonly data: Data; readonly errors: readonly string[] }>;
  /** Markdown, without the heading. */
  write(data: Data): string;
  /** What a model's card quotes of it, where that is not all. */
  card?(data: Data): string;
  /** Pictures that `write` shows. */
  pictures?(data: Data): readonly { readonly path: string; readonly svg: string }[];
}

export function inputsHash(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesBelow)) hash.update(`${path}\0`).update(readFileSync(join(ROOT, path)));
  return hash.digest("hex").slice(0, 16);
}

export async function measureEntry(table: Table, log: (line: string) => void): Promise<Entry> {
  const inputs = inputsHash(table.inputs);
  const { data, errors } = await table.measure(log);
  const { name, command } = table;
  const date = new Date().toISOString().slice(0, 10);
  return { name, command, date, machine: machine(), load: Math.round(loadavg()[0]! * 10) / 10, inputs, data, errors };
}

/** The whole of docs/results.md. @param entries by name; a table without one says so. */
export function writeResults(tables: readonly Table[], entries: ReadonlyMap<string, Entry>): string {
  const parts = tables.map((table) => {
    const entry = entries.get(table.name);
    const body = entry === undefined ? ["Not measured yet."] : measured(table, entry);
    return [`## ${table.title}`, `\`${table.command}\``, ...body].join("\n\n");
  });
  return [
    "# Results",
    "Written by `npm run results` from `docs/results/*.json`; not to be edited. `npm run results -- NAME` measures one table again.",
    "Real models, running here. We trained the small ones with synthetic answer keys and chose how often they slip, so they show the mechanism; they are not evidence for the paper.",
    ...parts,
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function measured(table: Table, { date, machine: where, load, data, errors }: Entry): string[] {
  const about = `Measured on ${date}: ${where}; load ${load} when it ended.`;
  return [about, table.write(data), ...errors.map((error) => `Not measured: ${error}`)];
}

function machine(): string {
  const cores = cpus();
  const model = (cores[0]?.model ?? "unknown processor").replaceAll(/\s+/g, " ").trim();
  return `${model}, ${cores.length} cores, ${platform()} ${arch()}, Node ${process.versions.node}`;
}
