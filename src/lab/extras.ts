/** @file What a run asks beside the method, as far as it is cheap: with the small models that came with the page, and without a server. */
import type { CatOptions } from "../cat/options.ts";
import type { LanguageModel } from "../cat/models.ts";

/** @param domains of the policy; empty for a general model */
export function extrasOf(
  domains: readonly string[],
  anchor: LanguageModel,
  judge: LanguageModel | null,
): Required<Pick<CatOptions, "others" | "sources">> {
  const small = domains.length > 0;
  const here = (model: LanguageModel | null) => model?.record.device !== "remote";
  return { others: small && here(anchor), sources: small && here(judge) };
}
