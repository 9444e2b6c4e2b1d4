/** @file What the scores of many items say about the methods: means, differences and ratios, of one run or of several with other seeds. */
import type { Aggregator } from "../cat/types.ts";
import { estimate, type Estimate, pairedDifference, ratioOfMeans } from "./statistics.ts";

/** A method's answer to one item. */
export interface Scored {
  /** 0..1; for `single` the mean over the rollouts. */
  readonly score: number;
  /** Tokens generated to get it. */
  readonly tokens: number;
}

export type MethodScores<S extends Scored = Scored> = Readonly<Partial<Record<Aggregator, S>>>;

export type MethodTable = Partial<Record<Aggregator, Estimate & { readonly tokens: number }>>;

export interface Summary {
  /** Mean score, 0..1; mean tokens an item. */
  readonly methods: MethodTable;
  /** Of scores, paired by item. */
  readonly differences: Readonly<Record<DifferenceName, Estimate>>;
  readonly ratios: {
    /** Synthesis ÷ single. */
    readonly synthesisToSingle: Estimate;
    /** How much of the gain over a single answer is merging and not proofreading: (synthesis − synthesisOfOne) ÷ (synthesis − single). */
    readonly merging: Estimate;
  };
}

type DifferenceName = keyof typeof SUBTRAHENDS;

const SUBTRAHENDS = {
  synthesisMinusSingle: "single",
  synthesisMinusGreedy: "greedy",
  synthesisMinusMajority: "majority",
  synthesisMinusLowestPerplexity: "lowestPerplexity",
  synthesisMinusSynthesisOfOne: "synthesisOfOne",
} as const satisfies Record<string, Aggregator>;

/** @param scores [items] */
export function summarize(scores: readonly MethodScores[]): Summary {
  const of = (name: Aggregator) => scores.flatMap((methods) => methods[name]?.score ?? []);
  const gainOver = (name: Aggregator) => scores.map((m) => (m.synthesis?.score ?? 0) - (m[name]?.score ?? 0));
  const differences = Object.entries(SUBTRAHENDS).map(([difference, name]) => {
    const missing = of(name).length === 0; // advice has no vote
    return [difference, missing ? { mean: null, se: null } : pairedDifference(of("synthesis"), of(name))] as const;
  });
  return {
    methods: methodTable(scores),
    differences: Object.fromEntries(differences) as Record<DifferenceName, Estimate>,
    ratios: {
      synthesisToSingle: ratioOfMeans(of("synthesis"), of("single")),
      merging: ratioOfMeans(gainOver("synthesisOfOne"), gainOver("single")),
    },
  };
}

/** As docs/formats.md lists them. */
const ORDER: readonly Aggregator[] = [
  "single",
  "greedy",
  "majority",
  "lowestPerplexity",
  "selfBestOfN",
  "mutualPredictability",
  "universalSelfConsistency",
  "synthesisOfOne",
  "synthesis",
  "synthesisExecuted",
  "synthesisWithPrompt",
  "synthesisOfStrangers",
  "anchorAlone",
  "longestRollout",
  "passAtG",
];

/** @param scores [items], all with the same methods. */
export function methodTable(scores: readonly MethodScores[]): MethodTable {
  return Object.fromEntries(
    ORDER.filter((name) => scores[0]?.[name] !== undefined).map((name) => {
      const scored = scores.map((methods) => methods[name]!);
      const tokens = estimate(scored.map((s) => s.tokens)).mean ?? 0;
      return [name, { ...estimate(scored.map((s) => s.score)), tokens: Math.round(tokens * 10) / 10 }];
    }),
  );
}

/**
 * The mean of several runs item by item, so that an item counts once however often it was drawn, and standard errors stay those of items.
 * @param runs [seeds][items], the same items in each.
 */
export function overSeeds<S extends Scored>(runs: readonly (readonly MethodScores<S>[])[]): MethodScores<S>[] {
  const [first = []] = runs;
  return first.map((methods, item) => {
    const names = Object.keys(methods) as Aggregator[];
    return Object.fromEntries(names.map((name) => [name, meanOf(runs.map((run) => run[item]![name]!))] as const));
  });
}

/** Field by field: all are numbers. */
function meanOf<S extends Scored>(scored: readonly S[]): S {
  const fields = Object.keys(scored[0]!) as (keyof S)[];
  const mean = (field: keyof S) => scored.reduce((sum, s) => sum + (s[field] as number), 0) / scored.length;
  return Object.fromEntries(fields.map((field) => [field, mean(field)])) as unknown as S;
}
