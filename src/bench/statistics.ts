/** @file Means with their standard errors. Values that could not be decided are the caller's to leave out. */

export interface Estimate {
  /** null of no values. */
  readonly mean: number | null;
  /** Standard error of the mean, sample standard deviation ÷ √n; null below two values. */
  readonly se: number | null;
}

export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  if (n === 0) return { mean: null, se: null };
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n === 1) return { mean, se: null };
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  return { mean, se: Math.sqrt(variance / n) };
}

/** Mean of a − b over items that both scored, with the standard error of the pairs. @throws RangeError for lists of two lengths. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Estimate {
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be paired with ${b.length}`);
  return estimate(a.map((x, i) => x - b[i]!));
}

/**
 * Mean of a ÷ mean of b over the same items. The standard error is that of the linearised ratio (a − ratio · b) ÷ mean of b.
 * @returns nothing where the mean of b is 0.
 * @throws RangeError for lists of two lengths.
 */
export function ratioOfMeans(a: readonly number[], b: readonly number[]): Estimate {
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be paired with ${b.length}`);
  const [{ mean: over }, { mean: under }] = [estimate(a), estimate(b)];
  if (over === null || under === null || under === 0) return { mean: null, se: null };
  const ratio = over / under;
  return { mean: ratio, se: estimate(a.map((x, i) => (x - ratio * b[i]!) / under)).se };
}
