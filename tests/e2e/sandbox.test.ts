/** @file The sandbox in the built page: its policy lets the frame of programs in and nothing else, offline too; a run leaves no frame behind. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { modelReady, runToEnd } from "../../scripts/page.ts";
import { DIST } from "../../scripts/site.ts";
import { frameDocument, frameScriptSource } from "../../src/sandbox/frame.ts";
import { harness, newSeal } from "../../src/sandbox/harness.ts";
import { still, useSite } from "./site.ts";

const site = useSite();

test("the page's policy names the one script of the frame by its hash", async () => {
  const html = readFileSync(join(DIST, "index.html"), "utf8");
  const scripts = /script-src ([^;]*);/.exec(html)![1]!;
  expect(scripts.split(" ")).toEqual(["'self'", "'wasm-unsafe-eval'", await frameScriptSource()]);
  expect(html).toContain("worker-src 'self' blob:;");
});

test("a frame runs a program in the page, without a network, and any other inline script is refused", async () => {
  const { page, context, violations } = await site.open({ view: "runs" }, still);
  await context.setOffline(true);
  const seal = newSeal();
  const program = { name: "f", parameters: ["list"], source: "function f(list) { return list.length; }" };
  const run = (text: string) =>
    page.evaluate(
      ([srcdoc, script]) =>
        new Promise<unknown[]>((resolve) => {
          const frame = document.createElement("iframe");
          frame.setAttribute("sandbox", "allow-scripts");
          frame.srcdoc = srcdoc;
          const { port1, port2 } = new MessageChannel();
          const said: unknown[] = [];
          const finish = () => {
            frame.remove();
            resolve(said);
          };
          const timer = setTimeout(finish, 3000);
          port1.onmessage = ({ data }: MessageEvent<unknown[]>) => {
            said.push(data);
            if (said.length < 2) return;
            clearTimeout(timer);
            finish();
          };
          frame.onload = () => {
            frame.contentWindow!.postMessage(null, "*", [port2]);
          };
          document.body.append(frame);
          port1.postMessage([1, script]);
        }),
      [text, harness(program, [[[7, 7]]], seal)] as const,
    );
  const good = await frameDocument();
  expect(await run(good)).toEqual([
    [1, "said", [seal, -1, ""]],
    [1, "said", [seal, 0, '{"type":"value","value":2}']],
  ]);
  expect(await run(good.replace(/<meta[^>]*>/, "").replace("end()", "end( )"))).toEqual([]);
  expect(violations.splice(0)).toEqual([expect.stringContaining("Executing inline script violates")]);
});

test("after a run of programs no frame is left", async () => {
  const prompt = "Write a JavaScript function f(list) that keeps the even numbers and returns the sum.";
  const lab = await site.open({ prompt, domain: "lists", seed: 3, groupSize: 2, device: "wasm" }, still);
  await modelReady(lab);
  const events = await runToEnd(lab, 90_000);
  expect(events.filter(({ type }) => type === "tests")).toHaveLength(2);
  await expect.poll(() => lab.page.locator("iframe").count()).toBe(0);
});
