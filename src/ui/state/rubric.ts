/** @file The rubric and its verdicts for the screen: criteria as they are written, who met what, and how sure the judge was. */
import { readRubric } from "../../cat/reward/rubric.ts";
import type { Criterion } from "../../cat/types.ts";
import type { GroupState, RolloutState, RubricState } from "../../run/run.ts";
import { decimal, percent } from "../numbers.ts";

export type Verdict = NonNullable<RolloutState["verdicts"][number]>;

/** Answer numbers, from 1. */
export interface CriterionTally {
  readonly met: readonly number[];
  readonly unmet: readonly number[];
  readonly undecided: readonly number[];
}

/** A place in the matrix. */
export interface Cell {
  /** From 0. */
  readonly answer: number;
  /** Id of the criterion: one that was dropped leaves a gap. */
  readonly criterion: number;
}

export interface AnswerTally {
  readonly met: number;
  /** Criteria that the judge could decide. */
  readonly decided: number;
  /** Criteria judged so far, undecided ones included. */
  readonly judged: number;
  readonly total: number;
}

/** The finished criteria, or those of the attempt being written, of which the last may be cut. */
export function criteriaOf({ rubric, criteria }: GroupState): readonly Criterion[] {
  if (rubric === undefined || rubric.finished !== undefined) return criteria;
  // A tag that is half written is no text.
  return readRubric(rubric.text.replace(/<[^>]*$/, ""));
}

/** Which attempt the criteria are of, where there was more than one: the better of two is taken. Empty where there was one, or where a file does not say. */
export function attemptText({ attempt, finished }: RubricState): string {
  if (finished === undefined) return attempt > 1 ? "second attempt" : "";
  const { attempt: taken, attempts } = finished;
  if (taken === null || attempts < 2) return "";
  return taken === 1 ? `the first of ${attempts} attempts` : "second attempt";
}

/** Criteria are lettered, answers numbered, so that a cell of the two has one name: "3 b". */
export function letterOf(criterion: number): string {
  return criterion < 26 ? String.fromCharCode(97 + criterion) : String(criterion + 1);
}

export function tallyOfCriterion({ rollouts }: GroupState, criterion: number): CriterionTally {
  const of = (met: boolean | null) =>
    rollouts.flatMap(({ verdicts }, i) => (verdicts[criterion]?.met === met ? [i + 1] : []));
  return { met: of(true), unmet: of(false), undecided: of(null) };
}

export function tallyOfAnswer({ verdicts }: RolloutState, total: number): AnswerTally {
  const judged = verdicts.filter((verdict) => verdict !== undefined);
  const decided = judged.filter(({ met }) => met !== null);
  return { met: decided.filter(({ met }) => met).length, decided: decided.length, judged: judged.length, total };
}

/** How a reward came about: "4 ÷ 5 = 0.8"; one that was too long lost 1 of it: "4 ÷ 5 − 1 = −0.2". */
export function rewardSum(reward: number, { met, decided }: AnswerTally): string {
  const penalty = reward < met / decided - 0.5 ? " − 1" : "";
  return `${met} ÷ ${decided}${penalty} = ${decimal(reward)}`;
}

/** "met", "not met", "undecided". */
export function metText(met: boolean | null): string {
  if (met === null) return "undecided";
  return met ? "met" : "not met";
}

/** Who decided and how surely: "yes, 93 %". */
export function confidenceText({ met, probability, by }: Verdict): string {
  if (by === "human") return "decided by a person";
  if (probability === null) return "the judge said neither yes nor no";
  if (met === null) return `yes and no are alike, ${percent(probability)}`;
  return met ? `yes, ${percent(probability)}` : `no, ${percent(1 - probability)}`;
}

/** A cell of the matrix in words: "met (yes, 93 %)". */
export function verdictText(verdict: Verdict | undefined): string {
  return verdict === undefined ? "not judged yet" : `${metText(verdict.met)} (${confidenceText(verdict)})`;
}

/**
 * A cell in a sentence: "Answer 3, b “Says to rest.”: met (yes, 93 %)."
 * @param logged what the judge said, told where a person has said otherwise in `group`.
 */
export function cellSentence(group: GroupState, logged: GroupState, { answer, criterion }: Cell): string {
  const text = group.criteria.find(({ id }) => id === criterion)?.text ?? "";
  const verdict = group.rollouts[answer]?.verdicts[criterion];
  const judged = logged.rollouts[answer]?.verdicts[criterion];
  const said = verdict?.by === "human" ? ` The judge: ${verdictText(judged)}.` : "";
  return `Answer ${answer + 1}, ${letterOf(criterion)} “${text}”: ${verdictText(verdict)}.${said}`;
}

/** 0.45..1: how dark a cell is. A person is sure; the judge is between one half and one. */
export function weightOf({ met, probability, by }: Verdict): number {
  if (by === "human" || probability === null || met === null) return 1;
  return 0.45 + 1.1 * Math.min(0.5, Math.abs(probability - 0.5));
}
