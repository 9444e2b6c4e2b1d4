/** @file What somebody meets who opens the page for the first time, at the root of a host and in a folder of one. */
import { describe, expect, test } from "vitest";
import { modelReady, runToEnd } from "../../scripts/page.ts";
import { useSite } from "./site.ts";

describe("at the root", () => {
  const site = useSite();

  test("a recorded run is on the screen, called one, and asked for before anything heavy (seconds: docs/results.md)", async () => {
    const lab = await site.open({ view: "runs" });
    const { page } = lab;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(page.url().replace(/#.*/, ""));
    await page.reload();
    const run = page.getByRole("region", { name: "Run", exact: true });
    await run.getByText("recorded", { exact: true }).waitFor();
    await page.getByRole("article").first().waitFor();
    expect(await page.getByRole("article").count()).toBeGreaterThan(1);
    await modelReady(lab);
    const at = (pattern: RegExp) => asked.findIndex((path) => pattern.test(path));
    expect(at(/recorded\/.*\.jsonl$/)).toBeGreaterThanOrEqual(0);
    for (const heavy of [/\.wasm$/, /\.onnx$/, /load-model/])
      expect(at(heavy)).toBeGreaterThan(at(/recorded\/.*\.jsonl$/));
  });

  test("the page says what its small models are", async () => {
    const { page } = await site.open();
    const text = await page.getByRole("contentinfo").innerText();
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      "Real models, running here. We trained the small ones with synthetic answer keys and chose how often they slip, so they show the mechanism; they are not evidence for the paper.",
    );
  });

  test("nothing goes wrong behind the scenes", async () => {
    const problems: string[] = [];
    const lab = await site.open({ device: "wasm" });
    lab.page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    lab.page.on("pageerror", (error) => problems.push(error.message));
    await lab.page.reload();
    await modelReady(lab);
    expect(problems).toEqual([]);
  });

  test("a link brings its question, seed, size and device", async () => {
    const prompt = "What is the square root of 49?";
    const { page } = await site.open({ prompt, seed: 77, groupSize: 5, device: "wasm" });
    expect(await page.getByRole("textbox", { name: "Question" }).inputValue()).toBe(prompt);
    expect(await page.getByLabel("Seed", { exact: true }).inputValue()).toBe("77");
    expect(await page.getByRole("slider", { name: "G, number of answers" }).inputValue()).toBe("5");
    expect(await page.getByLabel("Device").inputValue()).toBe("wasm");
  });
});

describe("in a folder of a host", () => {
  const site = useSite({ prefix: "/some/where/" });

  test("a live run works", async () => {
    const lab = await site.open({ prompt: "What is the square root of 16?", groupSize: 2, device: "wasm" });
    await modelReady(lab);
    const events = await runToEnd(lab, 60_000);
    expect(events.at(-1)?.type).toBe("run.finished");
  });
});
