/** @file Panel 4 and the sealed key as a person meets them: run files with other methods, the key opened by the real worker from the real labels. No model is asked. */
import type { Page, Request } from "playwright-core";
import { describe, expect, test } from "vitest";
import { apply, emptyRun } from "../../src/run/run.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { importRun, type OpenOptions, showKept } from "../../scripts/page.ts";
import { fixtureRun } from "../ui/fixture.ts";
import { heldOutRun } from "../ui/fixture-held-out.ts";
import { findings, looks } from "./axe.ts";
import { openLibrary } from "./imported.ts";
import { still, useSite } from "./site.ts";

const site = useSite();
const logs = { sums: await heldOutRun("sums"), lists: await heldOutRun("lists"), advice: await heldOutRun("advice") };
const groupOf = (log: readonly LoggedEvent[]) => log.reduce(apply, emptyRun).groups[0]!;
const LABELS = /\/(labels|key)\.jsonl$/;

/** A page with the run imported and opened, and every address it has asked for since it was there. */
async function opened(log: readonly LoggedEvent[], options?: OpenOptions) {
  const { page, context } = await openLibrary(site, options);
  const asked: string[] = [];
  context.on("request", (request: Request) => asked.push(request.url()));
  await importRun(page, log);
  await showKept(page, log);
  return { page, asked };
}

const keyCard = (page: Page) => page.getByRole("region", { name: "The key" });
const methods = (page: Page) => page.getByRole("list", { name: "Methods" }).getByRole("listitem");
const openKey = async (page: Page): Promise<void> => {
  await keyCard(page).getByRole("button", { name: "Open the key" }).click();
  await keyCard(page).getByText("The key says").or(keyCard(page).locator("details")).first().waitFor();
};

describe("what others would say", () => {
  test("each method has a line: its answer, whether it is the synthesis's, what it cost; it opens to the whole", async () => {
    const { page } = await opened(logs.sums);
    const group = groupOf(logs.sums);
    const said = await methods(page).allInnerTexts();
    expect(said.map((text) => text.split("\n")[0])).toEqual([
      "Single answer",
      "Greedy",
      "Majority vote",
      "Lowest perplexity",
      "Self-BoN",
      "Universal self-consistency",
      "Mutual predictability",
      "Synthesis of one",
      "Synthesis",
    ]);
    expect(said[2]).toContain(group.references.majority!.finished!.extracted);
    expect(said[2]).toContain("= same");
    expect(said[4]).toContain("≠ differs");
    expect(said[5]).toContain("could not choose");
    await methods(page).nth(4).getByRole("button").press("Enter");
    await methods(page).nth(4).getByText("names the best one").waitFor();
    const whole = methods(page).nth(4).getByRole("group", { name: "Self-BoN: the whole answer" });
    expect(await whole.innerText()).toContain("First the one thing");
  });

  test("a run from before they were asked says so", async () => {
    const { page } = await opened(fixtureRun());
    await page.getByText("The others were not asked in this run.").waitFor();
    expect(await methods(page).count()).toBe(2);
  });
});

