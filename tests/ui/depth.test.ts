/** @file Where a question belongs: every question is looked at, wherever it came from, and the answer holds for that question alone. */
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

test("a question is looked at once, and known after that", async () => {
  const prompt = "Why are there quarks?";
  expect([depth.knows(prompt), depth.isOutside(prompt)]).toEqual([false, false]);
  await depth.look(prompt);
  await depth.look(prompt);
  expect(asked).toEqual([prompt]);
  expect([depth.knows(prompt), depth.isOutside(prompt)]).toEqual([true, true]);
  expect(depth.placeOf(prompt)).toEqual(outside);
  expect(depth.placeOf(`${prompt} `)).toBeNull();
});

test("a standard example is looked at too: it may be asked in another domain", async () => {
  await depth.look("How to treat a mild flu at home?");
  expect(asked).toEqual(["How to treat a mild flu at home?"]);
  expect(depth.placeOf("How to treat a mild flu at home?")).toEqual(outside);
});

test("an empty box is not looked at", async () => {
  await depth.look(" ");
  expect([asked, depth.isOutside(" ")]).toEqual([[], false]);
});

test("what could not be looked at is not outside", async () => {
  await depth.look("broken");
  expect([depth.knows("broken"), depth.isOutside("broken")]).toEqual([true, false]);
});
