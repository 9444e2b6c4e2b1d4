/**
 * @file References that a model picks by naming a number: Self-BoN (v3 §4.1) and universal self-consistency (Chen et al. 2023,
 * arXiv 2311.17311; not in the paper).
 * Differences: (1) the task is hidden, as from the anchor; whether the paper shows it is unknown, universal self-consistency
 * does; (2) the reply is a number in place of a sentence; (3) a reply that names no rollout, or was cut off, chooses none.
 */
import type { GroupEvent } from "../../run/event.ts";
import type { LanguageModel, Stop } from "../models.ts";
import { type CatOptions, GREEDY, noise } from "../options.ts";
import { choicePrompt } from "../prompts.ts";
import { withoutThinking } from "../thinking.ts";
import type { Group, Reference } from "../types.ts";
import { finished } from "./finished.ts";
import { selected } from "./selection.ts";

/** The rollout that the model calls the best. @returns null when its reply names none. */
export async function* selfBestOfN(
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference | null> {
  return yield* choose({ aggregator: "selfBestOfN", question: "choose" }, group, anchor, options, stop);
}

/** The rollout that the model finds to agree most with the others. @returns null when its reply names none. */
export async function* universalSelfConsistency(
  group: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference | null> {
  return yield* choose(
    { aggregator: "universalSelfConsistency", question: "consistent" },
    group,
    anchor,
    options,
    stop,
  );
}

interface Choice {
  readonly aggregator: "selfBestOfN" | "universalSelfConsistency";
  readonly question: "choose" | "consistent";
}

/** Asks once, greedily. Of a group of one there is nothing to ask. */
async function* choose(
  { aggregator, question }: Choice,
  { kind, rollouts }: Group,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference | null> {
  const start = options.now();
  let number: number | null = 1;
  let tokens = 0;
  if (rollouts.length > 1) {
    const messages = choicePrompt(anchor, question, rollouts);
    const rendered = anchor.render(messages);
    yield {
      type: "prompt.sent",
      role: "anchor",
      purpose: "choose",
      rollout: null,
      criterion: null,
      messages,
      rendered,
    };
    const { maxTokens } = options;
    const request = { prompt: rendered, n: 1, noise: noise(options, "choose", 0), sampling: GREEDY, maxTokens };
    let reply = "";
    let cut = false;
    for await (const { text, ended } of anchor.generate([request], stop)) {
      reply += text;
      tokens += 1;
      cut = ended === "length";
    }
    number = cut ? null : readNumber(withoutThinking(reply));
  }
  const chosen = number === null ? undefined : rollouts[number - 1];
  const reference = chosen === undefined ? null : selected(aggregator, chosen);
  yield finished(aggregator, reference, kind, { tokens, ms: options.now() - start });
  return reference;
}

/** The first whole number of a reply; parts of a decimal, a long or a negative number are none. @returns null without one. */
export function readNumber(reply: string): number | null {
  const [digits] = /(?<![\d.,]|(?<!\w)-)\d+(?!\d|[.,]\d)/.exec(reply) ?? [];
  return digits === undefined ? null : Number(digits);
}
