/**
 * @file What came of one question for advice: how much of the key each method's text covers at equal length, and what rubric, judge and
 * rewards were worth. Draws no conclusions (coverage.ts).
 */
import { advantages } from "../../cat/grpo.ts";
import type { LanguageModel, Roles, Stop } from "../../cat/models.ts";
import type { CatOptions } from "../../cat/options.ts";
import { fractionMet } from "../../cat/reward/fraction-met.ts";
import { rewardByRubric } from "../../cat/reward/judge.ts";
import { proposeRubricFromPrompt } from "../../cat/reward/rubric-from-prompt.ts";
import { proposeRubric } from "../../cat/reward/rubric.ts";
import { rewardBySameMeaning } from "../../cat/reward/same-meaning.ts";
import { withoutThinking } from "../../cat/thinking.ts";
import type { Aggregator, Criterion, Group, Reward } from "../../cat/types.ts";
import type { AdviceItem } from "../item.ts";
import { tokensOf } from "../methods/candidate.ts";
import { candidates } from "../methods/candidates.ts";
import { spearman } from "../rank-correlation.ts";
import { result } from "../result.ts";
import type { MethodScores, Scored } from "../summary.ts";
import { trulyMet } from "./criteria.ts";
import type { Question } from "./key.ts";
import { read, type Reading, score } from "./reading.ts";

/** `score` is the coverage of gold points, 0..1. */
export interface CoverageScored extends Scored {
  /** Points said ÷ sentences, 0..1. */
  readonly precision: number;
  /** Sentences that say no point. */
  readonly wrongPoints: number;
}

export interface AdviceOutcome {
  /** A text is cut at the mean number of words of the group's rollouts; `single` is the mean of whole rollouts, whose mean length that is. */
  readonly methods: MethodScores<CoverageScored>;
  /** Of the synthesis, not cut: its coverage, and its words ÷ the mean of the rollouts. */
  readonly whole: { readonly coverage: number; readonly lengthRatio: number };
  /** Ceilings: the best rollout, cut alike; and the points that any rollout says, whatever the length. */
  readonly bestRollout: number;
  readonly union: number;
  /** The reference equals a rollout, word for word. */
  readonly copied: boolean;
  /** Synthesis given the first g rollouts. */
  readonly curve: readonly { readonly g: number; readonly synthesis: number }[];
  /** The group gave no learning signal. */
  readonly tied: boolean;
  /** Criteria of the rubric. */
  readonly criteria: number;
  readonly ranking: Ranking;
  /** The same of rewards by the paper's ablations: a rubric from the question, and the judge asked for the same meaning. */
  readonly ablations: Readonly<Record<Ablation, Ranking>>;
  /** The same of the rewards that a judge without a mistake would have given by this rubric: the ceiling of `ranking`. */
  readonly perfectJudge: Ranking;
  /** Of every rollout and criterion: what the judge said, and what is true (null for a criterion that is nobody's in the key). */
  readonly verdicts: readonly { readonly met: boolean | null; readonly truth: boolean | null }[];
}

export type Ablation = "rubricFromPrompt" | "sameMeaning";

/** How rewards rank the rollouts against the gold coverage of their whole texts: −1..1, or why that says nothing. */
export type Ranking = number | "rewards tie" | "coverage ties" | "no rewards";

/**
 * Every method on one item.
 * @param strangers the group of another item, for the control; null for none.
 * @throws Error without a judge.
 */
