/** @file The visitor's wording, kept in the browser: one a template, put back one by one or all. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EditedPrompts } from "../../src/ui/state/edited-prompts.svelte.ts";

let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const rollout = { set: "kitten", template: "rollout", user: "{prompt}!" } as const;
const verdict = { set: "kitten-judge", template: "verdict", user: "{rollout} {criterion}" } as const;

test("an edit takes the place of the one before, and outlasts the visit", () => {
  const prompts = new EditedPrompts();
  prompts.keep({ ...rollout, user: "{prompt}?" });
  prompts.keep(verdict);
  prompts.keep(rollout);
  expect(new EditedPrompts().edits).toEqual([verdict, rollout]);
  expect(prompts.textOf("kitten", "rollout")).toBe("{prompt}!");
  expect(prompts.textOf("default", "rollout")).toBeNull();
});

test("one is put back, or all", () => {
  const prompts = new EditedPrompts();
  prompts.keep(rollout);
  prompts.keep(verdict);
  prompts.reset(rollout);
  expect(new EditedPrompts().edits).toEqual([verdict]);
  prompts.resetAll();
  expect(new EditedPrompts().edits).toEqual([]);
});

test.each(["{", "[1]", '[{"set":"kitten"}]', "null"])("what is no list of edits is none: %s", (text) => {
  kept.set("cat-lab.prompts", text);
  expect(new EditedPrompts().edits).toEqual([]);
});

test("without storage they last for the visit", () => {
  vi.stubGlobal("localStorage", {
    getItem: () => {
      throw new Error("closed");
    },
    setItem: () => {
      throw new Error("closed");
    },
  });
  const prompts = new EditedPrompts();
  prompts.keep(rollout);
  expect(prompts.edits).toEqual([rollout]);
});
