/** @file The Train view as a person drives it: a training of the real kitten on wasm, with the smallest choices, through everything that can be done with it. */
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { type LabPage, modelReady, runToEnd } from "../../scripts/page.ts";
import { findings, looks } from "./axe.ts";
import { still, useSite } from "./site.ts";
import { PHASE_MS, press, saved, stands, status, trainingOf } from "./train-page.ts";

const site = useSite();
const SMALLEST = "g=4&tasks=2&items=2&evaluate-every=2&kl=0";

test("started, paused, by one step, over a reload, back; saved, used in the Lab, loaded elsewhere, deleted", async () => {
  const lab = await site.open({ view: "train", training: SMALLEST, device: "wasm" }, still);
  const { page } = lab;
  await page.getByRole("button", { name: "Start" }).click();
  await stands(page, /Measuring the start/);
  await stands(page, /^[1-9]\d* steps? made/);
  await press(page, "Pause");
  const first = await stands(page, /^Paused after/);
  await press(page, "One step");
  expect(await stands(page, new RegExp(`^Paused after ${first + 1} step`))).toBe(first + 1);
  expect(await findings(page)).toEqual([]);

  // In the middle of a step: it goes on from where it was kept.
  await press(page, "Continue");
  await stands(page, /^\d+ steps? made/);
  await page.reload();
  expect(await stands(page, /^Paused after/)).toBeGreaterThan(first);
  await press(page, "Continue");
  await stands(page, new RegExp(`^${first + 2} steps made`));
  await press(page, "Pause");
  await stands(page, /^Paused after/);
  await page.getByRole("button", { name: "Ask both" }).click();
  for (const side of ["Before", /^After \d+ step/]) {
    const column = page.getByRole("region", { name: side, exact: true });
    await column.getByText("Sample 4", { exact: true }).waitFor({ timeout: PHASE_MS });
  }

  await press(page, "Back …");
  await page.getByRole("dialog").getByRole("button", { name: "The start" }).click();
  await stands(page, /^Paused after 0 steps/);
  await press(page, "One step");
  await stands(page, /^Paused after 1 step/);

  const log = await saved(page, /^Log/);
  const training = trainingOf(log.bytes.toString());
  expect(training.header).toMatchObject({ kind: "train", groupSize: 4, training: { tasks: 2, items: 2, kl: 0 } });
  expect([training.steps.length, training.rewinds.at(-1)?.to]).toEqual([1, 0]);
  expect(Object.values(training.lines).filter((line) => line !== undefined)).toHaveLength(4);
  const graph = await saved(page, /^Graph/);
  const zip = await saved(page, /^Policy/);
  const folder = unzipSync(zip.bytes);
  expect(Object.keys(folder)).toEqual(expect.arrayContaining(["config.json", "model.safetensors", "tokenizer.json"]));
  expect(graph.bytes.equals(folder["onnx/model.onnx"]!)).toBe(true);
  expect(Buffer.from(folder["training.jsonl"]!).equals(log.bytes)).toBe(true);

  await page.getByRole("button", { name: "Use in the Lab" }).click();
  const policy = page.getByRole("region", { name: "Trained policy" });
  await policy.getByText("that you trained on sums, seed 1, after 1 step").waitFor();
  await page.getByText("trained, 1 step · wasm").first().waitFor({ timeout: PHASE_MS });
  await modelReady(lab);
  await page.getByRole("slider", { name: "G, number of answers" }).fill("2");
  const [start] = await runToEnd(lab, PHASE_MS);
  expect(start).toMatchObject({ models: { policy: { id: expect.stringMatching(/^training:.*@1$/) as unknown } } });
  expect(start).toMatchObject({ models: { anchor: { id: "kitten" } } });
  await policy.getByRole("button", { name: "Back to the embedded policy" }).click();
  await policy.waitFor({ state: "detached" });
  await page.getByText("kitten · wasm").waitFor({ timeout: PHASE_MS });

  await elsewhere(zip);
});

