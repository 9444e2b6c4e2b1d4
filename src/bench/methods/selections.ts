/** @file Methods that pick one rollout of the group: by a number that it carries, or by asking the anchor. The vote depends on what equal means (marking.ts). */
import type { LanguageModel, Stop } from "../../cat/models.ts";
import type { CatOptions } from "../../cat/options.ts";
import { selfBestOfN, universalSelfConsistency } from "../../cat/reference/choice.ts";
import { mutualPredictability } from "../../cat/reference/mutual-predictability.ts";
import { longestRollout, lowestPerplexity } from "../../cat/reference/selection.ts";
import type { Group } from "../../cat/types.ts";
import { made, tokensOf } from "./candidate.ts";

export async function selections(group: Group, anchor: LanguageModel, options: CatOptions, stop?: Stop) {
  const tokens = tokensOf(group);
  return {
    lowestPerplexity: { reference: lowestPerplexity(group), tokens },
    selfBestOfN: await made(selfBestOfN(group, anchor, options, stop), tokens),
    mutualPredictability: await made(mutualPredictability(group, anchor, options, stop), tokens),
    universalSelfConsistency: await made(universalSelfConsistency(group, anchor, options, stop), tokens),
    longestRollout: { reference: longestRollout(group), tokens },
  };
}
