/** @file Looking inside a run and taking it away: tokens and their alternatives, the wording of prompts, details, picture, Markdown, table. */
import { readFileSync } from "node:fs";
import type { Download, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { apply, emptyRun } from "../../src/run/run.ts";
import { tokensOf } from "../../src/ui/state/tokens.ts";
import { modelReady, runToEnd } from "../../scripts/page.ts";
import { adviceRun } from "../ui/fixture-advice.ts";
import { fixtureRun } from "../ui/fixture.ts";
import { findings, looks } from "./axe.ts";
import { openImported } from "./imported.ts";
import { still, useSite } from "./site.ts";

const site = useSite();
const sums = fixtureRun();
const group = sums.reduce(apply, emptyRun).groups[0]!;

const inRun = (page: Page, name: string | RegExp) =>
  page.getByRole("region", { name: "Run", exact: true }).getByRole("button", { name });

async function bytesOf(download: Download): Promise<Buffer> {
  return readFileSync(await download.path());
}

describe("the tokens of an answer", () => {
  test("a key on its card opens them; arrow keys go through them; a table says the same", async () => {
    const page = await openImported(site, sums, { ...still, withoutEngine: false });
    await page.getByRole("group", { name: "Text of answer 2" }).press("t");
    const dialog = page.getByRole("dialog", { name: "Answer 2, token by token" });
    const tokens = tokensOf(group.rollouts[1]!)!;
    const box = dialog.getByRole("listbox", { name: "Tokens" });
    await expect.poll(() => box.getByRole("option").count()).toBe(tokens.length);
    expect((await box.innerText()).replaceAll("■", "").trim()).toBe(group.rollouts[1]!.text);

    await box.press("ArrowRight");
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
    expect(await box.getByRole("option", { selected: true }).getAttribute("aria-label")).toContain("30 %");
    await dialog.getByText("Token 4 of").waitFor();
    await page.keyboard.press("n");
    await dialog.getByText("Token 11 of").waitFor();
    await page.keyboard.press("End");
    await dialog.getByText(`Token ${tokens.length} of`).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Home");
    await dialog.getByText("Token 1 of").waitFor();
    await dialog.getByText("Another model than the one loaded here wrote this").waitFor({ timeout: 60_000 });

    await dialog.getByRole("button", { name: "Table" }).click();
    expect(await dialog.getByRole("row").count()).toBe(tokens.length + 1);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  test("of a live run, the model says what else could have stood there", async () => {
    const lab = await site.open({ groupSize: 2, device: "wasm" }, still);
    const { page } = lab;
    await modelReady(lab);
    await runToEnd(lab, 60_000);
    await page
      .getByRole("article")
      .first()
      .getByRole("button", { name: /look at each/ })
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("listbox").press("ArrowRight");
    const others = dialog.getByRole("list", { name: "What could have stood here" }).getByRole("listitem");
    await others.nth(7).waitFor({ timeout: 30_000 });
    expect(await others.filter({ hasText: "drawn" }).count()).toBe(1);
    // The drawn one is as likely by scoring as it was when it was drawn.
    const drawn = await others.filter({ hasText: "drawn" }).innerText();
    const said = await dialog.getByRole("option", { selected: true }).getAttribute("aria-label");
    expect(drawn.replaceAll("\n", " ")).toContain(said!.split(", ").at(-1)!);
  });
});

test("a wording is checked, used by the next run, said by it, outlasts a reload, and is put back", async () => {
  const lab = await site.open({ groupSize: 1, device: "wasm" }, still);
  const { page } = lab;
  await modelReady(lab);
  await page.getByRole("button", { name: /^Wording/ }).click();
  const dialog = page.getByRole("dialog");
  const box = dialog.getByRole("textbox");
  await box.fill("Please!");
  await dialog.getByText("It lacks {prompt}").waitFor();
  await box.fill("{prompt} Please.");
  await dialog.getByText("Edited: used from the next run on.").waitFor();
  await dialog.getByRole("button", { name: "Synthesis" }).click();
  await box.fill("{prompt} {rollouts}");
  await dialog.getByText("the anchor must not see the question").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Wording 1 edited" }).waitFor();

  const events = await runToEnd(lab, 60_000);
  expect(events[0]).toMatchObject({
    editedPrompts: [{ set: "kitten", template: "rollout", user: "{prompt} Please." }],
  });
  const sent = events.find((e) => e.type === "prompt.sent");
  expect(sent?.type === "prompt.sent" && sent.messages[0]!.content.endsWith(" Please.")).toBe(true);
  await page.getByText("edited prompts", { exact: true }).waitFor();

  await page.reload();
  await page.getByRole("button", { name: "Wording 1 edited" }).click();
  await dialog.getByRole("button", { name: "Put all back" }).click();
  expect(await box.inputValue()).toBe("{prompt}");
});

test("details name every file with its hash; picture, Markdown and table are saved", async () => {
  const page = await openImported(site, sums, { ...still, withoutEngine: false });
  await inRun(page, "Details").click();
  const { policy } = sums.reduce(apply, emptyRun).header!.models;
  const all = await page.getByRole("group", { name: "Details" }).innerText();
  for (const { path, sha256 } of policy.files) expect(all).toMatch(new RegExp(`${path}[^]*${sha256}`));
  await page.keyboard.press("Escape");

  await inRun(page, "Take away").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("img", { name: /^Result card:/ }).waitFor();
  const saved = async (name: string) => {
    const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name }).click()]);
    return { name: download.suggestedFilename(), bytes: await bytesOf(download) };
  };
  const pictures: Buffer[] = [];
  for (const look of ["light", "dark"]) {
    await dialog.getByRole("button", { name: look }).click();
    const { name, bytes } = await saved("Save .png");
    expect(name).toBe("cat-lab-2026-11-22-1714-seed1-g8.png");
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1200, 630]);
    pictures.push(bytes);
  }
  expect(pictures[0]!.equals(pictures[1]!)).toBe(false);
  expect((await saved("Save .md")).bytes.toString()).toContain(group.task.prompt);
  expect((await saved("Save .csv")).bytes.toString().split("\r\n")).toHaveLength(group.rollouts.length + 2);
});

test.each(looks)(
  "axe finds nothing serious in %s at %i px, in any dialog; none is wider than the screen",
  async (colorScheme, width) => {
    const context = { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" } as const;
    const page = await openImported(site, await adviceRun(), { context });
    const card = page.getByRole("article").nth(2);
    if (width === 360) await card.getByRole("button").first().click();
    const dialog = page.getByRole("dialog");
    const check = async () => {
      await dialog.waitFor();
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    };
    const close = async () => {
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
    };
    await card.getByRole("button", { name: /look at each/ }).click();
    await dialog.getByRole("listbox").press("End");
    await check();
    await dialog.getByRole("button", { name: "Table" }).click();
    await check();
    await close();
    for (const name of ["Details", "Take away"]) {
      await inRun(page, name).click();
      await check();
      await close();
    }
    if (width === 360) await page.getByText(/^Seed 1, G/).click();
    await page.getByRole("button", { name: /^Wording/ }).click();
    await check();
  },
);
