/** @file What must hold of any two texts. `CATLAB_STRINGS=20000` tries more of them than `npm test` does. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, sameAnswer } from "../../../src/verify/math/equivalent.ts";
import { extractAnswer } from "../../../src/verify/math/extract.ts";
import { equalByValue } from "../../../src/verify/math/second.ts";
import { equivalentAnswers } from "../../../src/verify/math/verdict.ts";
import { MOST_WORK } from "../../../src/verify/math/work.ts";
import { expressions, texts } from "./arbitrary.ts";

const RUNS = Number(process.env["CATLAB_STRINGS"] ?? 1000);
const some = { numRuns: Math.ceil(RUNS / 10), seed: 14234 };
const many = { numRuns: RUNS, seed: 14234 };
const minutes = 60_000;

test("any two texts: no exception, the same verdict both ways, within the budget", { timeout: 10 * minutes }, () => {
  let most = 0;
  fc.assert(
    fc.property(texts, texts, fc.boolean(), (a, b, acceptAlternative) => {
      const [there, back] = [decide(a, b, { acceptAlternative }), decide(b, a, { acceptAlternative })];
      expect([back.equal, back.rule, back.b, back.a]).toEqual([there.equal, there.rule, there.a, there.b]);
      expect(equalByValue(a, b)).not.toBe(equalByValue(b, a) === null ? true : !equalByValue(b, a));
      most = Math.max(most, there.work);
    }),
    many,
  );
  // One step is spent before it is counted as too much.
  expect(most).toBeLessThan(MOST_WORK + 2000);
});

test("any text equals itself", { timeout: 5 * minutes }, () => {
  fc.assert(
    fc.property(texts, (a) => {
      expect(sameAnswer(a, a).equal).toBe(true);
      expect(equalByValue(a, a)).not.toBe(false);
      const extracted = extractAnswer(a);
      if (extracted !== null) expect(sameAnswer(extracted, extracted).equal).toBe(true);
    }),
    many,
  );
});

test(
  "verdicts of whole texts are symmetric, and reflexive where there is an answer",
  { timeout: 5 * minutes },
  async () => {
    await fc.assert(
      fc.asyncProperty(texts, texts, fc.boolean(), async (a, b, paperExact) => {
        const [there, back] = [
          await equivalentAnswers(a, b, { paperExact }),
          await equivalentAnswers(b, a, { paperExact }),
        ];
        expect([back.equal, back.b, back.a, back.second]).toEqual([there.equal, there.a, there.b, there.second]);
        const self = await equivalentAnswers(a, a, { paperExact });
        expect(self.equal).toBe(self.a.extracted === null ? null : true);
      }),
      many,
    );
  },
);

test(
  "an expression never equals itself plus one, and is never told apart from itself plus nothing",
  { timeout: 5 * minutes },
  () => {
    fc.assert(
      fc.property(expressions, (e) => {
        expect(sameAnswer(e, `(${e})+1`).equal).not.toBe(true);
        expect(sameAnswer(e, `(${e})+10^{-30}`).equal).not.toBe(true);
        expect(sameAnswer(e, `0+(${e})`).equal).not.toBe(false);
      }),
      some,
    );
  },
);

test("order of terms and factors, and expansion, change no expression", { timeout: 5 * minutes }, () => {
  fc.assert(
    fc.property(expressions, expressions, expressions, (a, b, c) => {
      expect(sameAnswer(`(${a})+(${b})`, `(${b})+(${a})`).equal).not.toBe(false);
      expect(sameAnswer(`(${a})((${b})-(${c}))`, `(${a})(${b})-(${a})(${c})`).equal).not.toBe(false);
    }),
    some,
  );
});

test("where both checkers decide on chance expressions, they agree", { timeout: 5 * minutes }, () => {
  fc.assert(
    fc.property(expressions, expressions, (a, b) => {
      const first = sameAnswer(a, b).equal;
      const second = equalByValue(a, b);
      if (first !== null && second !== null) expect([a, b, second]).toEqual([a, b, first]);
    }),
    many,
  );
});
