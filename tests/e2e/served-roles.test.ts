/** @file A judge on an OpenAI-compatible server beside a policy in the page: tried, chosen, asked; it dies in the middle, and the run is finished when it is back. */
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { modelReady, runToEnd } from "../../scripts/page.ts";
import { ScriptedServer } from "../served/scripted-server.ts";
import { findings, looks } from "./axe.ts";
import { useSite } from "./site.ts";

const site = useSite();
let server: ScriptedServer;
beforeEach(async () => {
  server = new ScriptedServer(["judge-of-another-family"]);
  await server.open();
});
afterEach(() => server.close());

/** The form of the judge, filled in. */
async function fillIn(page: Page): Promise<void> {
  await page.getByLabel("On a server: Judge").click();
  const judge = page.getByRole("listitem", { name: "Judge" });
  await judge.getByRole("textbox", { name: "Server" }).fill(server.url);
  await judge.getByPlaceholder("as the server calls it").fill("judge-of-another-family");
  await judge.getByLabel("Key", { exact: true }).fill("secret");
}

test("a whole run, a server that dies in it, and its end when the server is back", async () => {
  const lab = await site.open({ view: "lab", domain: "advice", groupSize: 2, device: "wasm" });
  const { page, context } = lab;
  await context.route(
    ({ origin }) => server.url.startsWith(origin),
    (route) => route.continue(),
  );
  await modelReady(lab);
  await page.getByRole("navigation").getByRole("link", { name: "Models" }).click();
  await fillIn(page);
  const judge = page.getByRole("listitem", { name: "Judge" });

  server.cors = false;
  await judge.getByRole("button", { name: "Test this server" }).click();
  await judge.getByText("does not let this page read its answers (CORS)").waitFor();
  server.cors = true;
  await judge.getByRole("button", { name: "Test this server" }).click();
  await judge.getByText("It has one model: judge-of-another-family.").waitFor();
  expect(server.headers.at(-1)!.authorization).toBe("Bearer secret");
  for (const [colorScheme, width] of looks.toReversed()) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    expect(await findings(page)).toEqual([]);
  }
  await judge.getByRole("button", { name: "Use it as judge" }).click();
  await judge.getByText("on a server", { exact: true }).waitFor();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("secret");

  await page.getByRole("navigation").getByRole("link", { name: "Lab" }).click();
  const whole = await runToEnd(lab, 90_000);
  expect(whole[0]).toMatchObject({
    models: { judge: { id: "judge-of-another-family", device: "remote", server: server.url, files: [] } },
    judgeIndependent: true,
  });
  expect(JSON.stringify(whole)).not.toContain("secret");
  expect(whole.at(-1)!.type).toBe("run.finished");
  const verdicts = whole.filter((e) => e.type === "verdict");
  expect(verdicts.length).toBeGreaterThan(0);
  expect(verdicts.every(({ met, probability }) => met === true && Math.abs(probability! - 0.9) < 1e-6)).toBe(true);

  // Of the second answer nobody gets to read all.
  const each = verdicts.length / 2;
  for (let i = 0; i < 60; i++) {
    server.faults.push(i < each ? { kind: "text", body: ANSWER } : { kind: "status", status: 403 });
  }
  const broken = await runToEnd(lab, 90_000);
  expect(broken.at(-1)).toMatchObject({ type: "run.failed", code: "server" });
  expect(broken.filter((e) => e.type === "verdict").length).toBe(each);
  await page.getByText("This run failed.").waitFor();
  server.faults.length = 0;
  const before = server.asked.length;
  await page.getByRole("button", { name: "Finish this run" }).click();
  await page.getByText("This run failed.").waitFor({ state: "detached" });
  await expect.poll(() => page.getByRole("button", { name: "Finish this run" }).count()).toBe(0);
  await expect.poll(() => server.asked.length - before, { timeout: 20_000 }).toBe(each);
});

const ANSWER = JSON.stringify({ choices: [{ message: { content: "No." }, finish_reason: "stop" }] });
