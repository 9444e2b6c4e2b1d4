/** @file Scores by how badly the law treats an item: the data of the key figure. For items with one right answer. */
import type { AnswerLabel } from "./item.ts";
import { type MethodScores, type MethodTable, methodTable } from "./summary.ts";

/** Items by the worst slip or misreading rate among their facts: from ≤ rate < to, the last band up to 1 and with it. */
export interface Stratum {
  readonly slip: Band | null;
  readonly misread: Band | null;
  readonly items: number;
  readonly methods: MethodTable;
}

type Band = readonly [from: number, to: number];

/** Past one half a fact is a habit: the wrong answer is the likelier one. */
const BANDS: readonly Band[] = [
  [0, 0.1],
  [0.1, 0.25],
  [0.25, 0.5],
  [0.5, 0.75],
  [0.75, 1],
];

/** @param scores [items] */
export function strata(
  labels: readonly Pick<AnswerLabel, "slip" | "misread">[],
  scores: readonly MethodScores[],
): Stratum[] {
  const inside = (key: "slip" | "misread", [from, to]: Band) => {
    const found = scores.filter((_, i) => {
      const rate = labels[i]![key];
      return rate >= from && (rate < to || to === 1);
    });
    return { items: found.length, methods: methodTable(found) };
  };
  return [
    ...BANDS.map((band) => ({ slip: band, misread: null, ...inside("slip", band) })),
    ...BANDS.map((band) => ({ slip: null, misread: band, ...inside("misread", band) })),
  ];
}
