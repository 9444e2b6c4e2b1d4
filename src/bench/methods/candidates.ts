/** @file Every method's answer to one item, all from the same rollouts; each call of a model is made once. Scores nothing, and leaves out the vote, which needs to know what equal means. */
import type { Roles, Stop } from "../../cat/models.ts";
import type { CatOptions } from "../../cat/options.ts";
import { withoutThinking } from "../../cat/thinking.ts";
import type { Aggregator, Group, Reference, Task } from "../../cat/types.ts";
import type { Explored } from "../explored.ts";
import { type Candidate, tokensOf } from "./candidate.ts";
import { controls } from "./controls.ts";
import { selections } from "./selections.ts";
import { growing, syntheses } from "./syntheses.ts";

export interface Candidates {
  readonly methods: Partial<Record<Aggregator, Candidate>>;
  readonly synthesis: Candidate<Reference>;
  /** The group's first g rollouts with their synthesis. */
  readonly growing: readonly { readonly part: Group; readonly reference: Reference }[];
}

/** @param strangers the group of another item, for the control; null for none. */
export async function candidates(
  task: Task,
  { group, greedy, strangers }: Explored & { readonly strangers: Group | null },
  roles: Roles,
  options: CatOptions,
  stop?: Stop,
): Promise<Candidates> {
  const alone = greedily(greedy);
  const written = await syntheses(group, roles, options, stop);
  return {
    methods: {
      greedy: alone,
      ...(await selections(group, roles.anchor, options, stop)),
      ...written,
      ...(await controls(task, { group, greedy: alone, strangers }, roles, options, stop)),
    },
    synthesis: written.synthesis,
    growing: await growing(group, written, roles.anchor, options, stop),
  };
}

function greedily(greedy: Group): Candidate {
  const { text, ended } = greedy.rollouts[0]!;
  const reference: Reference = { aggregator: "greedy", chosen: null, text: withoutThinking(text), ended };
  return { reference, tokens: tokensOf(greedy) };
}
