/** @file Looks inside a rollout: what else the policy could have said at each token. Asks the loaded model once for all of them. */
import { type LanguageModel, ModelError } from "../cat/models.ts";
import { sameWeights } from "../run/same-weights.ts";
import type { TokenLook, TokenQuestion } from "./protocol.ts";

/** Alternatives that a person is shown. */
const TOP = 8;

/** @throws {ModelError} `model-unsupported` if another model wrote the rollout: its numbers would explain nothing; and what scoring throws. */
export async function lookAtTokens(model: LanguageModel, { prompt, tokenIds, by }: TokenQuestion): Promise<TokenLook> {
  if (by.device === "remote") {
    const message = `${by.id} wrote this on a server, which tells nothing of the tokens that it did not choose.`;
    throw new ModelError("model-unsupported", message);
  }
  if (!sameWeights(model.record, by)) {
    const message = `${by.id} of this run is not the model that is loaded (${model.record.id} with other weights). Run the question again to look into its answers.`;
    throw new ModelError("model-unsupported", message);
  }
  const [scores] = await model.score([{ prompt, continuation: tokenIds, top: TOP }]);
  const { top = [], texts = [], logprobs } = scores!;
  if (!logprobs.every(Number.isFinite)) {
    throw new ModelError("run-invalid", "The run names tokens that the model does not have. Its file was changed.");
  }
  return { top, texts };
}
