/** @file The benchmark object of advice (docs/formats.md): coverage of gold points at equal length, and what rubric, judge and rewards were worth. */
import type { Aggregator } from "../../cat/types.ts";
import { judgeFigures, type JudgeFigures } from "../judge-figures.ts";
import { estimate, type Estimate, pairedDifference } from "../statistics.ts";
import { type Summary, summarize } from "../summary.ts";
import type { Ablation, AdviceOutcome, Ranking } from "./outcome.ts";

type CoverageTable = Partial<
  Record<Aggregator, Estimate & { readonly tokens: number; readonly precision: number; readonly wrongPoints: number }>
>;

export interface CoverageSummary extends Summary {
  readonly methods: CoverageTable;
  readonly differences: Summary["differences"] & { readonly precisionSynthesisMinusSingle: Estimate };
}

export interface Coverage extends CoverageSummary {
  readonly measure: "coverage";
  /** Of the synthesis, at equal length, as in `methods`. */
  readonly precision: number;
  readonly wrongPoints: number;
  /** Of the synthesis, not cut. */
  readonly whole: { readonly coverage: number; readonly lengthRatio: number };
  /** The best rollout at equal length; the points that any rollout says, at any length. */
  readonly ceilings: { readonly bestRollout: Estimate; readonly union: Estimate };
  /** Share of references that equal a rollout. */
  readonly copied: number;
  /** Share of groups without a learning signal. */
  readonly tied: number;
  readonly curve: readonly { readonly g: number; readonly synthesis: number; readonly majority: null }[];
  /** Share of references whose rubric has at least five criteria. */
  readonly rubricParsed: number;
  /** Mean over groups of the rank correlation of rewards with gold coverage; null of no group. */
  readonly spearman: number | null;
  readonly spearmanGroups: {
    readonly se: number | null;
    /** Groups that the mean is of. */
    readonly ranked: number;
    /** Of those: all rewards are the same though coverage is not. They rank nothing, which counts as 0. */
    readonly rewardsTie: number;
    /** Left out: all rollouts cover as much. */
    readonly coverageTies: number;
    /** Left out: fewer than two rewards were decided. */
    readonly noRewards: number;
  };
  /** `spearman` of rewards by the paper's ablations, over as many groups as can be ranked. */
  readonly ablations: Readonly<Record<Ablation, Estimate>>;
  /** `spearman` as a judge without a mistake would have it, by the same rubrics. */
  readonly perfectJudge: Estimate;
  readonly judge: JudgeFigures;
  /** What has no meaning here. */
  readonly disagree: { readonly majority: { readonly rate: null; readonly accuracy: null } };
  readonly rescued: { readonly count: null; readonly rate: null };
  readonly labelAccuracy: null;
  readonly rewardAccuracy: null;
  readonly rightPunished: null;
  readonly strata: readonly [];
}

/** Fewest criteria of a rubric that counts (v3 §3.2.2). */
const FEWEST = 5;

/** @param outcomes [items], at least one. */
export function coverage(outcomes: readonly AdviceOutcome[]): Coverage {
  const mean = (of: (outcome: AdviceOutcome) => number) => estimate(outcomes.map(of)).mean ?? 0;
  const share = (of: (outcome: AdviceOutcome) => boolean) => mean((o) => (of(o) ? 1 : 0));
  const because = (why: Ranking) => outcomes.filter((o) => o.ranking === why).length;
  const rankedBy = (of: (outcome: AdviceOutcome) => Ranking) =>
    outcomes.map(of).flatMap((r) => (typeof r === "number" ? r : r === "rewards tie" ? 0 : []));
  const ranked = rankedBy((o) => o.ranking);
  const { mean: spearman, se } = estimate(ranked);
  const summary = summarizeCoverage(outcomes.map((o) => o.methods));
  return {
    measure: "coverage",
    ...summary,
    precision: summary.methods.synthesis?.precision ?? 0,
    wrongPoints: summary.methods.synthesis?.wrongPoints ?? 0,
    whole: { coverage: mean((o) => o.whole.coverage), lengthRatio: mean((o) => o.whole.lengthRatio) },
    ceilings: {
      bestRollout: estimate(outcomes.map((o) => o.bestRollout)),
      union: estimate(outcomes.map((o) => o.union)),
    },
    copied: share((o) => o.copied),
    tied: share((o) => o.tied),
    curve: (outcomes[0]?.curve ?? []).map(({ g }, k) => ({
      g,
      synthesis: mean((o) => o.curve[k]!.synthesis),
      majority: null,
    })),
    rubricParsed: share((o) => o.criteria >= FEWEST),
    spearman,
    spearmanGroups: {
      se,
      ranked: ranked.length,
      rewardsTie: because("rewards tie"),
      coverageTies: because("coverage ties"),
      noRewards: because("no rewards"),
    },
    ablations: {
      rubricFromPrompt: estimate(rankedBy((o) => o.ablations.rubricFromPrompt)),
      sameMeaning: estimate(rankedBy((o) => o.ablations.sameMeaning)),
    },
    perfectJudge: estimate(rankedBy((o) => o.perfectJudge)),
    judge: judgeFigures(outcomes.flatMap((o) => o.verdicts)),
    disagree: { majority: { rate: null, accuracy: null } },
    rescued: { count: null, rate: null },
    labelAccuracy: null,
    rewardAccuracy: null,
    rightPunished: null,
    strata: [],
  };
}

/** @param scores [items] */
export function summarizeCoverage(scores: readonly AdviceOutcome["methods"][]): CoverageSummary {
  const summary = summarize(scores);
  const of = (name: Aggregator, field: "precision" | "wrongPoints") => scores.map((m) => m[name]?.[field] ?? 0);
  const methods = Object.entries(summary.methods).map(([key, figures]) => {
    const name = key as Aggregator;
    const precision = estimate(of(name, "precision")).mean ?? 0;
    return [name, { ...figures, precision, wrongPoints: estimate(of(name, "wrongPoints")).mean ?? 0 }] as const;
  });
  return {
    ...summary,
    methods: Object.fromEntries(methods),
    differences: {
      ...summary.differences,
      precisionSynthesisMinusSingle: pairedDifference(of("synthesis", "precision"), of("single", "precision")),
    },
  };
}
