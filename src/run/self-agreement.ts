/**
 * @file How far the rollouts of a step say the same, and whether the reference says what most of them say: what error amplification shows in
 * first. Read off what the rewards logged, without a label. Open tasks have no vote, so nothing is known of them.
 */
import type { GroupState, RolloutState } from "./run.ts";

/** Means over the groups of a step that had a vote; `null` where none had. */
export interface SelfAgreement {
  /** Share of rollouts that give their group's majority answer. One without an answer agrees with nobody. */
  readonly share: number | null;
  /** Share of groups whose reference is not their majority answer; `null` as well where the majority is the reference. */
  readonly parted: number | null;
}

export function selfAgreement(groups: readonly GroupState[]): SelfAgreement {
  const votes = groups.flatMap((group) => voteOf(group) ?? []);
  const parted = votes.flatMap(({ same }) => (same === null ? [] : [Number(!same)]));
  return { share: mean(votes.map(({ share }) => share)), parted: mean(parted) };
}

/** @returns null where nobody gave an answer */
function voteOf({ rollouts, references }: GroupState): { share: number; same: boolean | null } | null {
  const classes = new Map<string, { readonly same: boolean | null; size: number }>();
  for (const rollout of rollouts) {
    const answer = answerOf(rollout);
    if (answer === null) continue;
    const known = classes.get(answer.text);
    if (known === undefined) classes.set(answer.text, { same: answer.same, size: 1 });
    else known.size++;
  }
  // Of classes as large, the one that came first.
  const [largest] = [...classes.values()].toSorted((a, b) => b.size - a.size);
  if (largest === undefined) return null;
  const same = references.majority === undefined ? largest.same : null;
  return { share: largest.size / rollouts.length, same };
}

/** What it says, as a text that is the same for the same answer or behaviour, and whether the reference says so too. */
function answerOf({ equivalence, tests }: RolloutState): { text: string; same: boolean | null } | null {
  if (equivalence !== undefined) {
    const text = equivalence.normal ?? equivalence.extracted;
    return text === null ? null : { text, same: equivalence.equivalent };
  }
  if (tests === undefined || tests.results.length === 0) return null;
  const text = JSON.stringify(tests.results.map(({ actual }) => actual));
  return { text, same: tests.results.every(({ same }) => same) };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
