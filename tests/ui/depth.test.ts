/** @file Where a question belongs: what is ours is not looked at, what is typed is, and the answer holds for that question alone. */
import { beforeEach, expect, test } from "vitest";
import type { PromptPlace } from "../../src/lab/protocol.ts";
import { Depth } from "../../src/ui/state/depth.svelte.ts";

const outside: PromptPlace = { domain: null, inside: false, strange: ["quarks"] };
let asked: string[];
let depth: Depth;
beforeEach(() => {
  asked = [];
  depth = new Depth((prompt) => {
    asked.push(prompt);
    return prompt.includes("broken") ? Promise.reject(new Error("gone")) : Promise.resolve(outside);
  });
});

test("a typed question is looked at once, and known after that", async () => {
  const prompt = "Why are there quarks?";
  expect([depth.knows(prompt), depth.isOutside(prompt)]).toEqual([false, false]);
  await depth.look({ prompt, item: null });
  await depth.look({ prompt, item: null });
  expect(asked).toEqual([prompt]);
  expect([depth.knows(prompt), depth.isOutside(prompt)]).toEqual([true, true]);
  expect(depth.placeOf(prompt)).toEqual(outside);
  expect(depth.placeOf(`${prompt} `)).toBeNull();
});

test("held-out problems, examples and an empty box are not looked at", async () => {
  await depth.look({ prompt: "Some held-out problem", item: 3 });
  expect(depth.isOutside("Some held-out problem")).toBe(false);
  await depth.look({ prompt: "What is the square root of 16?", item: null });
  await depth.look({ prompt: " ", item: null });
  expect(asked).toEqual([]);
});

test("what could not be looked at is not outside", async () => {
  await depth.look({ prompt: "broken", item: null });
  expect([depth.knows("broken"), depth.isOutside("broken")]).toEqual([true, false]);
});
