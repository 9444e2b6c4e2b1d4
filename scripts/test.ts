/** @file `npm test`: everything that must pass, in order, to the first failure. Checks that take one core each run side by side. Ends with a table of times and one line that counts tests. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { noWords, parseOptions, runCommand } from "./options.ts";
import { CACHE, ROOT } from "./site.ts";

interface Step {
  readonly name: string;
  /** Programs of node_modules/.bin with their arguments, one after another. */
  readonly commands: readonly (readonly string[])[];
  /** Vitest projects, by a pattern, whose tests are counted. */
  readonly project?: string;
}

interface Outcome {
  readonly name: string;
  readonly seconds: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const REPORTS = join(CACHE, "test");
const reportOf = (project: string): string => join(REPORTS, `${project.replace("*", "")}.json`);

/** In order, except that lint, the longest check, runs beside the others. */
const CHECKS: readonly (readonly Step[])[] = [
  [{ name: "lint", commands: [["eslint", "."]] }],
  [
    {
      name: "types",
      commands: [
        ["tsc", "-b", "tsconfig.core.json"],
        ["svelte-check", "--fail-on-warnings", "--tsconfig", "tsconfig.app.json"],
      ],
    },
    { name: "format", commands: [["prettier", "--check", "--log-level", "warn", "."]] },
    { name: "unused code", commands: [["knip"]] },
  ],
];

const STEPS: readonly Step[] = [
  vitest("unit tests", "unit*"),
  { name: "build", commands: [["tsx", "scripts/build.ts"]] },
  { name: "size limits", commands: [["tsx", "scripts/first-load.ts"], ["size-limit"]] },
  vitest("browser tests", "browser"),
  vitest("end-to-end tests", "e2e"),
];

function vitest(name: string, project: string): Step {
  const report = `--outputFile.json=${reportOf(project)}`;
  return {
    name,
    project,
    commands: [["vitest", "run", "--project", project, "--reporter=default", "--reporter=json", report]],
  };
}

await runCommand(async (argv) => {
  noWords(parseOptions(argv, {}).words);
  rmSync(REPORTS, { recursive: true, force: true });
  mkdirSync(REPORTS, { recursive: true });
  const outcomes = (await Promise.all(CHECKS.map(inOrder))).flat();
  if (outcomes.every(({ failed }) => failed === 0)) outcomes.push(...(await inOrder(STEPS)));
  report(outcomes);
  return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
});

/** To the first failure. */
async function inOrder(steps: readonly Step[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    console.log(`\n── ${step.name}`);
    const outcome = await run(step);
    outcomes.push(outcome);
    if (outcome.failed > 0) break;
  }
  return outcomes;
}

async function run(step: Step): Promise<Outcome> {
  const start = performance.now();
  let status = 0;
  for (const command of step.commands) {
    status = await execute(command);
    if (status !== 0) break;
  }
  const seconds = (performance.now() - start) / 1000;
  const counts = step.project === undefined ? { passed: 0, failed: 0, skipped: 0 } : counted(step.project);
  // A failed check without tests, or a file that did not even load, is one failure.
  return { name: step.name, seconds, ...counts, failed: Math.max(counts.failed, status === 0 ? 0 : 1) };
}

function counted(project: string): { passed: number; failed: number; skipped: number } {
  const path = reportOf(project);
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(path, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numPendingTests: number;
    numTodoTests: number;
  };
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

function execute([program = "", ...args]: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    const path = join(ROOT, "node_modules", ".bin", program);
    const child = spawn(path, args, { cwd: ROOT, stdio: "inherit", shell: process.platform === "win32" });
    child.on("error", fail);
    child.on("exit", (status) => {
      done(status ?? 1);
    });
  });
}

function report(outcomes: readonly Outcome[]): void {
  console.log("\nstep                 seconds   passed   failed");
  for (const { name, seconds, passed, failed } of outcomes) {
    console.log(
      `${name.padEnd(20)} ${seconds.toFixed(1).padStart(7)} ${String(passed || "").padStart(8)} ${String(failed || "").padStart(8)}`,
    );
  }
  const missing = [...CHECKS.flat(), ...STEPS].filter(({ name }) => outcomes.every((outcome) => outcome.name !== name));
  for (const { name } of missing) console.log(`${name.padEnd(20)}       –  (not reached)`);
  const sum = (key: "passed" | "failed" | "skipped") => outcomes.reduce((total, o) => total + o[key], 0);
  console.log(`all                  ${(performance.now() / 1000).toFixed(1).padStart(7)}`);
  if (sum("skipped") > 0) console.log(`${sum("skipped")} skipped: nothing here may be skipped quietly`);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
}
