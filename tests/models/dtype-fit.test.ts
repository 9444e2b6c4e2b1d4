/** @file Which weights fit a device: every pair of dtypes and devices has an order, and half precision goes where there is any. */
import { expect, test } from "vitest";
import { bestDtype, obstacle, PROCESSOR } from "../../src/models/dtype-fit.ts";

const half = { webgpu: true, f16: true };
const single = { webgpu: true, f16: false };
const all = ["fp32", "fp16", "q8", "q4", "q4f16"];

test.each([
  ["a graphics processor with half precision", half, "q4f16"],
  ["one without", single, "q4"],
  ["the processor", PROCESSOR, "q4"],
])("on %s", (_, device, best) => {
  expect(bestDtype(all, device)).toBe(best);
  expect(bestDtype(all.toReversed(), device)).toBe(best);
});

test("what has an obstacle is taken only where there is nothing else", () => {
  for (const device of [half, single, PROCESSOR]) {
    for (const a of all) {
      expect(bestDtype([a], device)).toBe(a);
      for (const b of all) {
        const best = bestDtype([a, b], device)!;
        if (obstacle(best, device) !== null) expect([obstacle(a, device), obstacle(b, device)]).not.toContain(null);
      }
    }
  }
  expect(obstacle("fp16", half)).toBeNull();
  expect(obstacle("q4f16", single)).toContain("shader-f16");
});

test("of none there is none, and a dtype that nobody knows does no harm", () => {
  expect(bestDtype([], half)).toBeNull();
  expect(bestDtype(["bnb4", "q4"], half)).toBe("q4");
});
