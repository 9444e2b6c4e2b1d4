/** @file Runs of prompts with one beginning: they partition the list, and what they call shared is. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { headedRuns } from "../../src/engine/shared-head.ts";

test("prompts about one answer share it; another answer that begins alike does not join", () => {
  const answer = [1, 2, 3, 4, 5, 6];
  const prompts = [[...answer, 7, 8], [...answer, 7, 9, 1], [...answer, 9], [1, 2, 9, 9], [1, 2, 9, 9], [5]];
  expect(headedRuns(prompts)).toEqual([
    { start: 0, count: 3, head: 6 },
    { start: 3, count: 2, head: 3 },
    { start: 5, count: 1, head: 0 },
  ]);
});

test("runs cover every prompt once, in order; heads are common and leave each prompt a token", () => {
  const prompt = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(prompt, { maxLength: 12 }), (prompts) => {
      let next = 0;
      for (const { start, count, head } of headedRuns(prompts)) {
        expect(start).toBe(next);
        next += count;
        for (const one of prompts.slice(start, next)) {
          expect(one.length).toBeGreaterThan(head);
          expect(one.slice(0, head)).toEqual(prompts[start]!.slice(0, head));
        }
      }
      expect(next).toBe(prompts.length);
    }),
  );
});
