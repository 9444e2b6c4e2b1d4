/** @file Training prompts are label-free: by their form, by the shipped files, and apart from what is held out. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MODELS } from "../../scripts/embedded.ts";
import { readTasks } from "../../src/train/tasks-file.ts";

test("a line with anything but id, prompt and kind is refused by its number", () => {
  const line = { id: "a", prompt: "b", kind: "math" };
  expect(readTasks(`${JSON.stringify(line)}\n\n`)).toEqual([line]);
  for (const more of [{ answer: "4" }, { label: "4" }]) {
    expect(() => readTasks(`${JSON.stringify(line)}\n${JSON.stringify({ ...line, ...more })}`)).toThrow(/line 2/);
  }
  expect(() => readTasks("{")).toThrow(/line 1/);
});

test.each(["sums", "lists", "advice"])("%s: no training prompt is held out", async (domain) => {
  const read = async (name: string) =>
    readTasks(await readFile(join(MODELS, "items", domain, `${name}.jsonl`), "utf8"));
  const heldOut = new Set((await read("tasks")).map(({ prompt }) => prompt));
  const training = await read("train");
  expect(training.length).toBeGreaterThan(1000);
  expect(training.filter(({ prompt }) => heldOut.has(prompt))).toEqual([]);
});
