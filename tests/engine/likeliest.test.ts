import { expect, test } from "vitest";
import fc from "fast-check";
import { likeliest } from "../../src/engine/likeliest.ts";

test("as sorting the whole would say, ties by their place", () => {
  const numbers = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 0, max: 45 }), (values, count) => {
      const sorted = values.map((_, i) => i).toSorted((a, b) => values[b]! - values[a]! || a - b);
      expect(likeliest(Float32Array.from(values), count)).toEqual(sorted.slice(0, count));
    }),
  );
});
