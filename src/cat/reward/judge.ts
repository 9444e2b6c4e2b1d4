/**
 * @file The judge: is one criterion met by one answer? Rubric reward = criteria met ÷ criteria decided (v3 §3.2.2).
 * Differences: (1) yes or no by next-token probability, the paper parses a reply; (2) undecided verdicts are left out, not "no".
 */
import type { GroupEvent } from "../../run/event.ts";
import type { LanguageModel, Stop } from "../models.ts";
import { verdictPrompt } from "../prompts.ts";
import { withoutThinking } from "../thinking.ts";
import type { Criterion, Group, Reward } from "../types.ts";
import { fractionMet } from "./fraction-met.ts";
import { askYesOrNo } from "./yes-no.ts";

/** One call a rollout, so that the matrix fills as it is judged. @returns [G]; 0, without asking, for a rollout without text: silence would meet every "leaves out …". */
export async function* rewardByRubric(
  group: Group,
  criteria: readonly Criterion[],
  judge: LanguageModel,
  stop?: Stop,
): AsyncGenerator<GroupEvent, readonly Reward[]> {
  const rewards: Reward[] = [];
  for (const rollout of group.rollouts) {
    const answer = withoutThinking(rollout.text);
    if (answer === "") {
      yield { type: "reward", rollout: rollout.index, value: 0 };
      rewards.push(0);
      continue;
    }
    const questions = criteria.map((criterion) => {
      const messages = verdictPrompt(judge, answer, criterion);
      return { purpose: "verdict", rollout: rollout.index, criterion: criterion.id, messages } as const;
    });
    const verdicts: (boolean | null)[] = [];
    const answers = yield* askYesOrNo(judge, questions, stop);
    for (const [i, { id }] of criteria.entries()) {
      const { yes: met, probability } = answers[i]!;
      verdicts.push(met);
      yield { type: "verdict", rollout: rollout.index, criterion: id, met, probability, by: "model" };
    }
    const value = fractionMet(verdicts);
    yield { type: "reward", rollout: rollout.index, value };
    rewards.push(value);
  }
  return rewards;
}
