/**
 * @file Mutual predictability: the rollout that is likeliest behind all the others (v3 §4.1; the idea is of Wen et al. 2025, arXiv 2506.10139).
 * For each rollout: the others first, itself last, teacher-forced; the lowest perplexity wins.
 * Differences: (1) the others stand in their cyclic order, the paper's is random, so that chance has no part and each stands once
 * at each distance; (2) they stand in the synthesis prompt, the paper's wording could not be read; (3) the task is hidden.
 */
import type { GroupEvent } from "../../run/event.ts";
import { renderedBefore } from "../before.ts";
import { meanLogprob } from "../logprobs.ts";
import type { LanguageModel, Stop } from "../models.ts";
import type { CatOptions } from "../options.ts";
import { shownRollout, synthesisPrompt } from "../prompts.ts";
import type { Group, Reference, Rollout } from "../types.ts";
import { finished } from "./finished.ts";
import { selected } from "./selection.ts";

/**
 * One prefill a rollout, each of the whole group; nothing is generated. Of equals, the first.
 * @returns null when no rollout has text.
 */
export async function* mutualPredictability(
  { kind, rollouts }: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference | null> {
  const start = options.now();
  let best: { readonly rollout: Rollout; readonly logprob: number } | null = null;
  for (const [place, rollout] of rollouts.entries()) {
    const others = [...rollouts.slice(place + 1), ...rollouts.slice(0, place)];
    const messagesWith = (text: string) => synthesisPrompt(anchor, kind, [...others, { ...rollout, text }]);
    const before = renderedBefore(anchor, messagesWith);
    const shown = shownRollout(anchor, kind, rollout);
    if (shown === "") continue;
    // Most tokenizers make one token of a word and the space before it.
    const prompt = before.replace(/ $/, "");
    const continuation = before.slice(prompt.length) + shown;
    yield {
      type: "prompt.sent",
      role: "anchor",
      purpose: "score",
      rollout: rollout.index,
      criterion: null,
      messages: messagesWith(rollout.text),
      rendered: prompt + continuation,
    };
    const [scores] = await anchor.score([{ prompt, continuation }], stop);
    const logprob = meanLogprob(scores!.logprobs);
    if (logprob !== null && (best === null || logprob > best.logprob)) best = { rollout, logprob };
  }
  const reference = best === null ? null : selected("mutualPredictability", best.rollout);
  yield finished("mutualPredictability", reference, kind, { tokens: 0, ms: options.now() - start });
  return reference;
}
