/** @file Which steps of one text go with which of another where work is done step by step: one to one and in order. Any order: align-freely.ts. */

/** [rows][columns] of 0..1. */
export type Likenesses = readonly (readonly number[])[];

/**
 * The pairs that are most alike in sum and cross nowhere (Needleman and Wunsch 1970).
 * @param least what a pair must have to be worth more than none.
 * @returns [rows]: a column or null.
 */
export function alignInOrder(likenesses: Likenesses, least: number): readonly (number | null)[] {
  const [rows, columns] = [likenesses.length, likenesses[0]?.length ?? 0];
  const best = Array.from({ length: rows + 1 }, () => new Float64Array(columns + 1));
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const pair = likenesses[row]![column]! - least + best[row + 1]![column + 1]!;
      best[row]![column] = Math.max(pair, best[row + 1]![column]!, best[row]![column + 1]!);
    }
  }
  const pairs: (number | null)[] = Array.from({ length: rows }, () => null);
  for (let row = 0, column = 0; row < rows && column < columns;) {
    if (best[row]![column] === best[row]![column + 1]) column++;
    else if (best[row]![column] === best[row + 1]![column]) row++;
    else pairs[row++] = column++;
  }
  return pairs;
}
