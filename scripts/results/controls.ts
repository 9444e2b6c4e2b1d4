/** @file Table: what a sceptic asks for, across the domains. Measures nothing itself: it is made of the tables of methods. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MethodTable } from "../../src/bench/summary.ts";
import type { Aggregator } from "../../src/cat/types.ts";
import { ROOT } from "../site.ts";
import type { CatData } from "./cat.ts";
import type { Entry, Table } from "./entry.ts";
import { markdownTable, percent } from "./table.ts";

interface Domain {
  readonly domain: string;
  /** All seeds. */
  readonly methods: MethodTable;
}

const DOMAINS = ["sums", "lists", "advice"];

const ROWS: readonly (readonly [Aggregator, string])[] = [
  ["single", "where it starts"],
  ["synthesis", "the method"],
  ["greedy", "what the policy believes: is synthesis more than sharpening?"],
  ["synthesisOfOne", "proofreading: what is left when there is nothing to merge"],
  ["synthesisOfStrangers", "the rollouts of another problem: does the anchor read, or does it know?"],
  ["synthesisWithPrompt", "the prompt shown too; the embedded anchor never trained on that"],
  ["anchorAlone", "the prompt and no rollouts: the same weights as the policy, so the same as greedy"],
  ["longestRollout", "is it only length?"],
  ["synthesisExecuted", "the reference is run before it is believed (programs alone)"],
];

export const controls: Table<readonly Domain[]> = {
  name: "controls",
  title: "Controls",
  command: "npm run results -- controls",
  derived: true,
  inputs: DOMAINS.map((domain) => `docs/results/cat-${domain}.json`),
  measure() {
    const found = DOMAINS.flatMap((domain) => {
      const path = join(ROOT, `docs/results/cat-${domain}.json`);
      if (!existsSync(path)) return [];
      return { domain, methods: (JSON.parse(readFileSync(path, "utf8")) as Entry<CatData>).data.pooled.methods };
    });
    const errors = DOMAINS.filter((domain) => found.every((f) => f.domain !== domain)).map(
      (domain) => `${domain} (first \`npm run results -- cat-${domain}\`)`,
    );
    return Promise.resolve({ data: found, errors });
  },
  write(domains) {
    const rows = ROWS.map(([name, why]) => [
      `\`${name}\``,
      ...domains.map(({ methods }) => percent(methods[name]?.mean ?? null, methods[name]?.se)),
      why,
    ]);
    return [
      "From the tables above, all seeds. Sums and lists: share of right answers; advice: coverage at equal length.",
      markdownTable(["method", ...domains.map(({ domain }) => domain), "what it controls for"], rows),
    ].join("\n\n");
  },
};
