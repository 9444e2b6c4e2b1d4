/** @file The policy of the built page: this machine always, the hub only where the build was asked for it, nothing else. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hubHosts, originsOf } from "../../scripts/vite/hub-hosts.ts";
import { connectSources, mayFetchFrom } from "../../src/ui/state/allowed-hosts.ts";

const page = readFileSync(join(import.meta.dirname, "../../index.html"), "utf8");
const transform = (hub: boolean, html = page, allowed: readonly string[] = []) =>
  (hubHosts(hub, allowed).transformIndexHtml as (html: string) => string)(html);
const sourcesOf = (html: string) => connectSources(/content="(default-src[^"]*)"/.exec(html)![1]!);

test("a plain build reaches this machine alone, one with the hub the hub and its storage besides", () => {
  const loopback = ["http://127.0.0.1:*", "http://localhost:*"];
  expect(sourcesOf(transform(false))).toEqual(loopback);
  expect(sourcesOf(transform(true))).toEqual([...loopback, "https://huggingface.co", "https://*.hf.co"]);
});

test("other origins only where the build was told them, and nothing that could end the policy", () => {
  const allowed = originsOf("https://gpu.school.example:8000, http://10.0.0.7");
  const sources = sourcesOf(transform(false, page, allowed));
  expect(sources.slice(2)).toEqual(["https://gpu.school.example:8000", "http://10.0.0.7"]);
  expect(mayFetchFrom("http://10.0.0.7/v1", sources, "https://page.test")).toBe(true);
  for (const wrong of ["gpu.school.example", "https://a.test/v1", "https://a.test;script-src", "https://*", "'none'"]) {
    expect(() => originsOf(wrong)).toThrow("is no origin");
  }
});

test("nothing but connect-src changes", () => {
  const rest = (html: string) => html.replace(/connect-src [^;]*;/, "");
  expect(rest(transform(true))).toBe(rest(page));
});

test("a page without the place for them is an error", () => {
  expect(() => transform(true, "<html></html>")).toThrow("connect-src");
});

test.each([
  ["https://huggingface.co", true],
  ["https://cdn.us.hf.co", true],
  ["http://127.0.0.1:8080", true],
  ["http://localhost:1", true],
  ["http://127.0.0.1", true],
  ["https://127.0.0.1:8080", false],
  ["http://huggingface.co", false],
  ["https://huggingface.co.evil.test", false],
  ["https://evilhf.co", false],
  ["https://page.test", true],
  ["no address", false],
])("%s is within reach of that page: %s", (host, allowed) => {
  expect(mayFetchFrom(host, sourcesOf(transform(true)), "https://page.test")).toBe(allowed);
});

test("without a policy there is nothing but the page itself", () => {
  expect(connectSources("default-src 'none'; script-src 'self'")).toEqual([]);
});
