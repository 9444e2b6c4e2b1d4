/** @file Wrong usage of each command: exit status 2, one line on standard error, nothing on standard output, and nothing was started. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "../../scripts/site.ts";

function run(script: string, argv: readonly string[]) {
  const tsx = join(ROOT, "node_modules/tsx/dist/cli.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, join(ROOT, "scripts", script), ...argv], {
    encoding: "utf8",
    cwd: ROOT,
    // spawnSync would hold a test's own time limit up for as long as a wrongly accepted command runs.
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

describe("wrong usage", () => {
  test.each([
    ["demo.ts", ["--rollouts", "17"], '--rollouts is "17": it takes a whole number from 1 to 16'],
    ["demo.ts", ["--domain", "poems"], '--domain is "poems": it takes sums, lists or advice'],
    ["demo.ts", ["--item", "500"], '--item is "500": it takes a whole number from 0 to 499'],
    ["demo.ts", ["--domain", "advice", "--item", "120"], '--item is "120": it takes a whole number from 0 to 119'],
    ["verify.ts", [], 'verify is "": it takes math or code'],
    ["verify.ts", ["maths"], 'verify is "maths": it takes math or code'],
    [
      "verify.ts",
      ["math", "--exact"],
      "--exact is not an option: there are --paper-exact, --accept-alternative, --json",
    ],
    ["verify.ts", ["code", "--fast"], "--fast is not an option: there are --json"],
    ["bench.ts", ["training"], 'bench is "training": it takes cat, engine or train'],
    ["bench.ts", ["train", "--batch", "2"], '--batch is "2": it takes a whole number from 4 to 64'],
    ["train.ts", ["--kl", "lots"], '--kl is "lots": it takes a number from 0 to 10'],
    [
      "train.ts",
      ["--domain", "advice", "--aggregator", "majority"],
      '--aggregator is "majority": advice takes synthesis or selfBestOfN, since there is no vote',
    ],
    [
      "train.ts",
      ["--resume", "somewhere", "--seed", "2"],
      "--seed stands beside --resume, which takes --steps and --device alone: the folder has the settings",
    ],
    [
      "results.ts",
      ["no such table"],
      'the table is "no such table": there are cat-sums, cat-lists, cat-advice, controls, unseen-slips, judge, flattery, depth, provenance, engine, speed, train, time-to-gain, hub-download, devices, page-runs, sandbox, cold-start, first-load',
    ],
  ])("%s %j", { timeout: 60_000 }, (script, argv, message) => {
    expect(run(script, argv)).toEqual({ status: 2, stdout: "", stderr: `${message}\n` });
  });
});