describe("the sealed key", () => {
  test("nobody has fetched a label before it is opened; then all ticks and crosses are there, are said, and stay", async () => {
    const { page, asked } = await opened(logs.sums);
    expect(asked.filter((url) => LABELS.test(url))).toEqual([]);
    expect(await page.getByText(/^(right|wrong)$/).count()).toBe(0);
    await page.evaluate(() => {
      // Every picture of the screen on which some but not all cards are marked.
      const partial: number[] = [];
      Object.assign(globalThis, { partial });
      const look = (): void => {
        const marks = document.querySelectorAll("article [data-correct]").length;
        if (marks > 0 && marks < 8) partial.push(marks);
        requestAnimationFrame(look);
      };
      look();
    });

    await openKey(page);
    const cards = page.getByRole("article");
    const right = groupOf(logs.sums).rollouts.map(({ reward }) => reward === 1);
    for (const [i, correct] of right.entries()) {
      expect(await cards.nth(i).innerText()).toContain(correct ? "right" : "wrong");
    }
    expect(await page.evaluate(() => (globalThis as unknown as { partial: number[] }).partial)).toEqual([]);
    const marks = await methods(page).locator("[data-correct]").allInnerTexts();
    expect(marks).toEqual(["wrong", "right", "right", "wrong", "wrong", "right", "wrong", "right"]);
    // A mean is neither.
    await methods(page).getByText("5/8 right", { exact: true }).waitFor();
    await keyCard(page).getByText("5/8 answers are right.", { exact: true }).waitFor();
    const said = keyCard(page).locator("[aria-live=polite]");
    await expect.poll(() => said.textContent()).toMatch(/^The key is open\. 5\/8 answers are right\./);
    expect(await page.evaluate(() => document.activeElement?.className)).toContain("result");
    expect(asked.filter((url) => LABELS.test(url))).toHaveLength(1);

    await page.reload();
    await page.goto(`${page.url().split("#")[0]!}#runs`);
    await showKept(page, logs.sums);
    await keyCard(page).getByText("5/8 answers are right.", { exact: true }).waitFor();
    expect(await said.textContent()).toBe("");
  });

  test("goes with the run: exported and imported elsewhere, it is open", async () => {
    const { page } = await opened(logs.lists);
    await openKey(page);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const stream = await (await download).createReadStream();
    const lines: Buffer[] = [];
    for await (const chunk of stream) lines.push(chunk as Buffer);
    const events = Buffer.concat(lines).toString().trim().split("\n").map((line) => JSON.parse(line) as LoggedEvent); // prettier-ignore
    expect(events.slice(0, logs.lists.length)).toEqual(logs.lists);
    expect(new Set(events.slice(logs.lists.length).map(({ type }) => type))).toEqual(new Set(["label"]));

    const other = await opened(events);
    await keyCard(other.page).getByText("5/8 answers are right.").waitFor();
    await keyCard(other.page).getByText("A function that does it").waitFor();
    expect(other.asked.filter((url) => LABELS.test(url))).toEqual([]);
  });

  test("by keyboard, and of advice a share of the key", async () => {
    const { page } = await opened(logs.advice);
    const button = keyCard(page).getByRole("button", { name: "Open the key" });
    await button.focus();
    await page.keyboard.press("Enter");
    await keyCard(page).getByText("What the key lists").waitFor();
    expect(await page.getByRole("article").first().innerText()).toMatch(/covers \d+ %/);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await keyCard(page).locator("details li").count()).toBeGreaterThan(3);
  });

  test("a question under a held-out problem's name that is another stays sealed and says why", async () => {
    const forged = logs.sums.map((event) =>
      event.type === "group.started" ? { ...event, task: { ...event.task, prompt: "What is 1 + 1?" } } : event,
    );
    const { page } = await opened(forged);
    await keyCard(page).getByRole("button", { name: "Open the key" }).click();
    await keyCard(page).getByText("word for word").waitFor();
    await keyCard(page).getByRole("button", { name: "Open the key" }).waitFor();
  });

  test("a chosen example says that it was chosen and has no key", async () => {
    const { page } = await site.open({}, still);
    await keyCard(page).getByText("A chosen example.").waitFor();
    expect(await keyCard(page).getByRole("button", { name: "Open the key" }).count()).toBe(0);
  });

  test("going back in time seals it again", async () => {
    const { page } = await opened(logs.sums);
    await openKey(page);
    await page.getByRole("slider", { name: "Time in the run" }).press("Home");
    expect(await page.locator("article [data-correct]").count()).toBe(0);
    await page.getByRole("slider", { name: "Time in the run" }).press("End");
    expect(await page.locator("article [data-correct]").count()).toBe(8);
  });
});

test.each(looks)(
  "axe finds nothing serious in %s at %i px, and nothing is wider than the screen",
  async (colorScheme, width) => {
    const context = { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" } as const;
    for (const log of Object.values(logs)) {
      const { page } = await opened(log, { context });
      await methods(page).nth(3).getByRole("button").click();
      expect(await findings(page)).toEqual([]);
      await openKey(page);
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  },
);
