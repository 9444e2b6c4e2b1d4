/**
 * @file Which rows run together, and how long they are made: rows of one bucket, padded at their right to its length. Leaves out what is in the rows.
 */

/** Rows of one length after padding. */
export interface Bucket {
  readonly length: number;
  /** Indices of rows. */
  readonly rows: readonly number[];
}

/** Four lengths to an octave, so that padding is less than a fifth of any row, and shapes are few. @param length at least 1 */
function bucketLength(length: number): number {
  const octave = Math.floor(Math.log2(Math.max(length - 1, 1)));
  const step = 2 ** Math.max(0, octave - 2);
  return step * Math.ceil(length / step);
}

/**
 * @param lengths of rows, in tokens
 * @param tokens that may be in one bucket, padding included; a longer row is alone
 * @returns shortest first; of one length in the order of rows
 */
export function buckets(lengths: readonly number[], tokens: number): Bucket[] {
  const byLength = new Map<number, number[]>();
  for (const [row, length] of lengths.entries()) {
    const bucket = bucketLength(length);
    byLength.set(bucket, [...(byLength.get(bucket) ?? []), row]);
  }
  return [...byLength]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([length, rows]) => {
      const runs = Math.ceil((rows.length * length) / tokens);
      // Even shares rather than full ones and a rest.
      const most = Math.max(1, Math.min(Math.ceil(rows.length / runs), Math.floor(tokens / length)));
      const starts = Array.from({ length: Math.ceil(rows.length / most) }, (_, i) => i * most);
      return starts.map((start) => ({ length, rows: rows.slice(start, start + most) }));
    });
}