/** What was saved, in another browser: looked at, and deleted again. */
async function elsewhere({ name, bytes: buffer }: { name: string; bytes: Buffer }): Promise<void> {
  const context = { colorScheme: "dark", viewport: { width: 360, height: 780 }, reducedMotion: "reduce" } as const;
  const { page } = await site.open({ view: "train" }, { withoutEngine: true, context });
  await page.getByText("None yet.").waitFor();
  await page.getByLabel("Saved policies to load").setInputFiles({ name, mimeType: "application/zip", buffer });
  expect(await stands(page, /^Ended after/)).toBe(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await findings(page)).toEqual([]);
  await page.getByRole("button", { name: /^Delete Sums, seed 1/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete it" }).click();
  await page.getByText("None yet.").waitFor();
  await page.getByRole("button", { name: "Start" }).waitFor();
}

describe("before a training", () => {
  /** Nothing here needs a model. */
  const open = (training: string, options = {}): Promise<LabPage> =>
    site.open({ view: "train", training, device: "wasm" }, { ...still, withoutEngine: true, ...options });

  test("choices come by a link and go into one; what cannot be used is named, and nothing starts", async () => {
    const { page } = await open("domain=lists&tasks=3&g=99");
    await page.getByText("G, answers to a question is “99”: it takes a whole number from 2 to 16.").waitFor();
    expect(await page.getByRole("radio", { name: "Lists" }).isChecked()).toBe(true);
    await page.getByText("More", { exact: true }).click();
    const tasks = page.getByRole("textbox", { name: "Tasks a step" });
    expect(await tasks.inputValue()).toBe("3");
    await tasks.fill("many");
    await page.getByText("Tasks a step is “many”: it takes a whole number from 1 to 64.").waitFor();
    await page.getByRole("button", { name: "Start" }).click();
    await expect.poll(() => tasks.evaluate((box) => box === document.activeElement)).toBe(true);
    expect(await status(page).count()).toBe(0);
    await tasks.fill("5");
    await page.getByLabel("Reward").selectOption("random");
    await expect.poll(() => new URL(page.url()).hash).toBe("#train?domain=lists&reward=random&tasks=5&device=wasm");
    await page.reload();
    expect(await page.getByLabel("Reward").inputValue()).toBe("random");
    await page.getByText("More", { exact: true }).click();
    // There is no vote on advice.
    await page.getByRole("radio", { name: "Advice" }).check();
    expect(await page.getByLabel("Reference by").locator("option:disabled").allInnerTexts()).toEqual(["majority vote"]);
    await page.getByLabel("Rubric from").waitFor();
  });

  test("it is begun by keyboard alone; a model that cannot be fetched is said, with a way on", async () => {
    const { page, context } = await open(SMALLEST);
    await context.route("**/models/kitten/model.safetensors", (route) => route.abort());
    await page.getByRole("button", { name: "Start" }).waitFor();
    for (const name of ["Train", "Start"]) {
      const wanted = page.getByRole(name === "Train" ? "link" : "button", { name, exact: true });
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press("Tab");
        if (await wanted.evaluate((element) => element === document.activeElement)) break;
      }
      await page.keyboard.press("Enter");
    }
    await stands(page, /It could not go on/);
    await status(page)
      .getByRole("alert")
      .getByText(/model\.safetensors/)
      .waitFor();
    await status(page).getByRole("button", { name: "Try again" }).waitFor();
    expect(await findings(page)).toEqual([]);
  });

  test("a file that is no saved policy is refused by name", async () => {
    const { page } = await open("");
    const file = { name: "holiday.zip", mimeType: "application/zip", buffer: Buffer.from("no zip") };
    await page.getByLabel("Saved policies to load").setInputFiles(file);
    expect(await page.getByRole("alert").innerText()).toMatch(
      /“holiday\.zip” was not loaded: This is no saved training/,
    );
  });

  test.each(looks)(
    "axe finds nothing serious in %s at %i px, and nothing widens the page",
    async (colorScheme, width) => {
      const context = { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" } as const;
      const { page } = await open("domain=advice", { context });
      await page.getByText("More", { exact: true }).click();
      await page.getByText("None yet.").waitFor();
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    },
  );
});
