/** @file Models by name. */
import { expect, test } from "vitest";
import { modelName } from "../../src/ui/model-name.ts";

test.each([
  ["kitten", "kitten"],
  ["training:2026-11-22T17-14-00-000Z-1a2b@1", "trained, 1 step"],
  ["training:2026-11-22T17-14-00-000Z-1a2b@60", "trained, 60 steps"],
])("%s is called %s", (id, name) => {
  expect(modelName(id)).toBe(name);
});
