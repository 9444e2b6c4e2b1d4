/** @file Trees of tokens: they hold every text, nothing sees what it does not follow, and their sizes are bounded. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { biasOf, tokenTrees } from "../../src/engine/token-tree.ts";

const text = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 7 });
const texts = fc.array(text, { maxLength: 12 });

test("every text stands in its tree, in order, with the positions that it has alone; what two begin with stands once", () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 40 }), (all, most) => {
      const found: number[][] = [];
      for (const { tokens, parents, positions, ends } of tokenTrees(all, most)) {
        if (ends.length > 1) expect(tokens.length).toBeLessThanOrEqual(most);
        for (const end of ends) {
          const path: number[] = [];
          for (let at = end; at >= 0; at = parents[at]!) path.unshift(at);
          expect(path.map((at) => positions[at])).toEqual([...path.keys()]);
          found.push(path.map((at) => tokens[at]!));
        }
        expect(new Set(tokens.map((token, at) => `${parents[at]} ${token}`)).size).toBe(tokens.length);
      }
      expect(found).toEqual(all);
    }),
  );
});

test("a token sees what it follows, whatever stands between, in either precision", () => {
  const [tree] = tokenTrees(
    [
      [5, 6, 7],
      [5, 8],
    ],
    Infinity,
  );
  const no = -(2 ** 15);
  expect([...biasOf(tree!, { start: 1, end: 4 }, "float32")]).toEqual([0, 0, no, no, 0, 0, 0, no, 0, no, no, 0]);
  const half = biasOf(tree!, { start: 3, end: 4 }, "float16");
  expect([...half]).toEqual([0, 0xf800, 0xf800, 0]);
});

test("unlike texts part at 256 tokens; texts with a common beginning when reading it again is cheaper", () => {
  const unlike = Array.from({ length: 6 }, (_, i) => Array<number>(100).fill(i));
  expect(tokenTrees(unlike, Infinity).map(({ ends }) => ends.length)).toEqual([2, 2, 2]);
  const head = Array<number>(200).fill(0);
  const cells = Array.from({ length: 30 }, (_, i) => [...head, ...Array<number>(50).fill(i + 1)]);
  // 200 + 11 × 50 tokens are three times 250.
  expect(tokenTrees(cells, Infinity).map(({ ends }) => ends.length)).toEqual([11, 11, 8]);
  expect(tokenTrees(cells, 400).map(({ ends }) => ends.length)).toEqual(Array(7).fill(4).concat(2));
  expect(tokenTrees([], Infinity)).toEqual([]);
});
