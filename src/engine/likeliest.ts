/** @file The largest of many numbers, for vocabularies of a hundred thousand: one pass, no sorting of the whole. */

/**
 * @param logits [vocabulary]
 * @param count how many are wanted, at least 0; all of them if there are fewer.
 * @returns indices, largest logit first; of equal ones the lower index first.
 */
export function likeliest(logits: Float32Array, count: number): number[] {
  const best: number[] = [];
  for (const [index, logit] of logits.entries()) {
    if (best.length === count && (count === 0 || logit <= logits[best[count - 1]!]!)) continue;
    let place = best.length;
    while (place > 0 && logit > logits[best[place - 1]!]!) place--;
    best.splice(place, 0, index);
    if (best.length > count) best.pop();
  }
  return best;
}
