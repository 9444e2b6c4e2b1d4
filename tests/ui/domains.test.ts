/** @file The domains that the page offers: the standard examples, examples within the models' world, recorded runs. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { KIND_OF } from "../../src/lab/protocol.ts";
import { placePrompt } from "../../src/models/place.ts";
import { domains, domainText } from "../../src/ui/state/domains.ts";
import { parseRecorded } from "../../src/ui/state/recorded.ts";

test("every domain is offered once, and begins with its standard example", () => {
  expect(domains.map(({ id }) => id)).toEqual(Object.keys(KIND_OF));
  expect(domainText("sums").examples[0].prompt).toBe("What is the square root of 16?");
  expect(domainText("advice").examples[0].prompt).toBe("How to treat a mild flu at home?");
});

test.each(domains.flatMap(({ id, examples }) => examples.map(({ prompt }) => [id, prompt] as const)))(
  "an example of %s is within its world: %s",
  (id, prompt) => {
    expect(placePrompt(prompt)).toEqual({ domain: id, inside: true, strange: [] });
  },
);

test("a list of recorded runs without domains is of the time when there were sums alone", () => {
  const text = '{"runs":[{"file":"square-root.jsonl"},{"file":"a.jsonl","title":"A","why":"w","domain":"lists"}]}';
  expect(parseRecorded(text)).toEqual([
    { file: "square-root.jsonl", title: "square root", why: null, domain: "sums" },
    { file: "a.jsonl", title: "A", why: "w", domain: "lists" },
  ]);
});

test("the shipped list reads, and every run of it is there", () => {
  for (const { file } of parseRecorded(readFileSync("public/recorded/index.json", "utf8"))) {
    expect(readFileSync(`public/recorded/${file}`, "utf8")).toContain('"run.started"');
  }
});
