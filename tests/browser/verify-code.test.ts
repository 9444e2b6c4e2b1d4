/** @file `npm run verify -- code` as it is typed: lines in, lines out, in order, from Chromium's sandbox. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../../scripts/site.ts";

test("each line is answered in its turn, a bad one too", () => {
  const sum = "function f(list) { return list.reduce((a, b) => a + b, 0); }";
  const lines = [
    JSON.stringify({ a: sum, b: "const f = (xs) => { let s = 0; for (const x of xs) s += x; return s; };" }),
    "not JSON",
    JSON.stringify({ a: sum, b: "function f(list) { for (;;) {} }", inputs: [[[1, 2]]] }),
    JSON.stringify({ a: sum, b: 'function f(list) { fetch("http://127.0.0.1:9/"); return 3; }', inputs: [[[1, 2]]] }),
  ];
  const tsx = join(ROOT, "node_modules/tsx/dist/cli.mjs");
  const argv = [tsx, join(ROOT, "scripts/verify.ts"), "code", "--json"];
  const { status, stdout } = spawnSync(process.execPath, argv, {
    input: lines.join("\n"),
    encoding: "utf8",
    cwd: ROOT,
  });
  const [same, bad, loop, caught, ...rest] = stdout.split("\n").map((line) => (line === "" ? null : JSON.parse(line) as unknown)); // prettier-ignore
  expect(status).toBe(0);
  expect(same).toMatchObject({ equal: true, failure: null });
  expect(bad).toEqual({ error: expect.stringContaining("not JSON") as string });
  expect(loop).toEqual({
    equal: false,
    results: [{ input: [[1, 2]], expected: 3, actual: { type: "failed", why: "timeout" }, same: false }],
    failure: "timeout",
  });
  expect(caught).toMatchObject({ equal: false, failure: "threw" });
  expect(rest).toEqual([null]);
});
