/**
 * @file `npx tsx scripts/depth.ts`: how well a foreign prompt is told from one of the embedded models' small world, by its words and by the policy's
 * own surprise. Thresholds are chosen on every other prompt, and judged on the rest. For the record it is `npm run results -- depth`.
 */
import { type DepthRates, type Halves, measureDepth } from "./depth-measure.ts";
import { GOAL, type Rates } from "./depth-threshold.ts";
import { loadEmbedded, MODELS } from "./embedded.ts";
import { flag, noWords, parseOptions, runCommand, text } from "./options.ts";

await runCommand(async (argv) => {
  const { values, words } = parseOptions(argv, {
    models: text("a folder with manifest.json and models", MODELS),
    wordsOnly: flag(),
    json: flag(),
  });
  noWords(words);
  const policy = values.wordsOnly ? null : (await loadEmbedded("sums", values.models)).model;
  const rates = await measureDepth(policy);
  await policy?.dispose();
  console.log(values.json ? JSON.stringify(rates) : table(rates).join("\n"));
  const { caught, flagged } = rates.shipped;
  return caught >= GOAL.caught && flagged <= GOAL.flagged ? 0 : 1;
});

function table({ counts, byWords, byPolicy, shipped, placedRight, missed, refused }: DepthRates): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const line = (name: string, { threshold, ...rates }: Rates) => {
    const shares = [rates.caught, rates.flagged, rates.own].map((share) => percent(share).padStart(8));
    return [name.padEnd(40), String(threshold).padStart(9), ...shares].join("  ");
  };
  const both = (name: string, { chosen, reported }: Halves) => [
    line(`${name}, half it is chosen on`, chosen),
    line(`${name}, other half`, reported),
  ];
  return [
    `${counts.foreign} foreign prompts, ${counts.heldOut} held-out ones, ${counts.own} of this world in own words`,
    `goal: at least ${percent(GOAL.caught)} of the foreign caught, at most ${percent(GOAL.flagged)} of the held-out flagged`,
    ["".padEnd(40), "threshold", "  caught", " flagged", "own words"].join("  "),
    ...both("words", byWords),
    ...(byPolicy === null ? [] : both("policy, nats a token", byPolicy)),
    line("as shipped (words), all", shipped),
    `domain recognised: ${percent(placedRight.heldOut)} of held-out, ${percent(placedRight.own)} in own words`,
    `missed: ${missed.join(" | ") || "none"}`,
    `refused, in own words: ${refused.join(" | ") || "none"}`,
  ];
}
