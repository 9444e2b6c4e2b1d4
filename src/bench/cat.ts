/** @file The benchmark `bench cat`: all methods on held-out items, from the same rollouts. The object it gives is pinned in docs/formats.md. */
import type { Roles, Sampling, Stop } from "../cat/models.ts";
import type { CatOptions } from "../cat/options.ts";
import type { Aggregator } from "../cat/types.ts";
import type { Item } from "./item.ts";
import { type Explored, exploreItem, type Outcome, scoreItem } from "./outcome.ts";
import { estimate, type Estimate, pairedDifference } from "./statistics.ts";

export interface BenchSettings {
  readonly domain: string;
  /** G, 1..16. */
  readonly rollouts: number;
  readonly seed: number;
  readonly sampling: Sampling;
  readonly maxTokens: number;
}

type MethodTable = Partial<Record<Aggregator, Estimate & { readonly tokens: number }>>;

export interface CatBenchmark {
  readonly domain: string;
  readonly items: number;
  readonly rollouts: number;
  readonly seed: number;
  readonly device: string;
  /** Accuracy, 0..1; mean tokens an item. */
  readonly methods: MethodTable;
  /** Paired by item. */
  readonly differences: Readonly<
    Record<"synthesisMinusSingle" | "synthesisMinusGreedy" | "synthesisMinusMajority", Estimate>
  >;
  /** How often synthesis and the vote differ, and how often synthesis is right then (null: never differed). */
  readonly disagree: { readonly majority: { readonly rate: number; readonly accuracy: number | null } };
  /** Synthesis right though every rollout is wrong. */
  readonly rescued: { readonly count: number; readonly rate: number };
  readonly copied: number;
  /** Share of references that are right. */
  readonly labelAccuracy: number;
  /** Share of decided rewards that say what the label says. */
  readonly rewardAccuracy: number | null;
  /** Share of right rollouts that got reward 0; null if none was right. */
  readonly rightPunished: number | null;
  /** Share of groups without a learning signal. */
  readonly tied: number;
  readonly curve: readonly { readonly g: number; readonly synthesis: number; readonly majority: number }[];
  /** Items by the worst slip and misreading rate among their facts: from ≤ rate < to, the last band up to 1 and with it. */
  readonly strata: readonly {
    readonly slip: readonly [number, number] | null;
    readonly misread: readonly [number, number] | null;
    readonly items: number;
    readonly methods: MethodTable;
  }[];
}

/**
 * Runs every method on every item.
 * @param progress called after each step with the share done, 0..1.
 * @throws RangeError for no items, and what the model throws.
 */
export async function benchCat(
  items: readonly Item[],
  roles: Roles,
  settings: BenchSettings,
  progress: (share: number) => void = () => undefined,
  stop?: Stop,
): Promise<CatBenchmark> {
  if (items.length === 0) throw new RangeError("a benchmark needs at least one item");
  const optionsOf = (group: number): CatOptions => ({
    groupSize: settings.rollouts,
    seed: settings.seed,
    group,
    sampling: settings.sampling,
    maxTokens: settings.maxTokens,
    now: () => 0, // times are not part of the object
  });
  const explored: Explored[] = [];
  for (const [i, item] of items.entries()) {
    explored.push(await exploreItem(item, roles.policy, optionsOf(i), stop));
    progress((0.5 * (i + 1)) / items.length);
  }
  const outcomes: Outcome[] = [];
  for (const [i, item] of items.entries()) {
    const strangers = items.length < 2 ? null : explored.at(i - 1)!.group;
    outcomes.push(await scoreItem(item, explored[i]!, strangers, roles, optionsOf(i), stop));
    progress(0.5 + (0.5 * (i + 1)) / items.length);
  }
  return table(items, outcomes, settings, roles.policy.record.device);
}

function table(
  items: readonly Item[],
  outcomes: readonly Outcome[],
  { domain, rollouts, seed }: BenchSettings,
  device: string,
): CatBenchmark {
  const n = items.length;
  const score = (name: Aggregator) => outcomes.map((o) => o.methods[name]?.score ?? 0);
  const disagreeing = outcomes.filter((o) => o.disagrees);
  const rescued = outcomes.filter((o) => o.methods.passAtG?.score === 0 && o.methods.synthesis?.score === 1).length;
  const judged = outcomes.flatMap((o) => o.rollouts).filter((r) => r.reward !== null);
  const right = judged.filter((r) => r.right);
  return {
    domain,
    items: n,
    rollouts,
    seed,
    device,
    methods: methodsOf(outcomes),
    differences: {
      synthesisMinusSingle: pairedDifference(score("synthesis"), score("single")),
      synthesisMinusGreedy: pairedDifference(score("synthesis"), score("greedy")),
      synthesisMinusMajority: pairedDifference(score("synthesis"), score("majority")),
    },
    disagree: {
      majority: {
        rate: disagreeing.length / n,
        accuracy: estimate(disagreeing.map((o) => o.methods.synthesis?.score ?? 0)).mean,
      },
    },
    rescued: { count: rescued, rate: rescued / n },
    copied: outcomes.filter((o) => o.copied).length / n,
    labelAccuracy: estimate(score("synthesis")).mean ?? 0,
    rewardAccuracy: estimate(judged.map((r) => ((r.reward === 1) === r.right ? 1 : 0))).mean,
    rightPunished: estimate(right.map((r) => (r.reward === 0 ? 1 : 0))).mean,
    tied: outcomes.filter((o) => o.tied).length / n,
    curve: (outcomes[0]?.curve ?? []).map(({ g }, k) => ({
      g,
      synthesis: estimate(outcomes.map((o) => o.curve[k]!.synthesis)).mean ?? 0,
      majority: estimate(outcomes.map((o) => o.curve[k]!.majority)).mean ?? 0,
    })),
    strata: [
      ...BANDS.map((band) => ({ slip: band, misread: null, ...stratum(items, outcomes, band, "slip") })),
      ...BANDS.map((band) => ({ slip: null, misread: band, ...stratum(items, outcomes, band, "misread") })),
    ],
  };
}

/** Past one half a fact is a habit: the wrong answer is the likelier one. */
const BANDS: readonly (readonly [number, number])[] = [
  [0, 0.1],
  [0.1, 0.25],
  [0.25, 0.5],
  [0.5, 1],
];

function stratum(
  items: readonly Item[],
  outcomes: readonly Outcome[],
  [from, to]: readonly [number, number],
  key: "slip" | "misread",
) {
  const inside = outcomes.filter((_, i) => {
    const rate = items[i]!.label[key];
    return rate >= from && (rate < to || to === 1);
  });
  return { items: inside.length, methods: methodsOf(inside) };
}

function methodsOf(outcomes: readonly Outcome[]): MethodTable {
  const names = Object.keys(outcomes[0]?.methods ?? {}) as Aggregator[];
  return Object.fromEntries(
    names.map((name) => {
      const scored = outcomes.map((o) => o.methods[name]!);
      const tokens = estimate(scored.map((s) => s.tokens)).mean ?? 0;
      return [name, { ...estimate(scored.map((s) => s.score)), tokens: Math.round(tokens * 10) / 10 }];
    }),
  );
}
