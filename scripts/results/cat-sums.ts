/** @file Table: every method on held-out sums; its first part stands in the model's card too. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CatBenchmark } from "../../src/bench/cat.ts";
import { runBenchCat } from "../bench-cat.ts";
import type { Table } from "./entry.ts";
import { ROOT } from "../site.ts";
import { markdownTable, percent } from "./table.ts";

const ITEMS = 200;

export const catSums: Table<CatBenchmark> = {
  name: "cat-sums",
  title: "Methods on held-out sums",
  command: `npm run -s bench -- cat --domain sums --items ${ITEMS}`,
  inputs: ["models/manifest.json", "models/items", "src/bench", "src/cat", "src/verify", "src/engine/generate.ts"],
  async measure(log) {
    const settings = { domain: "sums", items: ITEMS, rollouts: 8, seed: 1, device: "node" } as const;
    let shown = 0;
    const data = await runBenchCat(settings, (share) => {
      if (share - shown >= 0.1) log(`${Math.round((shown = share) * 100)} %`);
    });
    return { data, errors: [] };
  },
  write(data) {
    const { differences, disagree, rescued } = data;
    const paired = Object.entries(differences).map(([name, { mean, se }]) => [
      name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`),
      percent(mean, se),
    ]);
    const strata = (key: "slip" | "misread") =>
      data.strata
        .filter((stratum) => stratum[key] !== null && stratum.items > 0)
        .map(({ [key]: band, items: n, methods: m }) => [
          `${band![0]} to ${Math.min(1, band![1])}`,
          String(n),
          ...(["single", "majority", "synthesis"] as const).map((name) => percent(m[name]?.mean ?? null, m[name]?.se)),
        ]);
    const head = ["items", "single", "majority", "synthesis"];
    return [
      methodsTable(data),
      "Paired by item:",
      markdownTable(["difference", "mean"], paired),
      `Synthesis and vote differ on ${percent(disagree.majority.rate)} of the items; synthesis is right on ${percent(disagree.majority.accuracy)} of those. It is right on ${rescued.count} items on which every rollout is wrong.`,
      "By the worst slip rate among an item's facts:",
      markdownTable(["slip rate", ...head], strata("slip")),
      "By the worst misreading rate:",
      markdownTable(["misreading rate", ...head], strata("misread")),
      `Rollouts given to the anchor: ${data.curve.map(({ g, synthesis, majority }) => `${g}: synthesis ${percent(synthesis)}, vote ${percent(majority)}`).join("; ")}.`,
    ].join("\n\n");
  },
};

function methodsTable({ items, rollouts, seed, device, methods }: CatBenchmark): string {
  const rows = Object.entries(methods).map(([name, { mean, se, tokens }]) => [
    `\`${name}\``,
    percent(mean, se),
    tokens.toFixed(0),
  ]);
  const what = `${items} items, ${rollouts} rollouts each, seed ${seed}, on ${device}. Share of right answers ± standard error; tokens generated for an item.`;
  return `${what}\n\n${markdownTable(["method", "right", "tokens"], rows)}`;
}

const CARD = join(ROOT, "models/kitten/README.md");
const BEGIN = "<!-- cat-sums: written by npm run results -->";
const END = "<!-- /cat-sums -->";

/** The card quotes the table, so that no figure stands there that the command did not print. @throws Error if the card has lost its place for it. */
export function writeCard(data: CatBenchmark): void {
  const card = readFileSync(CARD, "utf8");
  const [before, rest] = card.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`models/kitten/README.md lacks ${BEGIN} … ${END}`);
  writeFileSync(CARD, `${before}${BEGIN}\n\n${methodsTable(data)}\n\n${END}${after}`);
}
