/** @file Sixty payloads through prompts, answers, references, criteria, imported runs and links: none executes, none breaks the page, none gets as far as the security policy (site.ts counts). Many to a page load. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import type { LoggedEvent } from "../../src/run/event.ts";
import { formatEvent } from "../../src/run/lines.ts";
import { choiceFields } from "../../src/ui/state/training-fields.ts";
import { scripted } from "../scripted.ts";
import { recordFixture } from "../ui/fixture-core.ts";
import { openLibrary } from "./imported.ts";
import { useSite } from "./site.ts";

const site = useSite();

const payloads = readFileSync("tests/fixtures/attacks/xss.jsonl", "utf8")
  .trim()
  .split("\n")
  .map((line) => (JSON.parse(line) as { payload: string }).payload);
const SIZE = 6;

/** The payload from `first` on is the question, the reference and a model's name; answers and criteria are the ones behind it. */
async function attackRun(first: number): Promise<readonly LoggedEvent[]> {
  const at = (i: number) => payloads[(first + i) % payloads.length]!;
  const criteria = Array.from({ length: SIZE }, (_, i) => `- ${at(i).replaceAll(/\s+/g, " ")} and ${i}`).join("\n");
  const log = await recordFixture({
    domain: "advice",
    task: { id: null, prompt: at(0), kind: "open" },
    item: null,
    size: SIZE,
    policy: scripted({ answer: (_, row) => `${at(row)}\n\n${at(row)} and some words` }),
    anchor: scripted({ answer: (prompt) => (prompt.includes("yes/no criteria") ? criteria : at(0)) }),
    judge: scripted({ yes: () => 0.9 }),
  });
  // What only a file can hold: every text of the header, and numbers' neighbours.
  return log.map((event) => {
    if (event.type !== "run.started") return event;
    const model = { ...event.models.policy, id: at(1), revision: at(2), dtype: at(3) };
    const adapter = { vendor: at(4), architecture: at(5), description: at(6), isFallback: false };
    const webgpu = { ...model, device: "webgpu" } as const;
    return {
      ...event,
      app: at(7),
      startedAt: at(8),
      adapter,
      models: { policy: webgpu, anchor: webgpu, judge: model },
    };
  });
}

let runs: readonly (readonly LoggedEvent[])[];
beforeAll(async () => {
  const firsts = payloads.flatMap((_, i) => (i % SIZE === 0 ? [i] : []));
  runs = await Promise.all(firsts.map(attackRun));
});

/** What an attack would leave behind. `[]` is good. */
async function damage(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if ("__pwned" in globalThis) found.push("a payload ran");
    // A title or a label is only shown.
    const followed = /^(href|src|srcset|srcdoc|xlink:href|action|formaction|data|poster|ping|background|style)$/i;
    const own = "main, [data-dialog-content], header, footer";
    const bad =
      "script, iframe, object, embed, base, meta, link, form, video, audio, marquee, template, svg script, svg a, svg use, foreignObject, img, [autofocus], [contenteditable]";
    for (const area of document.querySelectorAll(own)) {
      for (const element of area.querySelectorAll(bad)) found.push(element.outerHTML.slice(0, 120));
      for (const element of area.querySelectorAll("*")) {
        for (const { name, value } of element.attributes) {
          const address = followed.test(name) && /^\s*(javascript|data):/i.test(value);
          if (/^on/i.test(name) || address) found.push(`${name}=${value.slice(0, 80)}`);
        }
      }
    }
    for (const link of document.querySelectorAll("a[href]")) {
      const { href, protocol, host } = link as HTMLAnchorElement;
      if (protocol !== location.protocol || (host !== location.host && host !== "arxiv.org")) {
        if (href !== "https://arxiv.org/abs/2509.14234") found.push(`a link to ${href}`);
      }
    }
    const head = document.querySelector("main")?.getBoundingClientRect();
    if (head === undefined || head.width < 300 || head.height < 200) found.push("the page is gone");
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the screen");
    return found;
  });
}

