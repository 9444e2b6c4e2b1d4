/** @file Three kinds of tests: plain Node in milliseconds, Chromium with a GPU, and the built page as a person meets it. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const minutes = 60_000;

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte()],
        test: {
          name: "unit",
          environment: "node",
          include: [
            "tests/{cat,run,verify,bench,engine,train,models,sandbox,symbolic,store,lab,ui,scripts}/**/*.test.ts",
          ],
          // A busy machine takes many times as long, which is no failure.
          testTimeout: minutes / 2,
        },
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
