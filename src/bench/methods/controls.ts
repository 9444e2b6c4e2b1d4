/** @file What a sceptic asks for: the anchor with the prompt, without the rollouts, and with the rollouts of another problem. */
import type { Roles, Stop } from "../../cat/models.ts";
import type { CatOptions } from "../../cat/options.ts";
import { answerAlone, synthesizeWithPrompt } from "../../cat/reference/controls.ts";
import { synthesizeStrangers } from "../../cat/reference/synthesis.ts";
import type { Group, Task } from "../../cat/types.ts";
import { type Candidate, made, tokensOf } from "./candidate.ts";

export interface Controls {
  readonly synthesisWithPrompt: Candidate;
  readonly anchorAlone: Candidate;
  /** Where there is a second item. */
  readonly synthesisOfStrangers?: Candidate;
}

/** @param strangers the group of another item; null for none. */
export async function controls(
  task: Task,
  { group, greedy, strangers }: { readonly group: Group; readonly greedy: Candidate; readonly strangers: Group | null },
  { policy, anchor }: Pick<Roles, "policy" | "anchor">,
  options: CatOptions,
  stop?: Stop,
): Promise<Controls> {
  const withPrompt = synthesizeWithPrompt(task, group, anchor, options, stop);
  return {
    synthesisWithPrompt: await made(withPrompt, tokensOf(group)),
    // The same model asked the same thing at temperature 0 says what it said.
    anchorAlone: anchor === policy ? greedy : await made(answerAlone(task, anchor, options, stop), 0),
    ...(strangers === null
      ? {}
      : {
          synthesisOfStrangers: await made(synthesizeStrangers(strangers, anchor, options, stop), tokensOf(strangers)),
        }),
  };
}