test("sixty payloads in questions, answers, references, criteria and headers of imported runs", async () => {
  const { page } = await openLibrary(site, { context: { viewport: { width: 1280, height: 900 } } });
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs++;
    void dialog.dismiss();
  });
  const files = runs.map((log, i) => ({
    name: `${payloads[i]!.replaceAll("/", "_").slice(0, 60)}.jsonl`,
    mimeType: "text/plain",
    buffer: Buffer.from(log.map(formatEvent).join("")),
  }));
  await page.getByLabel("Run files to import").setInputFiles(files);
  await expect.poll(() => page.getByRole("row").count(), { timeout: 30_000 }).toBe(runs.length + 1);
  expect(await damage(page)).toEqual([]);

  const questions = await page.locator("tbody tr").count();
  for (let row = 0; row < questions; row++) {
    const button = page.locator("tbody tr").nth(row).getByRole("button").first();
    await button.click();
    await page
      .getByRole("article")
      .nth(SIZE - 1)
      .waitFor();
    await page.getByRole("list", { name: "Criteria" }).waitFor();
    // Everything that opens, and what hovers.
    await page.getByRole("article").nth(1).hover();
    for (const name of [/^Prompts/, /^Details/, /^Take away/]) {
      await page.getByRole("region", { name: "Run", exact: true }).getByRole("button", { name }).click();
      await page.getByRole("dialog").waitFor();
      expect(await damage(page)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    await page
      .getByRole("article")
      .nth(row % SIZE)
      .getByRole("button", { name: /look at each/ })
      .click();
    await page.getByRole("listbox", { name: "Tokens" }).press("ArrowRight");
    expect(await damage(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("navigation").getByRole("link", { name: "Runs" }).click();
    await page
      .locator("tbody tr")
      .nth(questions - 1)
      .waitFor();
  }
  expect([dialogs, await page.title()]).toEqual([0, "CaT Lab: Compute as Teacher, live in your browser"]);
});

test("sixty payloads in links: as the question, and in the place of every other value", async () => {
  const { page } = await site.open({ view: "lab" }, { withoutEngine: true });
  const question = page.getByRole("textbox", { name: "Question" });
  for (const payload of payloads) {
    const value = encodeURIComponent(payload);
    await page.evaluate((hash) => (location.hash = hash), `#lab?prompt=${value}&domain=${value}&seed=${value}&g=${value}&device=${value}&item=${value}&view=${value}&step=${value}&hide=${value}`); // prettier-ignore
    await expect.poll(() => question.inputValue()).toBe(payload);
    await page.evaluate((hash) => (location.hash = hash), `#${value}`);
  }
  expect(await damage(page)).toEqual([]);
  expect(await page.title()).toBe("CaT Lab: Compute as Teacher, live in your browser");
});

test("payloads in links to a training, in the place of every choice", async () => {
  const { page } = await site.open({ view: "train" }, { withoutEngine: true });
  await page.getByRole("button", { name: "Start" }).waitFor();
  for (const payload of payloads.slice(0, 12)) {
    const value = encodeURIComponent(payload);
    const query = choiceFields.map(({ param }) => `${param}=${value}`).join("&");
    await page.evaluate((hash) => (location.hash = hash), `#train?${query}`);
    await page.getByText("The link cannot be followed").first().waitFor();
    await page.evaluate(() => {
      for (const button of document.querySelectorAll<HTMLElement>("[aria-label=Dismiss]")) button.click();
    });
    // Not one of them is taken over.
    const here = page.getByRole("link", { name: "Train", exact: true });
    await expect.poll(() => here.getAttribute("href")).toBe("#train?device=auto");
  }
  expect(await damage(page)).toEqual([]);
});

test("a payload that a visitor stores as a prompt's wording stays text", async () => {
  const { page } = await site.open({ view: "lab" }, { withoutEngine: true });
  await page.getByRole("button", { name: /^Wording/ }).click();
  const box = page.getByRole("textbox", { name: /prompt/ });
  for (const payload of payloads.slice(0, 12)) await box.fill(`{prompt} ${payload}`);
  expect(await damage(page)).toEqual([]);
  await page.reload();
  await page.getByRole("button", { name: /^Wording/ }).click();
  expect(await box.inputValue()).toBe(`{prompt} ${payloads[11]!}`);
  expect(await damage(page)).toEqual([]);
});
