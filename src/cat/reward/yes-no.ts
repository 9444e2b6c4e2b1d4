/** @file A yes/no question to the judge, answered by what it would say next. */

/** The choices that {@link yesOrNo} reads, in its order. */
export const YES_OR_NO = ["yes", "no"] as const;

/** Below this share of the next-token mass on yes and no together, the judge has not answered the question. */
const LEAST_MASS = 0.1;

interface Answer {
  /** `null`: undecided, or no answer. */
  readonly yes: boolean | null;
  /** Of yes against no, 0..1; `null` without an answer. */
  readonly probability: number | null;
}

/** @param probabilities of yes and of no as the next token. */
export function yesOrNo([yes = 0, no = 0]: readonly number[]): Answer {
  if (yes + no < LEAST_MASS) return { yes: null, probability: null };
  const probability = yes / (yes + no);
  return { yes: probability === 0.5 ? null : probability > 0.5, probability };
}
