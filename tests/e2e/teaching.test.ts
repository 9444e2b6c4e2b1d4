/** @file What a teacher uses: step by step with guesses, the projector, prepared and embedded pages, the lesson. From run files; one model is asked, in the lesson. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { modelReady } from "../../scripts/page.ts";
import { pages } from "../../src/ui/lesson/lesson.ts";
import { adviceRun } from "../ui/fixture-advice.ts";
import { fixtureRun } from "../ui/fixture.ts";
import { listsRun } from "../ui/fixture-lists.ts";
import { findings, looks } from "./axe.ts";
import { openImported } from "./imported.ts";
import { still, useSite } from "./site.ts";

const site = useSite();
const sums = fixtureRun();

const bar = (page: Page) => page.getByRole("region", { name: "Step by step" });
const next = (page: Page) => bar(page).getByRole("button", { name: "Next" });

async function presented(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = `${location.hash.replace(/&g=\d+/, "")}&present=1`;
  });
  await page.locator(":root[data-present]").waitFor();
  await next(page).waitFor();
}

describe("step by step", () => {
  test("by keyboard: each phase waits, a guess is asked before it and held against it", async () => {
    const page = await openImported(site, sums);
    const cards = page.getByRole("article");
    await page.getByRole("button", { name: "Step mode" }).press("Enter");
    await bar(page).getByText("Next: 1 Explore").waitFor();
    expect(await cards.first().innerText()).not.toContain("bags");
    await expect.poll(() => page.url()).toContain("step=explore");

    const guess = bar(page).getByLabel("What will the vote say?");
    await guess.fill("1");
    // Within a field the keys are the field's.
    await guess.press("ArrowRight");
    await guess.press("Home");
    await guess.press("End");
    await guess.pressSequentially("3");
    await bar(page).getByText("Next: 1 Explore").waitFor();
    await next(page).press("Enter");
    await bar(page).getByText("As you said: 13.").waitFor();
    expect(await cards.first().innerText()).toContain("3 bags of 4");
    expect(await cards.first().innerText()).not.toContain("= equal");

    await page.keyboard.press("ArrowRight");
    await bar(page).getByText("Next: 3 Reward").waitFor();
    await bar(page).getByLabel("How many of 8 will agree").selectOption("8");
    await page.locator("body").press("ArrowRight");
    await bar(page).getByText("You said “8”; it was “5”.").waitFor();
    await bar(page).getByText("1/2 right in this session.").waitFor();
    await bar(page).getByText("It is sealed").waitFor();

    await page.locator("body").press("ArrowLeft");
    await bar(page).getByText("Next: 3 Reward").waitFor();
    await page.keyboard.press("End");
    expect(await cards.first().innerText()).not.toContain("= equal");
    await bar(page).getByRole("button", { name: "Leave step mode" }).click();
    await bar(page).waitFor({ state: "detached" });
    expect(await cards.first().innerText()).toContain("= equal");
  });

  test("the timeline goes by phase, by event, to its ends, and at once", async () => {
    const page = await openImported(site, sums);
    const slider = page.getByRole("slider", { name: "Time in the run" });
    const at = () => slider.getAttribute("aria-valuetext");
    await page.locator("body").press("Home");
    expect(await at()).toContain("0 ms of");
    await page.getByLabel("Step by").selectOption("event");
    for (let i = 0; i < 4; i++) await page.getByRole("button", { name: "Next event" }).click();
    expect(await page.getByRole("article").first().innerText()).toContain("3 bags");
    await page.getByLabel("Step by").selectOption("phase");
    await page.locator("body").press("ArrowRight");
    expect(await at()).toContain("Explore");
    // On a button it would press that.
    await page.evaluate(() => {
      (document.activeElement as HTMLElement).blur();
    });
    await page.keyboard.press(" ");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.getByLabel("Pace").selectOption("all");
    expect(await at()).toContain("Reward");
    await page.getByRole("button", { name: "Play" }).waitFor();
  });
});

describe("for a projector", () => {
  test.each([
    ["light", 1280],
    ["dark", 1920],
  ] as const)("24 px type and contrast 7 to 1 on every slide, in %s at %i px", async (colorScheme, width) => {
    const context = { colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" } as const;
    for (const log of [sums, await listsRun(), await adviceRun()]) {
      const page = await openImported(site, log, { context });
      await presented(page);
      for (const slide of ["question", "explore", "synthesise", "reward"]) {
        await page.locator(`:root[data-slide=${slide}]`).waitFor();
        const shown = await page.locator("[data-part]:visible").evaluateAll((all) => all.map((e) => e.dataset["part"]));
        const phases = shown.filter((part) => /^(explore|synthesise|reward)$/.test(part ?? ""));
        expect(phases).toEqual(slide === "question" ? [] : [slide]);
        expect(await tooSmallOrFaint(page)).toEqual([]);
        expect(await findings(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        await page.keyboard.press("PageDown");
      }
      await page.context().close();
    }
  });

  test("a clicker and the arrows go to and fro, and Esc leaves for good", async () => {
    const page = await openImported(site, sums);
    await presented(page);
    expect(await page.getByRole("navigation", { name: "Views" }).count()).toBe(0);
    const slide = () => page.evaluate(() => document.documentElement.dataset["slide"]);
    const path: (string | undefined)[] = [];
    for (const key of ["PageDown", "ArrowRight", "PageUp", "ArrowLeft", "PageDown"]) {
      await page.keyboard.press(key);
      path.push(await slide());
    }
    expect(path).toEqual(["explore", "synthesise", "explore", "question", "explore"]);
    expect(await page.getByRole("slider", { name: "G, number of answers", includeHidden: true }).inputValue()).toBe(
      "4",
    );
    await page.keyboard.press("Escape");
    await page.getByRole("navigation", { name: "Views" }).waitFor();
    await expect.poll(() => page.url()).not.toContain("present");
    expect(await page.getByRole("slider", { name: "G, number of answers" }).inputValue()).toBe("8");
  });

  test("?present does it too, and Esc takes it out of the address", async () => {
    const { page } = await site.open({}, still);
    await page.goto(`${site.url}?present`);
    await page.locator(":root[data-present]").waitFor();
    await next(page).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => new URL(page.url()).search).toBe("");
    await page.getByRole("navigation", { name: "Views" }).waitFor();
  });
});

/** Visible text below 24 px, or below 7 to 1 against what is behind it. */
function tooSmallOrFaint(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
    const rgb = (color: string): [number, number, number, number] => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a];
    };
    const luminance = (color: string) => {
      const [r, g, b] = rgb(color).map((c) =>
        c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const behind = (element: Element | null): string => {
      for (let e = element; e !== null; e = e.parentElement) {
        const { backgroundColor } = getComputedStyle(e);
        if (rgb(backgroundColor)[3] === 255) return backgroundColor;
      }
      return "white";
    };
    const wrong = new Set<string>();
    const walker = document.createTreeWalker(document.querySelector("#app")!, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement!;
      const text = node.textContent!.trim();
      if (text === "" || !element.checkVisibility() || element.closest(".katex, .only-spoken, option") !== null)
        continue;
      const style = getComputedStyle(element);
      const [a, b] = [luminance(style.color), luminance(behind(element))].sort((x, y) => y - x);
      const ratio = (a! + 0.05) / (b! + 0.05);
      if (parseFloat(style.fontSize) < 24) wrong.add(`${style.fontSize}: ${text}`);
      if (ratio < 7) wrong.add(`${ratio.toFixed(1)} to 1: ${text}`);
    }
    return [...wrong];
  });
}

