/** @file How often judge and checkers agree with the person who looked: counted over the corrections that stand. Shares are the screen's affair. */
import { comparisonOf, type Correction } from "./correction.ts";
import { sameIn } from "./decided.ts";
import type { Run, RolloutState } from "./run.ts";

export interface Tally {
  /** The person decided as the model did: a confirmation. */
  readonly agree: number;
  readonly differ: number;
  /** The person decided what the model had left undecided. */
  readonly modelUndecided: number;
}

export interface Agreement {
  readonly verdicts: Tally;
  /** Equalities of answers and of behaviour. */
  readonly comparisons: Tally;
}

const NONE: Tally = { agree: 0, differ: 0, modelUndecided: 0 };

/** Each decision counts once, by its last standing correction; a person's "cannot be decided" counts nowhere. */
export function agreement({ groups }: Run): Agreement {
  let [verdicts, comparisons] = [NONE, NONE];
  for (const { corrections, rollouts } of groups) {
    const last = new Map(corrections.filter((c) => !c.undone).map((c) => [c.target, c]));
    for (const correction of last.values()) {
      const { what, value } = correction;
      if (typeof value !== "boolean" || what.of === "reference" || what.of === "rollout") continue;
      const logged = loggedIn(rollouts[what.rollout]!, correction);
      if (what.of === "verdict") verdicts = counted(verdicts, logged, value);
      else comparisons = counted(comparisons, logged, value);
    }
  }
  return { verdicts, comparisons };
}

/** What the model decided; undefined where it has been judged again since, or a person judged. */
function loggedIn(rollout: RolloutState, { target }: Correction): boolean | null | undefined {
  const verdict = rollout.verdicts.find((v) => v?.seq === target);
  if (verdict !== undefined) return verdict.by === "model" ? verdict.met : undefined;
  return sameIn(comparisonOf(rollout, target));
}

function counted(tally: Tally, logged: boolean | null | undefined, value: boolean): Tally {
  if (logged === undefined) return tally;
  if (logged === null) return { ...tally, modelUndecided: tally.modelUndecided + 1 };
  return logged === value ? { ...tally, agree: tally.agree + 1 } : { ...tally, differ: tally.differ + 1 };
}
