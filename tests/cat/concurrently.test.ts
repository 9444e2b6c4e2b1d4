/** @file A few at once, in order, and what a failure leaves. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { concurrently } from "../../src/cat/concurrently.ts";

test("outcomes are in the order of the items, with no more under way than asked for", async () => {
  let [now, most] = [0, 0];
  const outcomes = await concurrently([5, 1, 4, 2, 3], 2, async (turns, index) => {
    most = Math.max(most, ++now);
    for (let turn = 0; turn < turns; turn++) await setImmediate();
    now--;
    return `${index}: ${turns}`;
  });
  expect(outcomes).toEqual(["0: 5", "1: 1", "2: 4", "3: 2", "4: 3"]);
  expect(most).toBe(2);
});

test("after a failure no other is begun, and those under way are waited for", async () => {
  const ended: number[] = [];
  const failing = concurrently([1, 2, 3, 4], 2, async (item) => {
    if (item === 1) throw new Error("one");
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    ended.push(item);
  });
  await expect(failing).rejects.toThrow("one");
  expect(ended).toEqual([2]);
});
