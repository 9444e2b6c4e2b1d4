/** @file The rubrics of a group, one after the other: the one that stands, and which verdicts are about it. A person may change it and take that back. */
import type { LoggedEvent } from "./event.ts";
import type { GroupState, RolloutState } from "./run.ts";

type Finished = Extract<LoggedEvent, { type: "rubric.finished" }>;

export interface FinishedRubric {
  readonly finished: Finished;
  readonly undone: boolean;
}

export function addRubric(group: GroupState, finished: Finished): GroupState {
  return settled({ ...group, rubrics: [...group.rubrics, { finished, undone: false }] });
}

/** @returns null where the target is no rubric that stands, or the only one: without it there would be none to go back to. */
export function undoRubric(group: GroupState, target: number): GroupState | null {
  const place = group.rubrics.findIndex(({ finished, undone }) => finished.seq === target && !undone);
  if (place < 1) return null;
  return settled({ ...group, rubrics: group.rubrics.with(place, { ...group.rubrics[place]!, undone: true }) });
}

/** The group by its last rubric that stands. A criterion has the verdicts on its own words, also those from before it was changed and changed back. */
function settled(group: GroupState): GroupState {
  const { finished } = group.rubrics.findLast(({ undone }) => !undone)!;
  const { criteria, attempt, attempts } = finished;
  return {
    ...group,
    criteria,
    rubric: { attempt: attempt ?? attempts, text: group.rubric?.text ?? "", finished },
    rollouts: group.rollouts.map((rollout) => ({ ...rollout, verdicts: verdictsOn(rollout, criteria) })),
  };
}

function verdictsOn({ judged }: RolloutState, criteria: GroupState["criteria"]): RolloutState["verdicts"] {
  const verdicts: (RolloutState["verdicts"][number] | undefined)[] = [];
  for (const { id, text } of criteria) {
    const found = judged.findLast(({ verdict, about }) => verdict.criterion === id && about === text);
    if (found !== undefined) verdicts[id] = found.verdict;
  }
  return verdicts;
}
