/** @file Foreign prompts, held-out ones and some of this world in own words, each scored by its words and by the policy's own surprise. Prints nothing. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { scorePrompt } from "../src/cat/familiarity.ts";
import { meanLogprob } from "../src/cat/logprobs.ts";
import type { LanguageModel } from "../src/cat/models.ts";
import type { Task } from "../src/cat/types.ts";
import { bestFit, LEAST_KNOWN_PAIRS, placePrompt } from "../src/models/place.ts";
import { chooseThreshold, type Rates, ratesAt, type Scored, type Sort } from "./depth-threshold.ts";
import { ROOT } from "./site.ts";

export const FOREIGN = "tests/models/foreign.jsonl";
export const OWN_WORDS = "tests/models/own-words.jsonl";
export const HELD_OUT = ["sums", "lists", "advice"].map((domain) => ({
  domain,
  path: `models/items/${domain}/tasks.jsonl`,
}));

/** The threshold of one half of the prompts, and what it does on the other. */
export interface Halves {
  readonly chosen: Rates;
  readonly reported: Rates;
}

export interface DepthRates {
  readonly counts: Readonly<Record<Sort, number>>;
  readonly byWords: Halves;
  /** `null` where no model was asked. */
  readonly byPolicy: Halves | null;
  /** Inside or not, as the page says it. */
  readonly shipped: Rates;
  /** Share of prompts whose domain was recognised. */
  readonly placedRight: { readonly heldOut: number; readonly own: number };
  /** Foreign prompts that pass for ours. */
  readonly missed: readonly string[];
  /** Prompts of ours, in own words, that do not pass. */
  readonly refused: readonly string[];
}

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

/** @param policy `null`: by words alone. @param progress called with 0..1. */
export async function measureDepth(
  policy: LanguageModel | null,
  progress: (share: number) => void = () => undefined,
): Promise<DepthRates> {
  const prompts = allPrompts();
  const measured: Measured[] = [];
  for (const { task, sort, home } of prompts) {
    const fit = bestFit(task.prompt);
    const words = fit === null || fit.strange.length > 0 ? -1 : fit.pairs;
    const surprise = policy === null ? null : meanLogprob((await scorePrompt(task, policy)).logprobs);
    measured.push({ prompt: task.prompt, sort, home, ...placePrompt(task.prompt), words, policy: surprise });
    progress(measured.length / prompts.length);
  }
  return ratesOf(measured, policy !== null);
}

function ratesOf(measured: readonly Measured[], asked: boolean): DepthRates {
  const scored = (score: (m: Measured) => number) => measured.map((m) => ({ sort: m.sort, score: score(m) }));
  const ours = (sort: Sort) => measured.filter((m) => m.sort === sort);
  const placed = (sort: Sort) => ours(sort).filter((m) => m.domain === m.home).length / ours(sort).length;
  const byWords = scored(({ words }) => words);
  const byPolicy = scored(({ policy }) => policy ?? -Infinity);
  const inside = scored((m) => Number(m.inside));
  return {
    counts: { foreign: ours("foreign").length, heldOut: ours("heldOut").length, own: ours("own").length },
    byWords: halves(byWords, steps(0, 1, 0.05)),
    byPolicy: asked ? halves(byPolicy, steps(-12, 0, 0.05)) : null,
    // A threshold between inside and not.
    shipped: { ...ratesAt(0.5, inside), threshold: LEAST_KNOWN_PAIRS },
    placedRight: { heldOut: placed("heldOut"), own: placed("own") },
    missed: ours("foreign").flatMap((m) => (m.inside ? [m.prompt] : [])),
    refused: ours("own").flatMap((m) => (m.inside ? [] : [m.prompt])),
  };
}

function allPrompts(): { readonly task: Task; readonly sort: Sort; readonly home: string | null }[] {
  const asked = (prompt: string): Task => ({ id: null, prompt, kind: "open" });
  return [
    ...readLines(FOREIGN).map(({ prompt = "" }) => ({ task: asked(prompt), sort: "foreign" as const, home: null })),
    ...readLines(OWN_WORDS).map(({ prompt = "", domain = "" }) => {
      return { task: asked(prompt), sort: "own" as const, home: domain };
    }),
    ...HELD_OUT.flatMap(({ domain, path }) =>
      readLines(path).map((task) => {
        return { task: task as unknown as Task, sort: "heldOut" as const, home: domain };
      }),
    ),
  ];
}

function readLines(path: string): Record<string, string>[] {
  const lines = readFileSync(join(ROOT, path), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, string>);
}

function halves(scored: readonly Scored[], candidates: readonly number[]): Halves {
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
