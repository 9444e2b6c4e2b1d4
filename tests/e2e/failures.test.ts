/** @file When a model file is missing or damaged, the page says so in a sentence and offers a way on that works. */
import { expect, test } from "vitest";
import { modelReady } from "../../scripts/page.ts";
import { useSite } from "./site.ts";

const site = useSite();
const GRAPH = "**/models/*/onnx/*.onnx";

test.each([
  ["missing", { status: 404, body: "not found" }, "could not be fetched"],
  ["damaged", { status: 200, body: Buffer.alloc(4096, 7) }, "damaged"],
])("a %s file", async (_, answer, word) => {
  const lab = await site.open({ view: "runs" });
  const { page, context } = lab;
  await context.route(GRAPH, (route) => route.fulfill(answer));
  await page.goto(`${site.url}#lab?device=wasm`);
  await page.reload();
  const alert = page.getByRole("alert");
  await alert.waitFor({ timeout: 60_000 });
  const text = await alert.innerText();
  expect(text).toContain("The model could not be loaded");
  expect(text).toContain(word);
  expect(text).toContain(".onnx");
  expect(text).not.toMatch(/undefined|\[object|at \w+ \(/);
  expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
  await expect(modelReady(lab)).rejects.toThrow("could not be loaded");

  await context.unroute(GRAPH);
  await page.getByRole("region", { name: "Model" }).getByRole("button", { name: "Try again" }).click();
  await alert.waitFor({ state: "detached" });
  await modelReady(lab);
});
