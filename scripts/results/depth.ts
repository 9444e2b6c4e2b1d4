/** @file Table: how well a question out of the small models' depth is told from one of their world. What a visitor meets is the last column. */
import { type DepthRates, FOREIGN, HELD_OUT, measureDepth, OWN_WORDS } from "../depth-measure.ts";
import { GOAL, MOST_OWN, type Rates } from "../depth-threshold.ts";
import { loadEmbedded } from "../embedded.ts";
import type { Table } from "./entry.ts";
import { markdownTable, percent } from "./table.ts";

export const depth: Table<DepthRates> = {
  name: "depth",
  title: "Questions out of depth",
  command: "npm run results -- depth",
  inputs: [
    "models/manifest.json",
    "src/models/place.ts",
    "src/models/words.ts",
    "src/models/world-words.json",
    FOREIGN,
    OWN_WORDS,
    ...HELD_OUT.map(({ path }) => path),
    "scripts/depth-measure.ts",
    "scripts/depth-threshold.ts",
    "src/cat/familiarity.ts",
    "src/cat/logprobs.ts",
    "src/engine",
  ],
  async measure(log) {
    const { model } = await loadEmbedded("sums");
    try {
      let shown = 0;
      const data = await measureDepth(model, (share) => {
        if (share - shown >= 0.25) log(`${Math.round((shown = share) * 100)} %`);
      });
      return { data, errors: [] };
    } finally {
      await model.dispose();
    }
  },
  write({ counts, byWords, byPolicy, shipped, placedRight, missed, refused }) {
    const row = (what: string, { threshold, caught, flagged, own }: Rates) => [
      what,
      String(threshold),
      percent(caught),
      percent(flagged),
      percent(own),
    ];
    const rows = [
      row("as the page does it, by words: all prompts", shipped),
      row("by words, the half it is chosen on", byWords.chosen),
      row("by words, the other half", byWords.reported),
      ...(byPolicy === null
        ? []
        : [
            row("by the policy's surprise (nats a token), the half it is chosen on", byPolicy.chosen),
            row("by the policy's surprise, the other half", byPolicy.reported),
          ]),
    ];
    const head = ["told", "threshold", "foreign, caught", "held-out, flagged", "own words, flagged"];
    return [
      `${counts.foreign} foreign prompts, ${counts.heldOut} held-out items of all domains, and ${counts.own} questions of this world that we put in words of our own: those say what a visitor meets. Of the foreign at least ${percent(GOAL.caught)} are to be caught, of the held-out at most ${percent(GOAL.flagged)} flagged. A threshold is the strictest that on every other prompt flags at most that and at most ${percent(MOST_OWN)} of the own words. Only the threshold was chosen on one half: the other rules of the word list were set with all prompts in sight.`,
      markdownTable(head, rows),
      `Domain recognised: ${percent(placedRight.heldOut)} of the held-out, ${percent(placedRight.own)} in own words.`,
      `Foreign, and not caught: ${quoted(missed)}. Of this world in own words, and flagged: ${quoted(refused)}.`,
    ].join("\n\n");
  },
};

function quoted(prompts: readonly string[]): string {
  return prompts.length === 0 ? "none" : prompts.map((prompt) => `“${prompt}”`).join(" ");
}