describe("a prepared page", () => {
  test("shows what its link leaves on the screen, and the way back to all of it", async () => {
    const { page } = await site.open({ hide: ["settings", "runs", "examples", "timeline"], domain: "sums" }, still);
    await page.getByRole("article").first().waitFor();
    for (const gone of [
      page.getByLabel("Seed", { exact: true }),
      page.getByRole("link", { name: "Runs" }),
      page.getByRole("list", { name: "Examples" }),
      page.getByRole("region", { name: "Timeline" }),
    ])
      expect(await gone.filter({ visible: true }).count()).toBe(0);
    await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Learn" }).click();
    await page.getByRole("heading", { name: /Compute as Teacher in 53 minutes/ }).waitFor();
    expect(await page.getByRole("link", { name: "Runs" }).count()).toBe(0);
    await page.getByRole("button", { name: "Show everything" }).click();
    await page.getByRole("link", { name: "Runs" }).waitFor();
  });

  test("is made in the share dialog, which says what the link carries", async () => {
    const prompt = 'What is "3 < 4" & 5?';
    const { page } = await site.open({ prompt, seed: 9, groupSize: 3, device: "wasm" }, still);
    await page.getByRole("button", { name: "Share" }).click();
    const dialog = page.getByRole("dialog");
    for (const said of [prompt, "Sums", "wasm"]) expect(await dialog.innerText()).toContain(said);
    await dialog.getByLabel("step by step").check();
    await dialog.getByLabel("seed, G and device").check();
    await dialog.getByLabel("Runs").check();
    expect(await findings(page)).toEqual([]);
    const link = new URL(await dialog.getByLabel("Link", { exact: true }).inputValue());
    expect(Object.fromEntries(new URLSearchParams(link.hash.replace("#lab?", "")))).toEqual({
      prompt,
      domain: "sums",
      seed: "9",
      g: "3",
      device: "wasm",
      step: "explore",
      hide: "settings,runs",
    });
    // The snippet is one element, whatever the question says.
    const snippet = await dialog.getByLabel("In another page").inputValue();
    const source = await page.evaluate((html) => {
      const { body } = new DOMParser().parseFromString(html, "text/html");
      return body.children.length === 1 ? body.querySelector("iframe")?.src : undefined;
    }, snippet);
    expect(new URL(source!).hash).toBe(link.hash.replace("#lab", "#embed"));
  });
});

