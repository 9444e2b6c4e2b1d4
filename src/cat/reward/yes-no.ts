/** @file Yes/no questions to the judge, answered by what it would say next. */
import type { GroupEvent } from "../../run/event.ts";
import type { LanguageModel, Message, Stop } from "../models.ts";

/** The choices that {@link yesOrNo} reads, in its order. */
const YES_OR_NO = ["yes", "no"] as const;

/** Below this share of the next-token mass on yes and no together, the judge has not answered the question. */
const LEAST_MASS = 0.1;

export interface Answer {
  /** `null`: undecided, or no answer. */
  readonly yes: boolean | null;
  /** Of yes against no, 0..1; `null` without an answer. */
  readonly probability: number | null;
}

/** What is asked, and what the log says that it is about. */
export interface Question extends Pick<
  Extract<GroupEvent, { type: "prompt.sent" }>,
  "purpose" | "rollout" | "criterion" | "step"
> {
  readonly messages: readonly Message[];
}

/** All in one call; each is in the log before it is answered. @returns an answer each, in order. */
export async function* askYesOrNo(
  judge: LanguageModel,
  questions: readonly Question[],
  stop?: Stop,
): AsyncGenerator<GroupEvent, readonly Answer[]> {
  const prompts: string[] = [];
  for (const { messages, ...about } of questions) {
    const rendered = judge.render(messages);
    prompts.push(rendered);
    yield { type: "prompt.sent", role: "judge", ...about, messages, rendered };
  }
  return (await judge.decide(prompts, YES_OR_NO, stop)).map(yesOrNo);
}

/** @param probabilities of yes and of no as the next token. */
function yesOrNo([yes = 0, no = 0]: readonly number[]): Answer {
  if (yes + no < LEAST_MASS) return { yes: null, probability: null };
  const probability = yes / (yes + no);
  return { yes: probability === 0.5 ? null : probability > 0.5, probability };
}
