/** @file Three kinds of tests: plain Node in milliseconds, Chromium with a GPU, and the built page as a person meets it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const minutes = 60_000;

const UNIT =
  "tests/{cat,run,verify,bench,engine,train,models,served,sandbox,symbolic,store,lab,ui,scripts}/**/*.test.ts";

/** Files that put something else in the place of a module: each needs modules of its own. */
const MOCKING = readdirSync("tests", { recursive: true, encoding: "utf8" })
  .map((path) => join("tests", path))
  .filter((path) => path.endsWith(".test.ts") && readFileSync(path, "utf8").includes("vi.mock("));

const unit = {
  environment: "node",
  // A busy machine takes many times as long, which is no failure.
  testTimeout: minutes / 2,
  unstubGlobals: true,
  // Vitest would leave one core idle.
  maxWorkers: "100%",
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte()],
        // Modules are shared between files: to load them anew for each takes as long as the tests.
        test: { name: "unit", include: [UNIT], exclude: MOCKING, isolate: false, ...unit },
      },
      {
        plugins: [svelte()],
        test: { name: "unit-mocking", include: MOCKING, ...unit },
      },
      {
        test: {
          name: "browser",
          environment: "node",
          include: ["tests/browser/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 3 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
      {
        test: {
          name: "e2e",
          environment: "node",
          include: ["tests/e2e/**/*.test.ts"],
          globalSetup: "tests/e2e/build.ts",
          fileParallelism: false,
          testTimeout: 3 * minutes,
          hookTimeout: 2 * minutes,
        },
      },
    ],
  },
});
