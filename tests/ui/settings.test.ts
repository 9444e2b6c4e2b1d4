/** @file Settings: following links, and when a question stops being a held-out problem. */
import { expect, test } from "vitest";
import { FIRST_PROMPT, Settings } from "../../src/ui/state/settings.svelte.ts";

test("a link without values leaves the settings as they were", () => {
  const settings = new Settings();
  settings.seed = 7;
  expect(settings.follow("#runs")).toEqual([]);
  expect([settings.view, settings.seed, settings.prompt]).toEqual(["runs", 7, FIRST_PROMPT]);
});

test("its own link brings another visitor to the same settings", () => {
  const settings = new Settings();
  settings.ask("What is 9 times 9?");
  settings.item = 17;
  settings.seed = 0;
  settings.groupSize = 3;
  settings.device = "wasm";
  const other = new Settings();
  other.follow(settings.hashOf("lab"));
  expect(other.hashOf("lab")).toBe(settings.hashOf("lab"));
  expect([other.prompt, other.item, other.seed, other.groupSize, other.device]).toEqual([
    "What is 9 times 9?",
    17,
    0,
    3,
    "wasm",
  ]);
});

test("a prompt in a link is no longer the held-out problem of before", () => {
  const settings = new Settings();
  settings.item = 17;
  settings.follow("#lab?prompt=What+is+1+%2B+1%3F");
  expect(settings.item).toBeNull();
});

test("an item alone leaves the prompt to be fetched", () => {
  const settings = new Settings();
  settings.follow("#lab?item=3");
  expect([settings.item, settings.prompt]).toEqual([3, ""]);
});

test("typing makes it the visitor's own question", () => {
  const settings = new Settings();
  settings.item = 17;
  settings.ask("What is 2 + 2?");
  expect(settings.item).toBeNull();
});

test("a new seed is one that a link accepts", () => {
  const settings = new Settings();
  for (let i = 0; i < 50; i++) {
    settings.rerollSeed();
    expect(new Settings().follow(settings.hashOf("lab"))).toEqual([]);
  }
});
