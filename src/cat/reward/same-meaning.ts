/**
 * @file Model as judge, an ablation: 1 if the judge finds that a rollout says what the reference says, else 0 (v3 §4.3). No rubric.
 * Differences: (1) yes or no by next-token probability; (2) undecided is null.
 */
import type { GroupEvent } from "../../run/event.ts";
import type { LanguageModel, Stop } from "../models.ts";
import { sameMeaningPrompt } from "../prompts.ts";
import { withoutThinking } from "../thinking.ts";
import type { Group, Reference, Reward } from "../types.ts";
import { askYesOrNo } from "./yes-no.ts";

interface Comparison {
  readonly equivalent: boolean | null;
  readonly rule: string;
}

/** One call a rollout. @returns [G]; all null for a reference without text; 0 for a rollout without text. */
export async function* rewardBySameMeaning(
  group: Group,
  reference: Reference,
  judge: LanguageModel,
  stop?: Stop,
): AsyncGenerator<GroupEvent, readonly Reward[]> {
  const rewards: Reward[] = [];
  for (const { index, text } of group.rollouts) {
    const { equivalent, rule } = yield* compare(withoutThinking(text), index);
    const value = equivalent === null ? null : equivalent ? 1 : 0;
    yield { type: "equivalence", rollout: index, equivalent, extracted: null, normal: null, rule, second: null };
    yield { type: "reward", rollout: index, value };
    rewards.push(value);
  }
  return rewards;

  async function* compare(answer: string, rollout: number): AsyncGenerator<GroupEvent, Comparison> {
    if (reference.text === "") return { equivalent: null, rule: "the reference has no text" };
    if (answer === "") return { equivalent: false, rule: "the rollout has no text" };
    const messages = sameMeaningPrompt(judge, answer, reference.text);
    const question = { purpose: "sameMeaning", rollout, criterion: null, messages } as const;
    const [said] = yield* askYesOrNo(judge, [question], stop);
    const { yes, probability } = said!;
    if (probability === null) return { equivalent: null, rule: "the judge answers neither yes nor no" };
    const says = yes === null ? "is undecided" : yes ? "says yes" : "says no";
    return { equivalent: yes, rule: `the judge ${says}, P(yes) = ${probability.toFixed(2)}` };
  }
}
