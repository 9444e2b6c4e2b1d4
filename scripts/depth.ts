/**
 * @file `npx tsx scripts/depth.ts`: how well a foreign prompt is told from one of the embedded models' small world, by its words and by the policy's
 * own surprise. Thresholds are chosen on every other prompt, and judged on the rest.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scorePrompt } from "../src/cat/familiarity.ts";
import { meanLogprob } from "../src/cat/logprobs.ts";
import type { Task } from "../src/cat/types.ts";
import { bestFit, LEAST_KNOWN_PAIRS, placePrompt } from "../src/models/place.ts";
import { loadEmbedded, MODELS } from "./embedded.ts";
import { chooseThreshold, GOAL, type Rates, ratesAt, type Scored, type Sort } from "./depth-threshold.ts";
import { flag, noWords, parseOptions, runCommand, text } from "./options.ts";
import { ROOT } from "./site.ts";

const DOMAINS = ["sums", "lists", "advice"];

interface Measured {
  readonly prompt: string;
  readonly sort: Sort;
  /** The domain it is of; `null` for a foreign one. */
  readonly home: string | null;
  readonly domain: string | null;
  readonly inside: boolean;
  /** Share of known pairs where every word is known, else −1: low means foreign. */
  readonly words: number;
  /** Mean log-probability a token under the policy, nats: low means foreign. */
  readonly policy: number | null;
}

function readLines(...path: string[]): Record<string, string>[] {
  const lines = readFileSync(join(ROOT, ...path), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, string>);
}

/** @param score of a prompt under the policy; `null` where none is loaded. */
async function measure(score: ((task: Task) => Promise<number | null>) | null): Promise<Measured[]> {
  const foreign = readLines("tests", "models", "foreign.jsonl").map(({ prompt = "" }) => {
    return { task: { id: null, prompt, kind: "open" } satisfies Task, sort: "foreign" as const, home: null };
  });
  const own = readLines("tests", "models", "own-words.jsonl").map(({ prompt = "", domain = "" }) => {
    return { task: { id: null, prompt, kind: "open" } satisfies Task, sort: "own" as const, home: domain };
  });
  const heldOut = DOMAINS.flatMap((domain) =>
    readLines("models", "items", domain, "tasks.jsonl").map((task) => {
      return { task: task as unknown as Task, sort: "heldOut" as const, home: domain };
    }),
  );
  const measured: Measured[] = [];
  for (const { task, ...rest } of [...foreign, ...own, ...heldOut]) {
    const fit = bestFit(task.prompt);
    const words = fit === null || fit.strange.length > 0 ? -1 : fit.pairs;
    const { domain, inside } = placePrompt(task.prompt);
    const policy = score === null ? null : await score(task);
    measured.push({ prompt: task.prompt, ...rest, domain, inside, words, policy });
  }
  return measured;
}

/** The threshold of one half, with what it does on either. */
function halves(scored: readonly Scored[], candidates: readonly number[]) {
  const half = (odd: number) => scored.filter((_, i) => i % 2 === odd);
  const chosen = chooseThreshold(half(0), candidates);
  return { chosen, reported: ratesAt(chosen.threshold, half(1)) };
}

function steps(from: number, to: number, step: number): number[] {
  return Array.from(
    { length: Math.round((to - from) / step) + 1 },
    (_, i) => Math.round((from + i * step) * 1e6) / 1e6,
  );
}

await runCommand(async (argv) => {
  const { values, words } = parseOptions(argv, {
    models: text("a folder with manifest.json and models", MODELS),
    wordsOnly: flag(),
    json: flag(),
  });
  noWords(words);
  const policy = values.wordsOnly ? null : (await loadEmbedded("sums", values.models)).model;
  const measured = await measure(
    policy === null ? null : async (task) => meanLogprob((await scorePrompt(task, policy)).logprobs),
  );
  await policy?.dispose();

  const scored = (score: (m: Measured) => number) => measured.map((m) => ({ sort: m.sort, score: score(m) }));
  const byWords = halves(
    scored(({ words: score }) => score),
    steps(0, 1, 0.05),
  );
  const byPolicy =
    policy === null
      ? null
      : halves(
          scored(({ policy: score }) => score ?? -Infinity),
          steps(-12, 0, 0.05),
        );
  // Inside or not, as the page will say it: a threshold between the two.
  const shipped = {
    ...ratesAt(
      0.5,
      scored(({ inside }) => Number(inside)),
    ),
    threshold: LEAST_KNOWN_PAIRS,
  };
  const ours = (sort: Sort) => measured.filter((m) => m.sort === sort);
  const placed = (sort: Sort) => ours(sort).filter((m) => m.domain === m.home).length / ours(sort).length;
  const counts = { foreign: ours("foreign").length, heldOut: ours("heldOut").length, own: ours("own").length };
  const placedRight = { heldOut: placed("heldOut"), own: placed("own") };
  const missed = ours("foreign").flatMap((m) => (m.inside ? [m.prompt] : []));
  const result = { counts, byWords, byPolicy, shipped, placedRight, missed };
  console.log(values.json ? JSON.stringify(result) : table(result).join("\n"));
  return shipped.caught >= GOAL.caught && shipped.flagged <= GOAL.flagged ? 0 : 1;
});

interface Result {
  readonly counts: Readonly<Record<Sort, number>>;
  readonly byWords: ReturnType<typeof halves>;
  /** `null` where no model was asked. */
  readonly byPolicy: ReturnType<typeof halves> | null;
  readonly shipped: Rates;
  readonly placedRight: { readonly heldOut: number; readonly own: number };
  readonly missed: readonly string[];
}

function table({ counts, byWords, byPolicy, shipped, placedRight, missed }: Result): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const line = (name: string, { threshold, ...rates }: Rates) => {
    const shares = [rates.caught, rates.flagged, rates.own].map((share) => percent(share).padStart(8));
    return [name.padEnd(40), String(threshold).padStart(9), ...shares].join("  ");
  };
  const both = (name: string, { chosen, reported }: ReturnType<typeof halves>) => [
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
  ];
}
