/** @file What a run did otherwise than asked, said on the stage: read by everybody, and nothing moves for it. */
import { expect, test } from "vitest";
import { fixtureRun, withNotices } from "../ui/fixture.ts";
import { findings, looks } from "./axe.ts";
import { openImported } from "./imported.ts";
import { useSite } from "./site.ts";

const site = useSite();
const fewer =
  "Memory is enough for 3 rows at once, not 8 (weights 1.27e+3 MiB, cache 12.0 MiB a row): the others wait their turn.";
const renewed = "The GPU was lost and came back: what was unfinished went on where it was.";

test.each(looks)("in %s at %i px", async (colorScheme, width) => {
  const log = withNotices(fixtureRun(), [
    { at: 30, message: fewer },
    { at: 60, message: renewed },
  ]);
  const context = { colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" } as const;
  const page = await openImported(site, log, { context });
  const said = page.getByRole("status").filter({ hasText: renewed });
  await said.waitFor();
  expect(await page.getByText(fewer).isVisible()).toBe(false);
  expect(await findings(page)).toEqual([]);

  // Back to before the first, then on by single events: the answers stay where they are.
  const track = page.getByRole("slider", { name: "Time in the run" });
  const top = async () => (await page.getByRole("article").first().boundingBox())!.y;
  await track.focus();
  await page.keyboard.press("Home");
  await page.getByText(renewed).waitFor({ state: "detached" });
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press("PageUp");
  expect(await page.getByText(fewer).count()).toBe(0);
  const before = await top();
  await page.keyboard.press("ArrowUp");
  await page.getByText(fewer).waitFor();
  expect(await top()).toBe(before);

  await page.keyboard.press("End");
  await page.getByRole("button", { name: "All 2", exact: true }).click();
  await page.getByText(fewer).waitFor();
  expect(await findings(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
});
