/** @file Ends of axes and places of labels, for charts that grow while they are looked at: ends that seldom move, labels that never lie on each other. */

const ROUND = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The round number at or above: an axis that ends there moves a few times in a training, not at each step. */
export function roundAbove(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  // 0.3 ÷ 0.1 is a little less than 3, and must not be more.
  const digits = Number((value / power).toPrecision(9));
  return Number((ROUND.find((round) => round >= digits)! * power).toPrecision(3));
}

/** Steps to make room for, ten at least. */
export function stepsEnd(steps: number): number {
  return Math.max(10, roundAbove(steps));
}

/**
 * Places for labels, each as near to its own as a distance of `gap` between them allows; in the given order.
 * @param range that they stay in, if there is room
 */
export function spread(places: readonly number[], gap: number, range: readonly [number, number]): readonly number[] {
  const order = [...places.keys()].toSorted((a, b) => places[a]! - places[b]!);
  // Neighbours that would touch form a block around the mean of their places; blocks that then touch become one.
  const blocks: { members: number[]; top: number }[] = [];
  for (const index of order) {
    let block = { members: [index], top: clamped(places[index]!, 1, gap, range) };
    for (let above = blocks.at(-1); above !== undefined; above = blocks.at(-1)) {
      if (above.top + above.members.length * gap <= block.top) break;
      blocks.pop();
      const members = [...above.members, ...block.members];
      const middle = members.reduce((sum, i) => sum + places[i]!, 0) / members.length;
      const top = clamped(middle - ((members.length - 1) * gap) / 2, members.length, gap, range);
      block = { members, top };
    }
    blocks.push(block);
  }
  const spreadOut = places.slice();
  for (const { members, top } of blocks) for (const [i, index] of members.entries()) spreadOut[index] = top + i * gap;
  return spreadOut;
}

/** The top of a block of so many labels, moved into the range. */
function clamped(top: number, count: number, gap: number, [low, high]: readonly [number, number]): number {
  return Math.max(low, Math.min(top, high - (count - 1) * gap));
}
