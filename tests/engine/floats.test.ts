/** @file Half precision by its bits: special values, every finite number, and either kind of array. */
import { expect, test } from "vitest";
import { floatsOf, widened } from "../../src/engine/floats.ts";

test.each([
  [0x0000, 0],
  [0x8000, -0],
  [0x3c00, 1],
  [0xc000, -2],
  [0x3555, 0.333251953125],
  [0x7bff, 65504],
  [0x0400, 2 ** -14],
  [0x0001, 2 ** -24],
  [0x83ff, -1023 * 2 ** -24],
  [0x7c00, Infinity],
  [0xfc00, -Infinity],
  [0x7e00, NaN],
])("%i is %d", (bits, value) => {
  expect(widened(Uint16Array.of(bits))[0]).toBe(value);
});

test("larger bits are larger numbers", () => {
  const positive = widened(Uint16Array.from({ length: 0x7c01 }, (_, bits) => bits));
  for (let bits = 1; bits < positive.length; bits++) expect(positive[bits]! > positive[bits - 1]!).toBe(true);
});

test("an array of halves, where JavaScript has one, is taken by its bits", () => {
  // Anything of 2 bytes an element stands in for Float16Array, which Node 20 lacks.
  const halves = new Int16Array(Uint16Array.of(9, 0x3c00, 0xc000).buffer, 2, 2);
  expect([...floatsOf(halves)]).toEqual([0x3c00, 0xc000]);
  expect([...widened(halves)]).toEqual([1, -2]);
});

test("single precision stays where it is", () => {
  const logits = Float32Array.of(1, 2);
  expect(widened(logits)).toBe(logits);
});
