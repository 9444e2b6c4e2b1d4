/**
 * @file What a person's changes left open, decided again: comparisons with an edited reference, verdicts on criteria that are new.
 * Yields no reward: those follow from the decisions (src/run/effective.ts).
 */
import { asGroup } from "../run/as-group.ts";
import { standingEdit } from "../run/correction.ts";
import { effectiveGroup } from "../run/effective.ts";
import type { GroupEvent } from "../run/event.ts";
import type { GroupState, RolloutState } from "../run/run.ts";
import { ModelError, type Roles, type Stop } from "./models.ts";
import { rewardByEquivalence } from "./reward/equivalence.ts";
import { rewardByRubric } from "./reward/judge.ts";
import { rewardBySameMeaning } from "./reward/same-meaning.ts";
import { rewardByTests } from "./reward/tests.ts";
import { withoutThinking } from "./thinking.ts";
import type { Criterion, Group, Reference } from "./types.ts";

export interface OpenDecisions {
  /** Comparisons or verdicts that are missing. */
  readonly count: number;
  /** A judge has to be asked; otherwise checkers do it. */
  readonly needsJudge: boolean;
}

/** What has to be decided again. Nothing in a group that was never rewarded: that is a run that did not get so far. */
export function openDecisions(group: GroupState): OpenDecisions {
  const needsJudge = group.task.kind === "open";
  if (group.finished === undefined) return { count: 0, needsJudge };
  const compared = comparisonsMissing(group).length;
  const judged = group.rollouts.reduce((sum, rollout) => sum + criteriaMissing(group, rollout).length, 0);
  return { count: compared + judged, needsJudge };
}

/**
 * @param seed of the run: the inputs of programs follow from it.
 * @throws {ModelError} `no-judge` where a judge has to be asked and there is none, and what the models throw; the reason of `stop`.
 */
export async function* decideAgain(
  state: GroupState,
  { judge, runner, symbolic = null }: Pick<Roles, "judge" | "runner" | "symbolic">,
  seed: number,
  stop?: Stop,
): AsyncGenerator<GroupEvent> {
  const { count, needsJudge } = openDecisions(state);
  const reference = referenceOf(state);
  if (count === 0 || reference === null) return;
  if (needsJudge && judge === null) throw new ModelError("no-judge", "A judge has to decide this. Load it first.");
  const group = asGroup(state);
  switch (state.task.kind) {
    case "math":
      yield* decisions(rewardByEquivalence(group, reference, symbolic));
      return;
    case "code":
      if (runner === null) throw new ModelError("model-unsupported", "A program has to be run, and nothing here can.");
      yield* decisions(rewardByTests(group, reference, runner, seed, stop));
      return;
    case "open":
      if (comparisonsMissing(state).length > 0) {
        yield* decisions(rewardBySameMeaning(group, reference, judge!, stop));
      }
      for (const [index, rollout] of state.rollouts.entries()) {
        const missing = criteriaMissing(state, rollout);
        const alone: Group = { kind: "open", rollouts: [group.rollouts[index]!] };
        if (missing.length > 0) yield* decisions(rewardByRubric(alone, missing, judge!, stop));
      }
      return;
    default:
      state.task.kind satisfies never;
  }
}

/** The reference that counts: a person's is whole. @returns null before any is finished. */
export function referenceOf(state: GroupState): Reference | null {
  const { reference } = effectiveGroup(state);
  const finished = reference === undefined ? undefined : state.references[reference.aggregator]?.finished;
  if (reference === undefined || finished === undefined) return null;
  const { aggregator, text, edited } = reference;
  return { aggregator, text, chosen: finished.chosen, ended: edited ? "stop" : finished.ended };
}

/** Rollouts that were compared with the reference before it was edited, and not since. */
function comparisonsMissing(group: GroupState): readonly RolloutState[] {
  const edit = standingEdit(group);
  if (edit === null) return [];
  return group.rollouts.filter(
    ({ equivalence, tests, recompared }) => (equivalence ?? tests) !== undefined && recompared[edit.seq] === undefined,
  );
}

/** An answer without text is judged by nobody. */
function criteriaMissing({ criteria }: GroupState, { text, verdicts }: RolloutState): readonly Criterion[] {
  return withoutThinking(text) === "" ? [] : criteria.filter(({ id }) => verdicts[id] === undefined);
}

async function* decisions(events: AsyncIterable<GroupEvent>): AsyncGenerator<GroupEvent> {
  for await (const event of events) if (event.type !== "reward") yield event;
}
