/**
 * @file The self-proposed rubric: the anchor writes yes/no criteria from the reference alone (v3 §3.2.2).
 * Differences: (1) read by pattern, not by an XML parser, so that one bad tag does not cost the rest; (2) doubles are dropped; (3) at most eight;
 * (4) the anchor is held to the form where the model can be (rubric-grammar.ts), so that it is well-formed at the first attempt.
 */
import type { GroupEvent } from "../../run/event.ts";
import type { LanguageModel, Message, Stop } from "../models.ts";
import { type CatOptions, noise } from "../options.ts";
import { rubricPrompt } from "../prompts.ts";
import { withoutThinking } from "../thinking.ts";
import type { Criterion, Reference } from "../types.ts";
import { criterionKey, criterionText, FEWEST, MOST } from "./criterion-text.ts";
import { RUBRIC_GRAMMAR } from "./rubric-grammar.ts";

/** A retry at temperature 0 would repeat itself. */
const RETRY_TEMPERATURE = 0.7;

/** @returns the criteria of the better of two attempts; fewer than five, or none, when both fall short; none, without asking, for a reference without text. */
export async function* proposeRubric(
  reference: Reference,
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, readonly Criterion[]> {
  if (reference.text === "") {
    yield { type: "rubric.finished", source: "reference", criteria: [], attempts: 0, attempt: null };
    return [];
  }
  const asked = { source: "reference", messages: rubricPrompt(anchor, reference.text) } as const;
  return yield* writeRubric(asked, anchor, options, stop);
}

/** Two attempts at most. What the anchor is shown is the caller's affair. @returns as {@link proposeRubric}. */
export async function* writeRubric(
  { source, messages }: { readonly source: "reference" | "prompt"; readonly messages: readonly Message[] },
  anchor: LanguageModel,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, readonly Criterion[]> {
  const prompt = anchor.render(messages);
  let criteria: readonly Criterion[] = [];
  let attempts = 0;
  let attempt: number | null = null;
  while (attempts < 2 && criteria.length < FEWEST) {
    yield {
      type: "prompt.sent",
      role: "anchor",
      purpose: "rubric",
      rollout: null,
      criterion: null,
      messages,
      rendered: prompt,
    };
    const sampling = { temperature: attempts === 0 ? 0 : RETRY_TEMPERATURE, topK: null, topP: null };
    const { maxTokens } = options;
    const named = noise(options, "rubric", attempts);
    const request = { prompt, n: 1, noise: named, sampling, maxTokens, grammar: RUBRIC_GRAMMAR };
    attempts += 1;
    let text = "";
    for await (const token of anchor.generate([request], stop)) {
      text += token.text;
      yield { type: "rubric.delta", attempt: attempts, text: token.text };
    }
    const read = readRubric(withoutThinking(text));
    if (read.length > criteria.length) [criteria, attempt] = [read, attempts];
  }
  yield { type: "rubric.finished", source, criteria, attempts, attempt };
  return criteria;
}

/** The criteria in a model's reply: `<criterion>` elements, or else the lines of a list. Never throws. */
export function readRubric(reply: string): readonly Criterion[] {
  const tagged = [...reply.matchAll(/<criterion[^>]*>([\s\S]*?)(?=<\/?criterion\b|<\/rubric>|$)/gi)].map((m) => m[1]!);
  const listed = reply.split("\n").flatMap((line) => /^\s*(?:[-*•]|\d+[.)])\s+(.*)$/.exec(line)?.[1] ?? []);
  const seen = new Set<string>();
  return (tagged.length > 0 ? tagged : listed)
    .map(criterionText)
    .filter((text) => {
      const key = criterionKey(text);
      return key !== "" && !seen.has(key) && seen.add(key);
    })
    .slice(0, MOST)
    .map((text, id) => ({ id, text }));
}
