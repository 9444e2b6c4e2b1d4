/** @file What tests do with the Train view: press, wait until it stands so, take what it saves. */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { readEvents } from "../../src/run/lines.ts";
import { applyToTraining, emptyTraining, type Training } from "../../src/run/training.ts";

/** Of a phase, on a busy machine. */
export const PHASE_MS = 120_000;

export function status(page: Page): Locator {
  return page.getByRole("region", { name: "Where it stands" });
}

export function press(page: Page, name: string): Promise<void> {
  return status(page).getByRole("button", { name }).click();
}

/** Waits until it stands so. @returns the steps that have been made */
export async function stands(page: Page, words: RegExp): Promise<number> {
  const title = status(page).getByRole("heading", { name: words });
  await title.waitFor({ timeout: PHASE_MS });
  return Number(/\d+/.exec(await title.innerText())?.[0] ?? 0);
}

export async function saved(page: Page, name: RegExp): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

export function trainingOf(text: string): Training {
  let training = emptyTraining();
  expect(readEvents(text, (event) => (training = applyToTraining(training, event)))).toBeNull();
  return training;
}
