/**
 * @file Table: how much faster the benchmark of the methods and the end-to-end tests with real models became with the batched engine
 * (milestone 4), against the last commit before it. Both are run in turn, the older one in a worktree of its own.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../site.ts";
import type { Table } from "./entry.ts";
import { markdownTable, median } from "./table.ts";

/** The last commit whose engine took one request after the other and read all logits back. */
const BEFORE = "bfc9d2d";

const WORK = [
  {
    ...{ name: "bench cat --domain sums --items 200", turns: 1 },
    command: "npx tsx scripts/bench.ts cat --domain sums --items 200",
  },
  {
    // A software adapter is at the mercy of what else the machine does.
    ...{ name: "end-to-end tests run, webgpu", turns: 3 },
    command: "npx vitest run --project e2e tests/e2e/run.test.ts tests/e2e/webgpu.test.ts",
  },
] as const;

interface Speed {
  readonly name: string;
  /** Seconds, [turns]. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export const speed: Table<readonly Speed[]> = {
  name: "speed",
  title: "Before and after the batched engine",
  command: "npm run results -- speed",
  inputs: ["src/engine", "src/cat", "package-lock.json"],
  measure(log) {
    const folder = mkdtempSync(join(tmpdir(), "cat-lab-before-"));
    try {
      execute(`git worktree add --detach ${folder} ${BEFORE}`, ROOT);
      execute("npm ci", folder);
      execute("npm run -s build", folder);
      execute("npm run -s build", ROOT);
      const data = WORK.map(({ name, turns, command }): Speed => {
        const [before, after]: [number[], number[]] = [[], []];
        for (let turn = 0; turn < turns; turn++) {
          before.push(execute(command, folder));
          after.push(execute(command, ROOT));
          log(`${name}: ${before.at(-1)!.toFixed(1)} s before, ${after.at(-1)!.toFixed(1)} s after`);
        }
        return { name, before, after };
      });
      return Promise.resolve({ data, errors: [] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
      execute("git worktree prune", ROOT);
    }
  },
  write(rows) {
    const cells = rows.map(({ name, before, after }) => [
      name,
      median(before).toFixed(1),
      median(after).toFixed(1),
      `${median(before.map((seconds, turn) => seconds / after[turn]!)).toFixed(2)} ×`,
      String(before.length),
    ]);
    return [
      `Seconds from the command to its end, start of Node or Chromium included: medians of turns, one after the other; faster is the median of their ratios. Before is ${BEFORE}.`,
      markdownTable(["what", "before", "after", "faster", "turns"], cells),
    ].join("\n\n");
  },
};

/** @returns seconds. @throws Error with what it printed if it fails */
function execute(command: string, cwd: string): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(command, { cwd, shell: true, encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${command} failed: ${`${stdout}${stderr}`.slice(-2000)}`);
  return (performance.now() - start) / 1000;
}
