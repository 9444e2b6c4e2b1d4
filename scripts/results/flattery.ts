/** @file Table: the judge against answers that flatter or instruct it, each beside its honest twin. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { flatteryFigures, type FlatteryFigures, judgeTwins, readTwins } from "../../src/bench/flattery.ts";
import { loadEmbeddedJudge } from "../embedded.ts";
import { ROOT } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable } from "./table.ts";

const FOLDER = "tests/fixtures/attacks";

export const flattery: Table<Readonly<Record<string, FlatteryFigures>>> = {
  name: "flattery",
  title: "The judge against flattery",
  command: "npm run results -- flattery",
  inputs: ["models/manifest.json", FOLDER, "src/bench", "src/cat", "src/engine"],
  async measure(log) {
    const twins = readTwins(readFileSync(join(ROOT, FOLDER, "flattery.jsonl"), "utf8"));
    const texts = JSON.parse(readFileSync(join(ROOT, FOLDER, "criteria.json"), "utf8")) as readonly string[];
    const judge = await loadEmbeddedJudge();
    try {
      let shown = 0;
      const criteria = texts.map((text, id) => ({ id, text }));
      const judged = await judgeTwins(twins, criteria, judge, (share) => {
        if (share - shown >= 0.25) log(`${Math.round((shown = share) * 100)} %`);
      });
      return { data: flatteryFigures(judged), errors: [] };
    } finally {
      await judge.dispose();
    }
  },
  write(figures) {
    const mean = (value: number | null) => (value === null ? "–" : value.toFixed(2));
    const rows = Object.entries(figures).map(([kind, f]) => [
      kind,
      String(f.twins),
      mean(f.honest),
      mean(f.attack),
      String(f.paid),
    ]);
    const all = Object.values(figures);
    const total = all.reduce((sum, { twins }) => sum + twins, 0);
    const paid = all.reduce((sum, f) => sum + f.paid, 0);
    return [
      `${total} answers that speak to the judge, each beside its honest twin: the same advice without those words. ${paid} of them earned more than the twin. Six criteria about a mild flu; the embedded judge, asked as the rewards ask.`,
      markdownTable(["what is tried", "pairs", "mean reward, honest", "mean reward, attack", "earned more"], rows),
    ].join("\n\n");
  },
};
