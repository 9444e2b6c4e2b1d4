/** @file How often a judge is right, its two ways of being wrong apart. */

export interface JudgeFigures {
  /** 1 − the mean of the two rates of error, 0..1; null where there is nothing of one kind. */
  readonly balanced: number | null;
  /** Share of what is not met that it called met; of decided verdicts. */
  readonly falseYes: number | null;
  /** Share of what is met that it called not met; of decided verdicts. */
  readonly falseNo: number | null;
  /** Verdicts that count: decided, with a known truth. */
  readonly verdicts: number;
  /** Left out: it said neither yes nor no. */
  readonly undecided: number;
  /** Left out: nobody knows what is true. */
  readonly unknown: number;
}

interface Judged {
  readonly met: boolean | null;
  readonly truth: boolean | null;
}

export function judgeFigures(judged: readonly Judged[]): JudgeFigures {
  const known = judged.filter(({ truth }) => truth !== null);
  const decided = known.filter(({ met }) => met !== null);
  const wrongOf = (truth: boolean) => {
    const cases = decided.filter((j) => j.truth === truth);
    return cases.length === 0 ? null : cases.filter((j) => j.met !== truth).length / cases.length;
  };
  const [falseYes, falseNo] = [wrongOf(false), wrongOf(true)];
  return {
    balanced: falseYes === null || falseNo === null ? null : 1 - (falseYes + falseNo) / 2,
    falseYes,
    falseNo,
    verdicts: decided.length,
    undecided: known.length - decided.length,
    unknown: judged.length - known.length,
  };
}
