/** @file How familiar is a prompt to a policy? A model that knows a small world finds the words of another unlikely. Draws no line: the threshold is measured elsewhere. */
import { renderedBefore } from "./before.ts";
import type { LanguageModel, Stop, TokenScores } from "./models.ts";
import { defuse, rolloutPrompt } from "./prompts.ts";
import type { Task } from "./types.ts";

/**
 * The tokens of the prompt where the policy would read them, inside its template, each given those before it; prefill only.
 * @returns no tokens for an empty prompt.
 */
export async function scorePrompt({ kind, prompt }: Task, policy: LanguageModel, stop?: Stop): Promise<TokenScores> {
  const before = renderedBefore(policy, (text) => rolloutPrompt(policy, kind, text));
  const continuation = defuse(prompt, policy.controlTokens);
  const [scores] = await policy.score([{ prompt: before, continuation }], stop);
  return scores!;
}
