/** @file A model that lets the worker hear its page while it works for long, so that a Pause is heard in the middle of an evaluation. Changes no result. */
import type { LanguageModel } from "../cat/models.ts";
import { nextMacrotask } from "./next-macrotask.ts";

/** A person does not notice that much. */
const UNHEARD_MS = 50;

export function withBreaks(model: LanguageModel): LanguageModel {
  let heard = performance.now();
  const listen = async (): Promise<void> => {
    if (performance.now() - heard < UNHEARD_MS) return;
    await nextMacrotask();
    heard = performance.now();
  };
  return {
    record: model.record,
    promptSet: model.promptSet,
    controlTokens: model.controlTokens,
    contextLength: model.contextLength,
    render: (messages) => model.render(messages),
    async *generate(requests, stop) {
      for await (const token of model.generate(requests, stop)) {
        yield token;
        await listen();
      }
    },
    async decide(prompts, choices, stop) {
      await listen();
      return model.decide(prompts, choices, stop);
    },
    async score(requests, stop) {
      await listen();
      return model.score(requests, stop);
    },
  };
}
