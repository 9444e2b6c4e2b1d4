/** @file A step that a training has made: what of it stays in memory, for thousands of rollouts. */
import type { LoggedEvent } from "./event.ts";
import type { GroupState, PromptSent } from "./run.ts";
import { selfAgreement, type SelfAgreement } from "./self-agreement.ts";

/** `step` counts from 0; its rollouts and numbers are of the policy after that many steps. */
type StepEvent = Extract<LoggedEvent, { type: "step" }>;

export interface TrainingStep {
  readonly event: StepEvent;
  /** Those that the log tells of, in the order of the event; without tokens and judges' prompts, which only the file keeps. */
  readonly groups: readonly GroupState[];
  readonly agreement: SelfAgreement;
}

/** @param open groups of this step, whole, by number */
export function stepOf(event: StepEvent, open: ReadonlyMap<number, GroupState>): TrainingStep {
  const groups = event.groups.flatMap((number) => open.get(number) ?? []);
  return { event, groups: groups.map(withoutTokens), agreement: selfAgreement(groups) };
}

/** Thousands of rollouts stay in memory: their texts and what came of them, not their tokens. */
function withoutTokens(group: GroupState): GroupState {
  const none = { tokenIds: [], logprobs: [], entropies: [], margins: [], textLengths: [] };
  return {
    ...group,
    rollouts: group.rollouts.map((rollout) => ({ ...rollout, ...none })),
    prompts: group.prompts.filter(isShown),
  };
}

/** One for all rollouts, and one of the anchor; a judge is asked hundreds of times. */
function isShown({ role }: PromptSent): boolean {
  return role !== "judge";
}
