/**
 * @file What counts in a group once a person has had a say: effective verdicts, comparisons, reference, and the rewards and
 * advantages that follow from them. What was logged stays as it is in `GroupState`, beside this.
 */
import { advantages } from "../cat/grpo.ts";
import type { Aggregator, Reward } from "../cat/types.ts";
import { comparisonUnder, type Correction, rewardedBy, standing, standingEdit } from "./correction.ts";
import { sameIn, valueOf } from "./decided.ts";
import type { GroupState, RolloutState } from "./run.ts";

export interface EffectiveRollout {
  /** A dropped rollout keeps its reward and has no part in the advantages; a pinned one is kept in sight, nothing else. */
  readonly kept: "pinned" | "dropped" | null;
  /** Same as the reference, by answer or by behaviour; undefined: not compared (again) yet. */
  readonly same: boolean | null | undefined;
  /** By criterion id; undefined: not judged (again) yet. */
  readonly met: readonly (boolean | null | undefined)[];
  /** undefined: not there yet, or to be decided again for the edited reference. */
  readonly reward: Reward | undefined;
  readonly advantage: number | null | undefined;
  /** Whether a correction of this rollout, its verdicts or its comparison stands. */
  readonly corrected: boolean;
}

export interface EffectiveGroup {
  readonly rollouts: readonly EffectiveRollout[];
  /** The reference that the group is rewarded by, as it counts; undefined before it is finished. */
  readonly reference: { readonly aggregator: Aggregator; readonly text: string; readonly edited: boolean } | undefined;
}

/** A pure function of what was logged and of the corrections that stand, so an undo restores exactly what was before. */
export function effectiveGroup(group: GroupState): EffectiveGroup {
  const edit = standingEdit(group);
  const rollouts = group.rollouts.map((rollout) => decide(group, rollout, edit));
  const changed = rollouts.some(({ reward, kept }, i) => kept === "dropped" || reward !== group.rollouts[i]!.reward);
  const recomputed = advantages(rollouts.map(({ reward, kept }) => (kept === "dropped" ? null : (reward ?? null))));
  const aggregator = rewardedBy(group);
  return {
    rollouts: rollouts.map((rollout, i) => ({
      ...rollout,
      advantage: changed && group.finished !== undefined ? recomputed[i] : group.rollouts[i]!.advantage,
    })),
    reference:
      aggregator === null
        ? undefined
        : { aggregator, text: (edit?.value ?? group.references[aggregator]!.text) as string, edited: edit !== null },
  };
}

function decide(
  group: GroupState,
  rollout: RolloutState,
  edit: Correction | null,
): Omit<EffectiveRollout, "advantage"> {
  const comparison = comparisonUnder(edit, rollout);
  const counts = (seq: number | undefined, logged: boolean | null | undefined) => {
    const correction = standing(group, seq);
    return correction === null ? logged : (correction.value as boolean | null);
  };
  const same = counts(comparison?.seq, sameIn(comparison));
  const met = rollout.verdicts.map((verdict) => counts(verdict?.seq, verdict?.met));
  const kept = standing(group, rollout.seq)?.value ?? null;
  const targets = [rollout.seq, comparison?.seq, ...rollout.verdicts.map((verdict) => verdict?.seq)];
  const now = waits(rollout, comparison) ? undefined : valueOf({ same, met: group.criteria.map(({ id }) => met[id]) });
  return {
    kept: kept === null ? null : kept === "pin" ? "pinned" : "dropped",
    same,
    met,
    reward: rewardOf(rollout, now),
    corrected: targets.some((seq) => seq !== undefined && standing(group, seq) !== null),
  };
}

/** The rewards compare with a reference that was edited since, and nobody has compared again. */
function waits({ equivalence, tests }: RolloutState, comparison: unknown): boolean {
  return comparison === undefined && (equivalence ?? tests) !== undefined;
}

/** The logged reward while the decisions come to what they came to then; else what they come to now, less the same penalty. */
function rewardOf({ reward, rewardedFrom }: RolloutState, now: Reward | undefined): Reward | undefined {
  if (reward === undefined || now === rewardedFrom) return reward;
  if (now === undefined || now === null) return now;
  const penalised = reward !== null && typeof rewardedFrom === "number" && reward === rewardedFrom - 1;
  return penalised ? now - 1 : now;
}
