/** @file `npm run results [NAME …]`: measures what docs/results.md lacks or has of older sources, one table after another, and writes it; `--page-only` writes it from what is there. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { flag, parseOptions, runCommand, UsageError } from "./options.ts";
import { fillCard } from "./results/card.ts";
import { type Entry, inputsHash, measureEntry, type Table, writeResults } from "./results/entry.ts";
import { tables } from "./results/tables.ts";
import { ROOT } from "./site.ts";

const FOLDER = join(ROOT, "docs/results");
const PAGE = join(ROOT, "docs/results.md");
const CARDS = join(ROOT, "models");

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
  const measured: string[] = [];
  const failed: string[] = [];
  for (const table of tables) {
    // Asked in its turn: a table may be made of others that were just measured.
    const stale = entries.get(table.name)?.inputs !== inputsHash(table.inputs);
    const follows = words.length === 0 || table.derived === true;
    if (values.pageOnly || !(words.includes(table.name) || (follows && stale))) continue;
    console.error(`${table.name} …`);
    try {
      const entry = await measureEntry(table, (line) => {
        console.error(`  ${line}`);
      });
      entries.set(table.name, entry);
      measured.push(table.name);
      for (const error of entry.errors) console.error(`  not measured: ${error}`);
      // After each table, so that an interruption loses one at most.
      writeFileSync(join(FOLDER, `${table.name}.json`), `${JSON.stringify(entry, null, 2)}\n`);
      writeAll(entries);
    } catch (error) {
      failed.push(table.name);
      console.error(`  ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  writeAll(entries);
  console.log(measured.length === 0 ? "Nothing was measured." : `Measured: ${measured.join(", ")}`);
  if (failed.length > 0) console.error(`Could not be measured: ${failed.join(", ")}`);
  return failed.length > 0 ? 1 : 0;
});

/** The page, its pictures and the cards. */
function writeAll(entries: ReadonlyMap<string, Entry>): void {
  writeFileSync(PAGE, writeResults(tables, entries));
  const quoted = new Map<string, string>();
  for (const table of tables) {
    const entry = entries.get(table.name);
    if (entry === undefined) continue;
    quoted.set(table.name, quote(table, entry));
    for (const { path, svg } of table.pictures?.(entry.data) ?? []) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), svg);
    }
  }
  for (const model of readdirSync(CARDS)) {
    const card = join(CARDS, model, "README.md");
    if (existsSync(card)) writeFileSync(card, fillCard(readFileSync(card, "utf8"), quoted));
  }
}

function quote(table: Table, { data }: Entry): string {
  return table.card?.(data) ?? table.write(data);
}

function readEntry(name: string): Entry | null {
  const path = join(FOLDER, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Entry) : null;
}
