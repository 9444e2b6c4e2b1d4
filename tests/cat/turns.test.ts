/** @file Turns: in order, one at a time, and a failure holds nobody up. What ONNX Runtime's lock adds is in tests/engine/lock.test.ts. */
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Turns } from "../../src/cat/turns.ts";

test("work takes turns in the order of asking, and what fails fails for its caller alone", async () => {
  const turns = new Turns();
  const log: string[] = [];
  const work = (name: string, waits: number) => async () => {
    log.push(`${name} begins`);
    for (let i = 0; i < waits; i++) await setImmediate();
    log.push(`${name} ends`);
    return name;
  };
  const slow = turns.take(work("slow", 5));
  const failing = turns.take(() => Promise.reject(new Error("first")));
  const plain = turns.take(() => "plain");
  const quick = turns.take(work("quick", 0));
  await expect(failing).rejects.toThrow("first");
  expect(await Promise.all([slow, plain, quick])).toEqual(["slow", "plain", "quick"]);
  expect(log).toEqual(["slow begins", "slow ends", "quick begins", "quick ends"]);
});

test("two takers of turns do not wait for each other", async () => {
  let free: () => void = () => undefined;
  const held = new Turns().take(() => new Promise<void>((resolve) => (free = resolve)));
  expect(await new Turns().take(() => "other")).toBe("other");
  free();
  await held;
});