export async function scoreAdvice(
  { task, label: { question } }: AdviceItem,
  explored: { readonly group: Group; readonly strangers: Group | null },
  roles: Roles,
  options: CatOptions,
  stop?: Stop,
): Promise<AdviceOutcome> {
  if (roles.judge === null) throw new Error(`item ${task.id ?? ""} asks for advice: give the benchmark a judge`);
  const { group } = explored;
  const texts = group.rollouts.map((r) => withoutThinking(r.text));
  const gold = texts.map((text) => score(question, text));
  const limit = mean(gold.map((g) => g.words));
  const spent = tokensOf(group);

  const { methods, synthesis, growing } = await candidates(task, explored, roles, options, stop);
  const scores: Partial<Record<Aggregator, CoverageScored>> = {
    single: { ...meanReading(gold), tokens: spent / texts.length },
  };
  for (const [name, { reference, tokens }] of Object.entries(methods)) {
    scores[name as Aggregator] = { ...scored(score(question, reference?.text ?? "", limit)), tokens };
  }
  const whole = score(question, synthesis.reference.text);
  const criteria = await result(proposeRubric(synthesis.reference, roles.anchor, options, stop));
  const fromPrompt = await result(proposeRubricFromPrompt(task, roles.anchor, options, stop));
  const byPrompt = await result(rewardByRubric(group, fromPrompt, roles.judge, stop));
  const byMeaning = await result(rewardBySameMeaning(group, synthesis.reference, roles.judge, stop));
  const ranks = (of: readonly Reward[]) =>
    ranking(
      of,
      gold.map((g) => g.coverage),
    );
  const { verdicts, rewards, trueRewards } = await judged(question, group, criteria, roles.judge, stop);
  return {
    methods: scores,
    whole: { coverage: whole.coverage, lengthRatio: limit === 0 ? 0 : whole.words / limit },
    bestRollout: Math.max(...texts.map((text) => score(question, text, limit).coverage)),
    union: saidBySome(question, texts),
    copied: texts.includes(synthesis.reference.text),
    curve: growing.map(({ part, reference }) => ({
      g: part.rollouts.length,
      synthesis: score(question, reference.text, limit).coverage,
    })),
    tied: advantages(rewards).every((a) => a === null || a === 0),
    criteria: criteria.length,
    ranking: ranks(rewards),
    ablations: { rubricFromPrompt: ranks(byPrompt), sameMeaning: ranks(byMeaning) },
    perfectJudge: ranks(trueRewards),
    verdicts,
  };
}

/** Share of the points that at least one text says. */
function saidBySome(question: Question, texts: readonly string[]): number {
  const said = new Set(texts.flatMap((text) => read(question, text)));
  return question.points.filter((point) => said.has(point)).length / question.points.length;
}

async function judged(
  question: Question,
  group: Group,
  criteria: readonly Criterion[],
  judge: LanguageModel,
  stop?: Stop,
) {
  const verdicts: { met: boolean | null; truth: boolean | null }[] = [];
  const truths: (boolean | null)[][] = group.rollouts.map(() => []);
  const steps = rewardByRubric(group, criteria, judge, stop);
  for (;;) {
    const { done, value } = await steps.next();
    // An answer without text gets no verdict, only a reward. Criteria that are nobody's in the key are left out.
    if (done === true) {
      return {
        verdicts,
        rewards: value,
        trueRewards: truths.map((t, i) => (t.length === 0 ? value[i]! : fractionMet(t))),
      };
    }
    if (value.type !== "verdict") continue;
    const { text } = group.rollouts[value.rollout]!;
    const truth = trulyMet(question, withoutThinking(text), criteria[value.criterion]!.text);
    verdicts.push({ met: value.met, truth });
    truths[value.rollout]!.push(truth);
  }
}

/** Undecided rewards are left out. */
function ranking(rewards: readonly Reward[], coverage: readonly number[]): Ranking {
  const decided = rewards.flatMap((reward, i) => (reward === null ? [] : [{ reward, coverage: coverage[i]! }]));
  if (decided.length < 2) return "no rewards";
  const gold = decided.map((d) => d.coverage);
  if (gold.every((c) => c === gold[0])) return "coverage ties";
  return (
    spearman(
      decided.map((d) => d.reward),
      gold,
    ) ?? "rewards tie"
  );
}

function scored({ coverage, precision, wrong }: Reading) {
  return { score: coverage, precision, wrongPoints: wrong };
}

function meanReading(readings: readonly Reading[]) {
  return {
    score: mean(readings.map((r) => r.coverage)),
    precision: mean(readings.map((r) => r.precision)),
    wrongPoints: mean(readings.map((r) => r.wrong)),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
