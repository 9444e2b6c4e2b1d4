/** @file The benchmark object of items with one right answer (docs/formats.md): shares of right answers, and what the rewards were worth. */
import type { AnswerItem } from "./item.ts";
import type { Outcome } from "./outcome.ts";
import { estimate } from "./statistics.ts";
import { type Stratum, strata } from "./strata.ts";
import { type Summary, summarize } from "./summary.ts";

export interface Accuracy extends Summary {
  readonly measure: "accuracy";
  /** How often synthesis and the vote differ, and how often synthesis is right then (null: never differed). */
  readonly disagree: { readonly majority: { readonly rate: number; readonly accuracy: number | null } };
  /** Synthesis right though every rollout is wrong. */
  readonly rescued: { readonly count: number; readonly rate: number };
  /** Share of references that equal a rollout. */
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
  readonly strata: readonly Stratum[];
}

/** @param outcomes [items], at least one. */
export function accuracy(items: readonly AnswerItem[], outcomes: readonly Outcome[]): Accuracy {
  const share = (of: (outcome: Outcome) => boolean) => outcomes.filter(of).length / outcomes.length;
  const mean = (of: (outcome: Outcome) => number) => estimate(outcomes.map(of)).mean ?? 0;
  const scores = outcomes.map((o) => o.methods);
  const disagreeing = outcomes.filter((o) => o.disagrees);
  const rescued = outcomes.filter((o) => o.methods.passAtG?.score === 0 && o.methods.synthesis?.score === 1).length;
  const judged = outcomes.flatMap((o) => o.rollouts).filter((r) => r.reward !== null);
  const right = judged.filter((r) => r.right);
  const summary = summarize(scores);
  return {
    measure: "accuracy",
    ...summary,
    disagree: {
      majority: {
        rate: share((o) => o.disagrees),
        accuracy: estimate(disagreeing.map((o) => o.methods.synthesis?.score ?? 0)).mean,
      },
    },
    rescued: { count: rescued, rate: rescued / outcomes.length },
    copied: share((o) => o.copied),
    labelAccuracy: summary.methods.synthesis?.mean ?? 0,
    rewardAccuracy: estimate(judged.map((r) => ((r.reward === 1) === r.right ? 1 : 0))).mean,
    rightPunished: estimate(right.map((r) => (r.reward === 0 ? 1 : 0))).mean,
    tied: share((o) => o.tied),
    curve: (outcomes[0]?.curve ?? []).map(({ g }, k) => ({
      g,
      synthesis: mean((o) => o.curve[k]!.synthesis),
      majority: mean((o) => o.curve[k]!.majority),
    })),
    strata: strata(
      items.map(({ label }) => label),
      scores,
    ),
  };
}
