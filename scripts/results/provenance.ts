/** @file Table: what provenance finds in references with known support. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Accuracy, provenanceFigures, type ProvenanceFigures, readSupport } from "../../src/bench/provenance.ts";
import { ROOT } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable, percent } from "./table.ts";

interface Row {
  readonly set: string;
  readonly half: "choose" | "once";
  readonly figures: ProvenanceFigures;
}

const FOLDER = "tests/fixtures/provenance";
const SETS = [
  { file: "generated.jsonl", domains: ["sums", "lists", "advice"], all: "all" },
  { file: "hand.jsonl", domains: ["hand"], all: null },
] as const;
const NAMES: Readonly<Record<string, string>> = { hand: "20 by hand, as larger models write" };
const HALVES = ["choose", "once"] as const;

export const provenance: Table<readonly Row[]> = {
  name: "provenance",
  title: "Where each step of a reference comes from",
  command: "npm run results -- provenance",
  inputs: [FOLDER, "src/cat/provenance", "src/bench/provenance.ts"],
  measure() {
    const data: Row[] = [];
    for (const { file, domains, all } of SETS) {
      const items = readSupport(readFileSync(join(ROOT, FOLDER, file), "utf8"));
      for (const half of HALVES) {
        const of = (set: string, domain: string | null) => {
          const chosen = items.filter((item) => item.half === half && (domain === null || item.domain === domain));
          data.push({ set, half, figures: provenanceFigures(chosen) });
        };
        for (const domain of domains) of(NAMES[domain] ?? domain, domain);
        if (all !== null) of(all, null);
      }
    }
    return Promise.resolve({ data, errors: [] });
  },
  write(rows) {
    return [
      "Pairs of a step of a reference and a rollout: does the rollout support the step, contradict it, or say nothing of it? The 100 references are put together from the worlds' own sentences by `models/recipes/provenance_items.py`, which knows what every answer has of every step. Precision and recall over all pairs ± standard error over references; in brackets, how many pairs it is true of.",
      "The method and its thresholds were chosen on one half:",
      table(rows, "choose"),
      "The other half, looked at once; four changes for safety came after and left its figures as they were:",
      table(rows, "once"),
      "Nothing here knows that two sentences mean the same. Advice says many points in words that share little, which is where support is missed, and why all 100 stay below the 90 % that was asked for ([why, and what was tried](decisions/0014-provenance.md)):",
      words(rows),
    ].join("\n\n");
  },
};

function table(rows: readonly Row[], half: Row["half"]): string {
  const cells = rows
    .filter((row) => row.half === half)
    .map(({ set, figures: f }) => [
      set,
      String(f.references),
      ...both(f.supports),
      ...both(f.contradicts),
      ...both(f.nobodySaidIt),
    ]);
  const head = ["supports", "contradicts", "nobody said it"].flatMap((what) => [`${what}: precision`, "recall"]);
  return markdownTable(["references", "number", ...head], cells);
}

function both({ precision, recall, pairs }: Accuracy): string[] {
  return [percent(precision.mean, precision.se), `${percent(recall.mean, recall.se)} (${pairs})`];
}

function words(rows: readonly Row[]): string {
  const marked = rows.filter(({ figures }) => figures.sameWords.pairs + figures.otherWords.pairs > 0);
  const recall = ({ recall: { mean, se }, pairs }: ProvenanceFigures["sameWords"]) => `${percent(mean, se)} (${pairs})`;
  return markdownTable(
    ["references", "half", "support found, same words", "other words", "right place"],
    marked.map(({ set, half, figures: f }) => [
      set,
      half === "once" ? "looked at once" : "chosen on",
      recall(f.sameWords),
      recall(f.otherWords),
      percent(f.placed.mean, f.placed.se),
    ]),
  );
}
