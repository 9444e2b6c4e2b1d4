/** @file Pictures of the stage for docs/img: a finished run of each domain at three widths, light and dark, and for presenting. The runs are the tests' fixtures, so that the same sources give the same pictures. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { LoggedEvent } from "../../src/run/event.ts";
import { adviceRun } from "../../tests/ui/fixture-advice.ts";
import { fixtureRun } from "../../tests/ui/fixture.ts";
import { listsRun } from "../../tests/ui/fixture-lists.ts";
import { importRun, openLab, showKept } from "../page.ts";

const WIDTHS = [360, 1280, 1920] as const;
const LOOKS = ["light", "dark"] as const;
/** A projector's. */
const PRESENT = { width: 1280, height: 720 };

/** @returns the names of the files. */
export async function shootStages(browser: Browser, url: string, folder: string): Promise<readonly string[]> {
  mkdirSync(folder, { recursive: true });
  const runs = { sums: fixtureRun(), lists: await listsRun(), advice: await adviceRun({ sources: true }) };
  const names: string[] = [];
  for (const [domain, log] of Object.entries(runs)) {
    for (const colorScheme of LOOKS) {
      for (const width of WIDTHS) {
        const name = `${domain}-${width}-${colorScheme}.png`;
        const viewport = { width, height: 900 };
        await withRun(browser, url, { log, context: { viewport, colorScheme, reducedMotion: "reduce" } }, (page) =>
          shootWhole(page, join(folder, name)),
        );
        names.push(name);
      }
    }
    const name = `${domain}-present.png`;
    const context = { viewport: PRESENT, colorScheme: "light", reducedMotion: "reduce" } as const;
    await withRun(browser, `${url}?present`, { log, context }, async (page) => {
      await page.screenshot({ path: join(folder, name) });
    });
    names.push(name);
  }
  return names;
}

interface Shot {
  readonly log: readonly LoggedEvent[];
  readonly context: Parameters<Browser["newContext"]>[0];
}

/** Imports the run, as a visitor would, and opens it. */
async function withRun(browser: Browser, url: string, { log, context }: Shot, shoot: (page: Page) => Promise<void>) {
  const lab = await openLab(browser, url, { view: "runs" }, { context });
  try {
    const { page } = lab;
    await page.getByText("No runs yet.").waitFor();
    await importRun(page, log);
    await showKept(page, log);
    await page.mouse.move(0, 0);
    await page.waitForLoadState("networkidle");
    await shoot(page);
  } finally {
    await lab.context.close();
  }
}

/** In a window as high as the page: what sticks to the window's edge would cover the middle of a longer picture. */
export async function shootWhole(page: Page, path: string): Promise<void> {
  const before = page.viewportSize()!;
  // A higher window can make the page higher still, and so can what is late.
  for (let height = 0, next = before.height; next > height;) {
    height = next;
    await page.setViewportSize({ width: before.width, height });
    await page.waitForTimeout(200);
    next = await page.evaluate(() => document.documentElement.scrollHeight);
  }
  await page.screenshot({ path, fullPage: true });
  await page.setViewportSize(before);
}
