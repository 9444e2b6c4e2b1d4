/** @file Philox against the known answers that Random123 publishes (kat_vectors, philox4x32 with 10 rounds). */
import { expect, test } from "vitest";
import { philox4x32, PURPOSE_CODES } from "../../src/run/seed.ts";

function words(text: string): Uint32Array {
  return Uint32Array.from(text.split(" "), (word) => parseInt(word, 16));
}

test.each([
  ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
  ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
])("philox4x32-10 of %s under %s", (counter, key, expected) => {
  const out = new Uint32Array(4);
  philox4x32(words(counter), words(key), out);
  expect([...out]).toEqual([...words(expected)]);
});

test("counter and result may share memory", () => {
  const shared = new Uint32Array(4);
  philox4x32(shared, new Uint32Array(2), shared);
  expect([...shared]).toEqual([...words("6627e8d5 e169c58d bc57ac4c 9b00dbd8")]);
});

test("every purpose has its own code", () => {
  expect(new Set(Object.values(PURPOSE_CODES)).size).toBe(Object.keys(PURPOSE_CODES).length);
});
