/** @file Provenance and a person's say on the stage, from the run files of the fixtures: dots, lights, overrides, edits, undo; kept over a reload, exported and imported. No model is asked. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { parseRun } from "../../src/run/lines.ts";
import { showKept } from "../../scripts/page.ts";
import { adviceRun } from "../ui/fixture-advice.ts";
import { listsRun } from "../ui/fixture-lists.ts";
import { fixtureRun } from "../ui/fixture.ts";
import { findings, looks } from "./axe.ts";
import { openImported } from "./imported.ts";
import { useSite } from "./site.ts";

const site = useSite();
const sums = fixtureRun();
const lists = await listsRun();
const advice = await adviceRun();

const says = (page: Page) => page.getByRole("region", { name: "Corrections" });

describe("where each step comes from", () => {
  test("dots say who says a step; a step lights the cards, Escape puts them out; a table says the same", async () => {
    const page = await openImported(site, sums);
    const steps = page.getByRole("list", { name: "Steps of the reference" }).getByRole("listitem");
    // What reads answers comes after the first picture.
    await steps.nth(3).waitFor();
    expect(await steps.count()).toBe(4);
    const first = steps.first().getByRole("button").first();
    expect(await first.innerText()).toContain("otherwise in 4");
    await first.click();
    const card = page.getByRole("article").nth(3);
    expect(await card.getAttribute("data-light")).toBe("denies");
    await card.getByText("says otherwise").waitFor({ timeout: 30_000 });
    const lit = () =>
      page.evaluate(() => [...(CSS.highlights.get("denies") ?? [])].map((r) => (r as Range).toString()));
    await expect.poll(lit).toEqual(["3 bags of 4: 3 × 4 = 14."]);
    await page.keyboard.press("Escape");
    expect(await card.getAttribute("data-light")).toBe(null);
    await expect.poll(lit).toEqual([]);
    await page.getByRole("button", { name: "As a table" }).click();
    const table = page.getByRole("group", { name: "Steps and answers" });
    expect(await table.getByRole("row").count()).toBe(5);
    expect(await table.getByRole("cell", { name: "says otherwise" }).count()).toBeGreaterThan(0);
  });

  test("it is one tab stop; arrow keys go to dots, and a dot leads to its answer", async () => {
    const page = await openImported(site, lists);
    const list = page.getByRole("list", { name: "Steps of the reference" });
    await list.getByRole("listitem").first().waitFor();
    expect(await list.locator("button[tabindex='0']").count()).toBe(1);
    await list.getByRole("button").first().focus();
    for (const key of ["ArrowRight", "ArrowRight", "ArrowDown"]) await page.keyboard.press(key);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-source"))).toBe("1 1");
    await page.keyboard.press("Enter");
    expect(await page.getByRole("article").nth(1).getAttribute("data-light")).not.toBe(null);
  });

  test("a criterion lights the sentences like it, and says where there is none", async () => {
    const page = await openImported(site, advice);
    const item = page.getByRole("list", { name: "Criteria" }).getByRole("listitem").nth(3);
    await item.getByRole("button").click();
    await item.getByText("no sentence like it").waitFor({ timeout: 30_000 });
    const lit = () => page.evaluate(() => [...(CSS.highlights.get("alike") ?? [])].map((r) => (r as Range).toString()));
    await expect.poll(lit).toContain("See a doctor if you get worse or struggle to breathe.");
  });
});

describe("a person's say", () => {
  test("a verdict is overridden with a note, kept over a reload, exported and undone", async () => {
    const page = await openImported(site, advice);
    const reward = page.getByRole("region", { name: /Reward/ });
    await reward.locator("td button").first().click();
    await reward.getByLabel("Note, why").fill("It only says so in passing.");
    await reward.getByRole("button", { name: "not met", exact: true }).click();
    await says(page).getByText("1 correction by a person").waitFor({ timeout: 30_000 });
    await says(page).getByText("The judge agrees with the person on 0/1 verdicts.").waitFor({ timeout: 30_000 });
    const cells = reward.getByRole("row").nth(1).getByRole("cell");
    expect(await cells.first().innerText()).toContain("decided by a person");
    await reward.getByText("The judge: met").waitFor({ timeout: 30_000 });
    await page
      .getByRole("article")
      .first()
      .getByText(/was 0\./)
      .waitFor({ timeout: 30_000 });

    const download = page.waitForEvent("download");
    await page.getByRole("region", { name: "Run", exact: true }).getByRole("button", { name: "Export" }).click();
    const text = readFileSync(await (await download).path(), "utf8");
    const { events, problem } = parseRun(text);
    expect(problem).toBe(null);
    expect(events.at(-1)).toMatchObject({ type: "override", value: false, note: "It only says so in passing." });

    await page.reload();
    await page.getByRole("navigation").getByRole("link", { name: "Runs" }).click();
    await showKept(page, advice);
    await says(page).getByText("1 correction by a person").waitFor({ timeout: 30_000 });
    await page.keyboard.press("Control+z");
    await says(page).getByText("0 corrections by a person").waitFor({ timeout: 30_000 });
    expect(await cells.first().innerText()).toContain("met (yes, 97 %)");
  });

  test("an answer counts as the same, another is dropped, a third is pinned; the button says what it undoes", async () => {
    const page = await openImported(site, sums);
    const card = page.getByRole("article").nth(1);
    await card.getByRole("button", { name: "≠ differs" }).click();
    await card
      .getByRole("group", { name: "What you say of answer 2" })
      .getByRole("button", { name: "the same" })
      .click();
    await page.getByText("6/8 agree with the reference").waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "Drop answer 4" }).click();
    await page.getByRole("article").nth(3).getByText("left out").waitFor({ timeout: 30_000 });
    await page.getByRole("button", { name: "Pin answer 5" }).click();
    await says(page).getByRole("button", { name: "Undo: Answer 5 pinned" }).click();
    await says(page).getByText("2 corrections by a person").waitFor({ timeout: 30_000 });
    await says(page).getByRole("button", { name: "List" }).click();
    const list = await says(page).getByRole("list", { name: "Corrections in order" }).innerText();
    expect(list).toContain("Answer 2: the same (the checker: differs)");
    expect(list).toContain("Answer 4 dropped");
  });

  test("an edited reference is compared again at once; programs are run again", async () => {
    const page = await openImported(site, lists);
    const reference = page.getByRole("region", { name: /Synthesise/ });
    await reference.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reference").fill("function f(list, n) {\n  return null;\n}");
    await dialog.getByRole("button", { name: "Use this reference" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("0/8 agree with the reference").waitFor({ timeout: 30_000 });
    await reference.getByText("edited by a person").waitFor({ timeout: 30_000 });
    await page.keyboard.press("Control+z");
    await page.getByText("3/8 agree with the reference").waitFor({ timeout: 30_000 });
  });

  test("a rubric is edited: what is as it was keeps its verdicts, the rest waits for a judge, and undo brings it back", async () => {
    const page = await openImported(site, advice);
    const reward = page.getByRole("region", { name: /Reward/ });
    await reward.getByRole("button", { name: "Edit" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox", { name: "Criterion b" }).fill("Says how much to drink.");
    await dialog.getByRole("button", { name: "Drop criterion c" }).click();
    await dialog.getByText("1 changed, 1 dropped").waitFor({ timeout: 30_000 });
    await dialog.getByRole("button", { name: "Save, judge later" }).click();
    await says(page).getByText("8 verdicts are open.").waitFor({ timeout: 30_000 });
    const cells = reward.getByRole("row").nth(1).getByRole("cell");
    expect(await cells.first().innerText()).toContain("met (yes, 97 %)");
    expect(await cells.nth(1).innerText()).toBe("not judged yet");
    await page.keyboard.press("Control+z");
    await expect.poll(() => cells.nth(1).innerText()).toContain("met (yes, 97 %)");
  });
});

test.each(looks)(
  "axe finds nothing serious in %s at %i px, and nothing is wider than the screen",
  async (colorScheme, width) => {
    const context = { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" } as const;
    for (const log of [sums, advice]) {
      const page = await openImported(site, log, { context });
      await page.getByRole("list", { name: "Steps of the reference" }).getByRole("button").first().click();
      if (log === advice) {
        const reward = page.getByRole("region", { name: /Reward/ });
        await reward.locator("td button").first().click();
        await reward.getByRole("button", { name: "not met", exact: true }).click();
        await says(page).getByText("1 correction by a person").waitFor({ timeout: 30_000 });
      }
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      if (log === advice) {
        await page
          .getByRole("region", { name: /Reward/ })
          .getByRole("button", { name: "Edit" })
          .click();
        await page.getByRole("dialog").waitFor();
        expect(await findings(page)).toEqual([]);
      }
    }
  },
);
