/** @file `npm run results [NAME …]`: measures what docs/results.md lacks or has of older sources, one table after another, and writes it; `--page-only` writes it from what is there. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CatBenchmark } from "../src/bench/cat.ts";
import { flag, parseOptions, runCommand, UsageError } from "./options.ts";
import { type Entry, inputsHash, measureEntry, type Table, writeResults } from "./results/entry.ts";
import { writeCard } from "./results/cat-sums.ts";
import { tables } from "./results/tables.ts";
import { ROOT } from "./site.ts";

const FOLDER = join(ROOT, "docs/results");
const PAGE = join(ROOT, "docs/results.md");

await runCommand(async (argv) => {
  const { values, words } = parseOptions(argv, { pageOnly: flag() });
  const names = tables.map((table) => table.name);
  const unknown = words.find((word) => !names.includes(word));
  if (unknown !== undefined) throw new UsageError(`the table is "${unknown}": there are ${names.join(", ")}`);

  mkdirSync(FOLDER, { recursive: true });
  const entries = new Map<string, Entry>();
  for (const { name } of tables) {
    const entry = readEntry(name);
    if (entry !== null) entries.set(name, entry);
  }
  const stale = ({ name, inputs }: Table) => entries.get(name)?.inputs !== inputsHash(inputs);
  const due = tables.filter(
    (table) => !values.pageOnly && (words.length > 0 ? words.includes(table.name) : stale(table)),
  );
  for (const table of due) {
    console.error(`${table.name} …`);
    const entry = await measureEntry(table, (line) => {
      console.error(`  ${line}`);
    });
    entries.set(table.name, entry);
    for (const error of entry.errors) console.error(`  not measured: ${error}`);
    // After each table, so that an interruption loses one at most.
    writeFileSync(join(FOLDER, `${table.name}.json`), `${JSON.stringify(entry, null, 2)}\n`);
    writeFileSync(PAGE, writeResults(tables, entries));
  }
  writeFileSync(PAGE, writeResults(tables, entries));
  const sums = entries.get("cat-sums");
  if (sums !== undefined) writeCard(sums.data as CatBenchmark);
  console.log(due.length === 0 ? "Nothing was measured." : `Measured: ${due.map((t) => t.name).join(", ")}`);
  return 0;
});

function readEntry(name: string): Entry | null {
  const path = join(FOLDER, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Entry) : null;
}
