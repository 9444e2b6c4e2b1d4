/** @file Table: what provenance finds in references with known support. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Accuracy,
  judgedSources,
  provenanceFigures,
  type ProvenanceFigures,
  readSupport,
  type SupportItem,
} from "../../src/bench/provenance.ts";
import type { JudgedSources } from "../../src/cat/provenance/provenance.ts";
import { loadEmbeddedJudge } from "../embedded.ts";
import { ROOT } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable, percent } from "./table.ts";

type Half = "choose" | "once" | "fresh" | "unseen";

interface Row {
  readonly set: string;
  readonly half: Half;
  readonly figures: ProvenanceFigures;
}

const FOLDER = "tests/fixtures/provenance";
const HAND = "20 by hand, as larger models write";
const WORDS_ALONE = "advice, by words alone";
/** What a row is about: a domain, or advice without the judge, or all of a file. */
const SETS = ["sums", "lists", "advice", WORDS_ALONE, "all"];
/** A file of one half is taken whole. */
const FILES: readonly { readonly file: string; readonly halves: readonly Half[]; readonly sets: readonly string[] }[] =
  [
    { file: "fresh", halves: ["fresh"], sets: SETS },
    { file: "unseen", halves: ["unseen"], sets: ["advice", WORDS_ALONE] },
    { file: "generated", halves: ["choose", "once"], sets: SETS },
    { file: "hand", halves: ["choose", "once"], sets: [HAND] },
  ];

export const provenance: Table<readonly Row[]> = {
  name: "provenance",
  title: "Where each step of a reference comes from",
  command: "npm run results -- provenance",
  inputs: [FOLDER, "models/manifest.json", "src/cat", "src/engine", "src/bench/provenance.ts"],
  async measure() {
    const judge = await loadEmbeddedJudge();
    const data: Row[] = [];
    try {
      for (const { file, halves, sets } of FILES) {
        const items = readSupport(readFileSync(join(ROOT, FOLDER, `${file}.jsonl`), "utf8"));
        const judged = file === "hand" ? [] : await judgedSources(items, judge);
        const both = items.map((item, i) => ({ item, by: judged[i] }));
        for (const half of halves) {
          const within = halves.length === 1 ? both : both.filter(({ item }) => item.half === half);
          for (const set of sets) data.push({ set, half, figures: figuresOf(set, within) });
        }
      }
    } finally {
      await judge.dispose();
    }
    return { data, errors: [] };
  },
  write(rows) {
    return [
      "Pairs of a step of a reference and a rollout: does the rollout support the step, contradict it, or say nothing of it? The references are put together from the worlds' own sentences by `models/recipes/provenance_items.py`, which knows what every answer has of every step. In advice the judge is asked; sums, lists and the texts by hand are read by work, numbers and words. Precision and recall over all pairs ± standard error over references; in brackets, how many pairs it is true of.",
      "100 fresh references, drawn once the method stood and looked at once. In advice they and their answers are in kitten's own wordings, which the judge learnt to read: that is how the two are used together:",
      table(rows, "fresh"),
      "Advice again, with answers in wordings and denials that neither kitten nor the judge ever met:",
      table(rows, "unseen"),
      "The references that the method by words and its thresholds were chosen on:",
      table(rows, "choose"),
      "Their other half, looked at once for words and again when the judge was asked too:",
      table(rows, "once"),
      "Support found where the rollout has the step's very words, and where it has others; and how often a dot leads to the right place ([what was tried](decisions/0014-provenance.md)):",
      words(rows),
    ].join("\n\n");
  },
};

function figuresOf(
  set: string,
  items: readonly { readonly item: SupportItem; readonly by: JudgedSources | undefined }[],
): ProvenanceFigures {
  const domain = set === WORDS_ALONE ? "advice" : set;
  const chosen = set === "all" || set === HAND ? items : items.filter(({ item }) => item.domain === domain);
  return provenanceFigures(
    chosen.map(({ item }) => item),
    set === WORDS_ALONE ? [] : chosen.map(({ by }) => by),
  );
}

function table(rows: readonly Row[], half: Half): string {
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
    ["references", "of", "support found, same words", "other words", "right place"],
    marked.map(({ set, half, figures: f }) => [
      set,
      { fresh: "fresh", unseen: "unseen wordings", choose: "chosen on", once: "other half" }[half],
      recall(f.sameWords),
      recall(f.otherWords),
      percent(f.placed.mean, f.placed.se),
    ]),
  );
}
