/** @file Greedy answers of the embedded models are those of transformers.js, token for token: ours all in one batch, its own one after the other. On wasm. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../scripts/site.ts";
import { openPageSite, type PageSite } from "./page-site.ts";

let site: PageSite;

beforeAll(async () => {
  site = await openPageSite("peer");
  await site.page.route(
    ({ pathname }) => pathname.startsWith("/models/"),
    (route) => route.fulfill({ path: join(ROOT, new URL(route.request().url()).pathname) }),
  );
});

afterAll(() => site.close());

/** The first held-out questions of a domain. */
async function questions(domain: string, count: number): Promise<string[]> {
  const lines = (await readFile(join(ROOT, "models/items", domain, "tasks.jsonl"), "utf8")).trim().split("\n");
  return lines.slice(0, count).map((line) => (JSON.parse(line) as { prompt: string }).prompt);
}

test("kitten answers fifty questions as transformers.js has it", async () => {
  const contents = [
    ...(await questions("sums", 20)),
    ...(await questions("lists", 15)),
    ...(await questions("advice", 15)),
  ];
  const { ours, theirs } = await site.page.evaluate((all) => window.greedyAnswers("kitten", all, 60), contents);
  expect(theirs).toHaveLength(50);
  expect(ours).toEqual(theirs);
  expect(new Set(theirs.map((tokens) => tokens.length)).size).toBeGreaterThan(5);
});

test("so does kitten-judge, of fifty verdicts", async () => {
  const answers = await questions("advice", 10);
  const contents = answers.flatMap((answer) =>
    ["rest", "water", "a doctor", "light food", "fresh air"].map((what) => `${answer}\nCriterion: Mentions ${what}.`),
  );
  const { ours, theirs } = await site.page.evaluate((all) => window.greedyAnswers("kitten-judge", all, 3), contents);
  expect(theirs).toHaveLength(50);
  expect(ours).toEqual(theirs);
});
