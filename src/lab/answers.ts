/** @file What a policy says to one prompt before and after: one greedy answer and a few samples of each. Nothing is learnt from it or logged. */
import { result } from "../bench/result.ts";
import { answerGreedily } from "../cat/greedy.ts";
import type { LanguageModel } from "../cat/models.ts";
import { explore } from "../cat/rollouts.ts";
import { type Answers, KIND_OF, type TrainingAnswers, type TrainingChoice } from "./protocol.ts";
import type { Trainee } from "./trainee.ts";

const SAMPLES = 4;
/** Shares no chance with a training or its evaluations. */
const GROUP = 2 ** 32 - 1;

/** @throws as the models */
export async function answersOf(
  prompt: string,
  { policy, initialPolicy, sampling, maxTokens }: Trainee,
  { seed, domain }: Pick<TrainingChoice, "seed" | "domain">,
): Promise<TrainingAnswers> {
  const task = { id: null, prompt, kind: KIND_OF[domain] };
  const options = { groupSize: SAMPLES, group: GROUP, seed, sampling, maxTokens, now: () => performance.now() };
  const of = async (model: LanguageModel): Promise<Answers> => {
    const greedy = await result(answerGreedily(task, model, options));
    const { rollouts } = await result(explore(task, model, options));
    return { greedy: greedy.text, samples: rollouts.map(({ text }) => text) };
  };
  return { before: await of(initialPolicy), after: await of(policy) };
}
