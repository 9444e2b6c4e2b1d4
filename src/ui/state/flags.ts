/** @file What a person should know of a group before trusting its reference, as chips with an explanation. Whether it is so: src/cat/provenance/flags.ts. */
import { flagsOf } from "../../cat/provenance/flags.ts";
import { asGroup } from "../../run/as-group.ts";
import type { GroupState } from "../../run/run.ts";

export interface Flag {
  readonly name: string;
  readonly why: string;
}

/** None before the reference is finished. @param group as it counts. */
export function flagsFor(group: GroupState): readonly Flag[] {
  const finished = group.references.synthesis?.finished;
  if (finished === undefined) return [];
  const { copied, differsFromMajority, nothingToReconcile, noSignal } = flagsOf(asGroup(group), finished, {
    rewards: group.rollouts.map(({ reward }) => reward),
    tests: group.rollouts.map(({ tests }) => tests?.results ?? []),
  });
  const numbers = copied.map((index) => index + 1).join(", ");
  return [
    ...(copied.length === 0
      ? []
      : [
          {
            name: `copied try ${numbers}`,
            why: `The reference is answer ${numbers} word for word: nothing was put together.`,
          },
        ]),
    ...(differsFromMajority === true
      ? [
          {
            name: "differs from the majority",
            why: "A vote among the answers would have chosen another one. That may be a rescue, or a mistake: only the key tells.",
          },
        ]
      : []),
    ...(nothingToReconcile === true
      ? [{ name: "nothing to reconcile", why: "All answers come to the same, so there was no disagreement to settle." }]
      : []),
    ...(noSignal === true && group.rollouts.length > 1
      ? [
          {
            name: "no spread, no signal",
            why: "All rewards are equal, so every advantage is 0: training would learn nothing from this group.",
          },
        ]
      : []),
  ];
}