test("embedded, the stage stands alone: a recorded run, nothing heavy until it is asked for, a link back", async () => {
  const { page } = await site.open({ view: "runs" }, still);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const prompt = "What is the square root of 16?";
  await page.goto(
    `${site.url}#embed?${new URLSearchParams({ prompt, domain: "sums", g: "2", device: "wasm" }).toString()}`,
  );
  await page.reload();
  await page.getByRole("heading", { name: prompt }).waitFor();
  await page.getByText("recorded", { exact: true }).waitFor();
  expect(await page.getByRole("navigation").count()).toBe(0);
  expect(await page.getByRole("textbox").count()).toBe(0);
  expect(asked.filter((path) => /\.(wasm|onnx)$/.test(path))).toEqual([]);
  const back = page.getByRole("link", { name: "Open in CaT Lab" });
  expect(await back.getAttribute("href")).toContain("#lab?prompt=");
  expect(await findings(page)).toEqual([]);
});

describe("the lesson", () => {
  test("from first to last step by keyboard alone: one is done with a live run, the others can be skipped", async () => {
    const lab = await site.open({ view: "learn" }, still);
    const { page } = lab;
    await page.goto(`${site.url}#lab?g=2&device=wasm`);
    await page.goto(`${site.url}#learn`);
    await page.getByRole("link", { name: "Begin" }).press("Enter");
    for (const [index, { title, tasks, point }] of pages.entries()) {
      const heading = page.getByRole("heading", { name: title });
      await heading.waitFor();
      // A new step is read from its title on.
      await expect.poll(() => heading.evaluate((e) => e === document.activeElement)).toBe(true);
      expect(await page.evaluate(() => document.documentElement.dataset["point"])).toBe(point);
      const band = page.getByRole("region", { name: title });
      for (const { text } of tasks) await band.getByText(text).waitFor();
      if (index === 0) {
        await band.getByRole("button", { name: "Put the question in" }).press("Enter");
        await modelReady(lab);
        await page.getByRole("button", { name: "Run", exact: true }).press("Enter");
        await band.getByRole("link", { name: "Next step" }).waitFor({ timeout: 90_000 });
        await band.getByRole("link", { name: "Next step" }).press("Enter");
      } else await band.getByRole("link", { name: /^(Skip|Next step|What summaries get wrong)$/ }).press("Enter");
    }
    await page.getByRole("heading", { name: "What summaries get wrong" }).waitFor();
    // What the one run has shown needs no second one: its reference and its rewards.
    await page.getByText("3/10 steps done").waitFor();
    await page.reload();
    await page.getByText("3/10 steps done").waitFor();
  });

  test.each(looks)("axe finds nothing serious in %s at %i px", async (colorScheme, width) => {
    const context = { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" } as const;
    const { page } = await site.open({ view: "learn" }, { context });
    await page.getByRole("link", { name: "Begin" }).waitFor();
    expect(await findings(page)).toEqual([]);
    await page.goto(`${site.url}#learn?step=reward`);
    await page.getByRole("region", { name: "Agreement is not truth" }).waitFor();
    await page.getByRole("article").first().waitFor();
    await page.getByRole("button", { name: "Step mode" }).click();
    await next(page).waitFor();
    expect(await findings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
});
