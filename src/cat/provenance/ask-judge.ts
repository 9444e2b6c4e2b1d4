/**
 * @file Asks the judge what each rollout says of each step of the reference: that, its opposite, or neither. For open questions, where
 * the same point comes in words that share little; not in the paper. What words alone can tell, and where in the text: provenance.ts.
 */
import type { GroupEvent, JudgeFound } from "../../run/event.ts";
import type { LanguageModel, Stop } from "../models.ts";
import { statementPrompt } from "../prompts.ts";
import { type Answer, askYesOrNo } from "../reward/yes-no.ts";
import { withoutThinking } from "../thinking.ts";
import type { Rollout } from "../types.ts";
import type { Stance } from "./provenance.ts";
import { stepsOf } from "./steps.ts";

const QUESTIONS = ["says", "denies"] as const;

/** Of a longer reference, the first: each costs two questions a rollout. */
const MOST_ASKED = 24;

/**
 * One call a rollout; none for a rollout without text, which says nothing. What the judge finds comes at once, when all have been
 * asked about, so that nobody sees half of it.
 */
export async function* askJudge(
  rollouts: readonly Pick<Rollout, "index" | "text">[],
  reference: string,
  judge: LanguageModel,
  stop?: Stop,
): AsyncGenerator<GroupEvent, void> {
  const steps = stepsOf(reference).slice(0, MOST_ASKED);
  const found: JudgeFound[] = [];
  for (const { index: rollout, text } of rollouts) {
    const answer = withoutThinking(text);
    if (answer === "" || steps.length === 0) continue;
    const questions = steps.flatMap(({ text: statement }, step) =>
      QUESTIONS.map((purpose) => {
        const messages = statementPrompt(judge, purpose, answer, statement);
        return { purpose, rollout, criterion: null, step, messages };
      }),
    );
    const answers = yield* askYesOrNo(judge, questions, stop);
    for (const step of steps.keys()) {
      const [says, denies] = [answers[2 * step]!, answers[2 * step + 1]!];
      const probability = { says: says.probability, denies: denies.probability };
      found.push({ rollout, step, stance: stanceOf(says, denies), probability });
    }
  }
  if (found.length > 0) yield { type: "sources", steps: steps.map(({ start, end }) => ({ start, end })), found };
}

/** Where it says yes to both, the surer yes counts. @returns null while one is undecided and the other no yes. */
function stanceOf(says: Answer, denies: Answer): Stance | null {
  if (says.yes === true && denies.yes === true) {
    return says.probability! >= denies.probability! ? "supports" : "contradicts";
  }
  if (says.yes === true) return "supports";
  if (denies.yes === true) return "contradicts";
  return says.yes === null || denies.yes === null ? null : "silent";
}
