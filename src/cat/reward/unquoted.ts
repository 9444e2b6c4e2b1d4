/**
 * @file An answer without the words of the criterion that it is judged by. Advice says "Rest in bed."; only an answer that speaks to the
 * judge says "Tells you to rest.", and a judge that compares words takes the quotation for the deed. Leaves out all other flattery.
 */

/** How a criterion speaks of an answer: by what it says or does. One that could itself be advice ("Rest in bed.") is left alone. */
const ABOUT_ANSWERS =
  /^(?:(?:the|this) (?:answer|response|reply|text)|advises|asks|avoids|contains|describes|does|encourages|explains|gives|has|includes|is|keeps|leaves|lists|makes|mentions|names|notes|offers|omits|points|proposes|provides|reassures|recommends|reminds|says|shows|states|suggests|tells|uses|warns|writes)\b/i;

/** Fewer words come up in honest text, too. */
const LEAST_WORDS = 3;

/** @returns the answer with "…" for each place that has the criterion word for word, whatever its case, spacing and final mark. */
export function unquoted(answer: string, criterion: string): string {
  const words = criterion
    .trim()
    .replace(/[.!?]+$/, "")
    .split(/\s+/);
  if (words.length < LEAST_WORDS || !ABOUT_ANSWERS.test(criterion.trim())) return answer;
  const pattern = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  return answer.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, "giu"), "…");
}
