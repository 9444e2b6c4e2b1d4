/** @file Spearman's rank correlation. */

/** @returns −1..1; null where either list has no spread, for then it ranks nothing. @throws RangeError for lists of two lengths. */
export function spearman(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be ranked against ${b.length}`);
  const [x, y] = [centred(ranks(a)), centred(ranks(b))];
  const [xx, yy, xy] = [product(x, x), product(y, y), product(x, y)];
  return xx === 0 || yy === 0 ? null : xy / Math.sqrt(xx * yy);
}

/** From 0; equal values share their mean rank. */
export function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.map((x) => x - mean);
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}
