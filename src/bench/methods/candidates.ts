/** @file Every method's answer to one item, all from the same rollouts; each call of a model is made once. Scores nothing. */
import type { Roles, Stop } from "../../cat/models.ts";
import type { CatOptions } from "../../cat/options.ts";
import { askOther, type OtherMethod, othersOf, tokensBefore } from "../../cat/others.ts";
import { synthesize } from "../../cat/reference/synthesis.ts";
import type { Aggregator, Group, Reference, Task } from "../../cat/types.ts";
import { type Candidate, made, tokensOf } from "./candidate.ts";
import { controls } from "./controls.ts";
import { growing } from "./growing.ts";

export interface Candidates {
  readonly methods: Partial<Record<Aggregator, Candidate>>;
  readonly synthesis: Candidate<Reference>;
  /** The group's first g rollouts with their synthesis. */
  readonly growing: readonly { readonly part: Group; readonly reference: Reference }[];
}

/** @param strangers the group of another item, for the control; null for none. */
export async function candidates(
  task: Task,
  { group, strangers }: { readonly group: Group; readonly strangers: Group | null },
  roles: Roles,
  options: CatOptions,
  stop?: Stop,
): Promise<Candidates> {
  const synthesis = await made(synthesize(group, roles.anchor, options, stop), tokensOf(group));
  const explored = { task, group, synthesis: synthesis.reference };
  const written = synthesis.tokens - tokensOf(group);
  const lengths = group.rollouts.map(({ tokenIds }) => tokenIds.length);
  const others: Partial<Record<Aggregator, Candidate>> = {};
  // The control for length is wanted whatever the kind.
  for (const method of new Set<OtherMethod>([...othersOf(task.kind), "longestRollout"])) {
    if (method === "synthesisExecuted" && roles.runner === null) continue;
    const before = tokensBefore(method, lengths, written);
    others[method] = await made(askOther(method, explored, roles, options, stop), before);
  }
  const { greedy, synthesisOfOne } = others;
  return {
    methods: {
      ...others,
      synthesis,
      ...(await controls(task, { group, greedy: greedy!, strangers }, roles, options, stop)),
    },
    synthesis,
    growing: await growing(group, { synthesis, synthesisOfOne: synthesisOfOne! }, roles.anchor, options, stop),
  };
}
