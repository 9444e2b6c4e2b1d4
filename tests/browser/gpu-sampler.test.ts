/** @file The sampler on the GPU (SwiftShader) against the one on the CPU, and against the exact distribution. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectDistribution } from "../engine/distribution.ts";
import { madeUpLogits, oracleKept, SAMPLINGS } from "../engine/logits.ts";
import type { Comparison, ComparisonCase } from "../engine/sampler-page.ts";
import { openPageSite, type PageSite } from "./page-site.ts";

/** Noisy scores this near may change places between f32 and f64. */
const NEAR = 1e-3;
const GREEDY = { temperature: 0, topK: null, topP: null };
const PLAIN = { temperature: 1, topK: null, topP: null };

let site: PageSite;
let page: Page;

beforeAll(async () => {
  site = await openPageSite("sampler-page");
  ({ page } = site);
});

afterAll(() => site.close());

async function compared(of: ComparisonCase): Promise<Comparison[]> {
  const found = await page.evaluate((what) => window.compareDraws(what), of);
  expect(found).toHaveLength(2 * of.rows);
  for (const { gpu, cpu, id } of found) {
    expect(id).toBe(gpu.token);
    if (gpu.token !== cpu.token) {
      expect(cpu.margin, `token ${gpu.token} instead of ${cpu.token}`).toBeLessThan(NEAR);
      continue;
    }
    expect(Math.abs(gpu.logprob - cpu.logprob)).toBeLessThan(1e-4);
    expect(Math.abs(gpu.entropy - cpu.entropy)).toBeLessThan(1e-4);
    if (cpu.margin === null) expect(gpu.margin).toBeNull();
    else expect(Math.abs(gpu.margin! - cpu.margin)).toBeLessThan(NEAR);
  }
  return found;
}

describe.each([...SAMPLINGS, GREEDY])("T $temperature, top-k $topK, top-p $topP", (sampling) => {
  test.each([
    ["f32", 300],
    ["f32", 4101],
    ["f16", 4101],
  ])("%s, %i tokens: draws what the CPU draws", async (type, vocabulary) => {
    await compared({ vocabulary, half: type === "f16", sampling, rows: 8 });
  });

  test("the same under a mask and a repetition penalty", async () => {
    const found = await compared({
      ...{ vocabulary: 1001, half: false, rows: 8, masked: true },
      sampling: { ...sampling, repetitionPenalty: 1.3 },
    });
    for (const { gpu } of found) expect(gpu.token % 3).toBe(0);
  });

  test("follows the truncated distribution (chi-square)", async () => {
    const rows = 400;
    const counts = new Map<number, number>();
    for (const token of await page.evaluate(([s, n]) => window.drawMany(s, n), [sampling, rows] as const)) {
      counts.set(token, (counts.get(token) ?? 0) + 1);
    }
    if (sampling.temperature === 0) expect(counts.size).toBe(1);
    else expectDistribution(counts, oracleKept(madeUpLogits(40, 1), sampling), rows);
  });
});

test.each([
  { temperature: 1, topK: 7, topP: null },
  { temperature: 1, topK: null, topP: 0.5 },
  { temperature: 1, topK: 9, topP: 0.5 },
])("of equal logits the lowest tokens are kept (top-k $topK, top-p $topP)", async (sampling) => {
  await compared({ vocabulary: 40, half: false, sampling, rows: 64, flat: true });
});

test.each([
  ["f32", 151_936],
  ["f16", 262_144],
])("%s, %i tokens", async (type, vocabulary) => {
  for (const sampling of [PLAIN, { temperature: 0.8, topK: 40, topP: 0.9 }, { ...PLAIN, topP: 0.95 }]) {
    await compared({ vocabulary, half: type === "f16", sampling, rows: 2 });
  }
});

test("logits that are no numbers, and a mask that lets nothing through, are errors", async () => {
  for (const refusal of await page.evaluate(() => window.refusals())) expect(refusal).toMatch(/Try another device/);
});

test("16 bytes a row come back", async () => {
  expect(await page.evaluate(() => window.bytesRead())).toBe(16);
});
