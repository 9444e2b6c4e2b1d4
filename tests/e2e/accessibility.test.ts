/** @file The page with a keyboard alone, and under axe, in light and dark, wide and narrow. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { ended, modelReady, runToEnd } from "../../scripts/page.ts";
import { findings, looks } from "./axe.ts";
import { useSite } from "./site.ts";

const site = useSite();

test.each(looks)(
  "axe finds nothing serious in %s at %i px: a finished run, and the library",
  async (colorScheme, width) => {
    const context = { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" } as const;
    const lab = await site.open({ groupSize: 4, device: "wasm" }, { context });
    const { page } = lab;
    await modelReady(lab);
    await runToEnd(lab, 60_000);
    await page.getByText("agree with the reference").first().waitFor();
    expect(await findings(page)).toEqual([]);
    await page.getByRole("navigation").getByRole("link", { name: "Runs" }).click();
    await page.getByRole("row").nth(1).waitFor();
    expect(await findings(page)).toEqual([]);
  },
);

/** Presses Tab until the focus is on something of that role and name, as a screen reader would call it. */
async function tabTo(page: Page, role: "textbox" | "link" | "button", name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let presses = 0; presses < 120; presses++) {
    await page.keyboard.press("Tab");
    if (await wanted.first().evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab never reached the ${role} ${String(name)}`);
}

test("a run is asked for, read, kept and opened again without a mouse", async () => {
  const lab = await site.open({ groupSize: 2, device: "wasm" });
  const { page } = lab;
  await modelReady(lab);
  await tabTo(page, "textbox", "Question");
  await page.keyboard.press("ControlOrMeta+a");
  const question = "What is the square root of 25?";
  await page.keyboard.type(question);
  await page.keyboard.press("Enter");
  await ended(lab, 0, 60_000);

  await tabTo(page, "link", "Runs");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Runs" }).waitFor();
  await tabTo(page, "button", question);
  await page.keyboard.press("Enter");
  const run = page.getByRole("region", { name: "Run", exact: true });
  await run.getByRole("heading", { name: question }).waitFor();

  await tabTo(page, "button", /^Prompts/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});
