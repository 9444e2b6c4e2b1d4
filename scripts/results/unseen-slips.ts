/** @file Table: the anchor on slips of kinds that its training never had. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readItems } from "../../src/bench/item.ts";
import {
  benchUnseenSlips,
  readSlippingItems,
  type UnseenSlips,
  type WayOfSlipping,
} from "../../src/bench/unseen-slips.ts";
import { itemFiles, loadEmbedded } from "../embedded.ts";
import { ROOT } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable, percent } from "./table.ts";

const GROUPS = "models/items/sums/unseen.jsonl";

const MEANING: Readonly<Record<WayOfSlipping, string>> = {
  ordinary: "as in training: a result off by 1, 2 or 10",
  otherResult: "never in training: digits swapped, or off by 3, 5 or 20",
  otherBox: "never in training: every step right, another number in the box",
};

export const unseenSlips: Table<UnseenSlips> = {
  name: "unseen-slips",
  title: "Slips that synthesis training never saw",
  command: "npm run results -- unseen-slips",
  inputs: ["models/manifest.json", GROUPS, "src/bench", "src/cat", "src/verify", "src/engine"],
  async measure(log) {
    const items = readSlippingItems(readFileSync(join(ROOT, GROUPS), "utf8"), readItems(await itemFiles("sums")));
    const { model, maxTokens } = await loadEmbedded("sums");
    try {
      let shown = 0;
      const data = await benchUnseenSlips(items, model, maxTokens, (share) => {
        if (share - shown >= 0.25) log(`${Math.round((shown = share) * 100)} %`);
      });
      return { data, errors: [] };
    } finally {
      await model.dispose();
    }
  },
  write({ items, rollouts, ways }) {
    const rows = (Object.keys(MEANING) as WayOfSlipping[]).map((way) => {
      const { single, majority, synthesisOfOne, synthesis, lessOrdinary } = ways[way];
      return [
        MEANING[way],
        ...[single, majority, synthesisOfOne, synthesis].map(({ mean, se }) => percent(mean, se)),
        way === "ordinary" ? "" : percent(lessOrdinary.mean, lessOrdinary.se),
      ];
    });
    return [
      `${items} held-out sums, ${rollouts} rule-made answers each, which misread alike and slip at the same rates in all three groups; the anchor is the embedded model. Share of right answers ± standard error; the last column is paired by item.`,
      markdownTable(["slips", "single", "majority", "synthesisOfOne", "synthesis", "less the ordinary"], rows),
    ].join("\n\n");
  },
};
