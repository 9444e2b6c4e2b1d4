/**
 * @file Table: trainings with the embedded policy, with their controls and ablations: a single sample on held-out items before and after, beside
 * the lines of the start. Each is kept in a folder of the cache and goes on from there, since all of them take an hour.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Lines, Scored } from "../../src/bench/held-out.ts";
import { concurrently } from "../../src/cat/concurrently.ts";
import { CACHE, ROOT } from "../site.ts";
import type { Progress } from "../train-from.ts";
import { type Entry, inputsHash, type Table } from "./entry.ts";
import { markdownTable, percent } from "./table.ts";

interface Trial {
  readonly name: string;
  readonly what: string;
  /** Of `npm run train`. */
  readonly options: readonly string[];
  /** Left out: {@link STEPS}. */
  readonly steps?: number;
}

/** Other code or other weights begin other trainings. */
const INPUTS = [
  ...["src/train", "src/cat", "src/lab/training.ts", "src/bench/held-out.ts"],
  ...["models/kitten/model.safetensors", "models/kitten-judge/onnx", "models/items"],
];

const STEPS = 60;
/** Of what learns slowly. */
const MORE_STEPS = 120;
/** Rollouts are cut where most first ones have more to say: a rubric pays for each point said, so that answers would grow, which the score does not count. */
const ADVICE = ["--domain", "advice", "--items", "40", "--max-tokens", "64"];

const TRIALS: readonly Trial[] = [
  ...[1, 2, 3].map((seed) => ({ name: `sums-${seed}`, what: `sums, seed ${seed}`, options: ["--seed", `${seed}`] })),
  ...[1, 2, 3].map((seed) => ({
    name: `lists-${seed}`,
    what: `lists, seed ${seed}`,
    options: ["--domain", "lists", "--seed", `${seed}`],
  })),
  { name: "advice-1", what: "advice, seed 1", options: ADVICE, steps: MORE_STEPS },
  { name: "sums-random", what: "sums, random rewards", options: ["--reward", "random"] },
  { name: "sums-shuffled", what: "sums, shuffled rewards", options: ["--reward", "shuffled"] },
  { name: "sums-majority", what: "sums, reference by majority", options: ["--aggregator", "majority"] },
  { name: "sums-best-of-n", what: "sums, reference by best-of-N", options: ["--aggregator", "selfBestOfN"] },
  { name: "sums-current", what: "sums, anchor = current policy", options: ["--anchor", "current"] },
  { name: "sums-no-kl", what: "sums, KL coefficient 0", options: ["--kl", "0"] },
  {
    name: "advice-question",
    what: "advice, rubric from the question",
    options: [...ADVICE, "--rubric-from", "prompt"],
  },
];

interface Trained {
  readonly name: string;
  readonly what: string;
  readonly lines: Lines;
  readonly scores: readonly { readonly step: number; readonly score: Scored }[];
}

export const train: Table<readonly Trained[]> = {
  name: "train",
  title: "CaT-RL with the embedded policy",
  command: "npm run results -- train",
  inputs: INPUTS,
  async measure(log) {
    const errors: string[] = [];
    const before = measuredBefore();
    const found = await concurrently(TRIALS, Math.min(2, availableParallelism()), async (trial) => {
      const known = before.find(({ name }) => name === trial.name);
      if (known !== undefined) return [known];
      const progress = await trained(trial).catch((error: unknown) => {
        errors.push(`${trial.what}: ${String(error)}`);
        return null;
      });
      if (progress === null) return [];
      const { lines, scores } = progress;
      log(`${trial.what}: ${percent(lines.single.mean)} → ${percent(scores.at(-1)!.score.mean)}`);
      return [{ name: trial.name, what: trial.what, lines, scores }];
    });
    return { data: found.flat(), errors };
  },
  write(trials) {
    const rows = trials.map(({ what, lines: { single, greedy, majority, synthesis }, scores }) => {
      const [last, at] = [scores.at(-1)!, (step: number) => scores.find((entry) => entry.step === step)?.score];
      return [
        what,
        ...[single, at(20), at(40), at(STEPS), at(MORE_STEPS)].map((score) => cell(score ?? null)),
        `${(last.score.mean! / single.mean!).toFixed(2)} ×`,
        ...[greedy, majority, synthesis].map(cell),
        difference(last.score, synthesis),
      ];
    });
    return [
      `Steps of 8 tasks and 8 rollouts, no label in the loop; AdamW at 10⁻⁴, KL coefficient .01. A single sample on held-out items (sums and lists 100, advice 40), mean ± standard error over items, beside greedy, majority and synthesis (the teacher) of the policy as it started. Sums and lists: share of right answers. Advice: share of the key's points, cut at the initial policy's length; rollouts are cut at 64 tokens.`,
      markdownTable(
        [
          "training",
          "start",
          "20 steps",
          "40",
          `${STEPS}`,
          `${MORE_STEPS}`,
          "gain",
          "greedy",
          "majority",
          "teacher",
          "student − teacher",
        ],
        rows,
      ),
    ].join("\n\n");
  },
};

function cell(score: Scored | null): string {
  return score === null ? "–" : percent(score.mean, score.se);
}

/** With the error of two independent means, though the items are the same: rather too large than too small. */
function difference(student: Scored, teacher: Scored): string {
  const points = 100 * (student.mean! - teacher.mean!);
  const error = 100 * Math.hypot(student.se ?? 0, teacher.se ?? 0);
  return `${points >= 0 ? "+" : "−"}${Math.abs(points).toFixed(1)} ± ${error.toFixed(1)}`;
}

/** Of the same code and weights, in docs/results: all of them take longer than a machine may be there. */
function measuredBefore(): readonly Trained[] {
  const path = join(ROOT, "docs/results/train.json");
  if (!existsSync(path)) return [];
  const entry = JSON.parse(readFileSync(path, "utf8")) as Entry<readonly Trained[]>;
  return entry.inputs === inputsHash(INPUTS) ? entry.data : [];
}

/** As it was kept, once it has all its steps. @throws Error with what was printed, if it fails */
async function trained({ name, options, steps = STEPS }: Trial): Promise<Progress> {
  const folder = join(CACHE, "trainings", inputsHash(INPUTS), name);
  const file = join(folder, "progress.json");
  const read = (): Progress => JSON.parse(readFileSync(file, "utf8")) as Progress;
  const begun = existsSync(file);
  if (begun && read().steps >= steps) return read();
  const place = begun ? ["--resume", folder] : [...options, "--out", folder];
  await execute(["--import", "tsx", "scripts/train.ts", "--steps", `${steps}`, "--json", ...place]);
  return read();
}

function execute(argv: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (piece: Buffer) => (said += piece.toString()));
    child.on("error", reject);
    child.on("exit", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`training ended with status ${status}: ${said.slice(-500)}`));
    });
  });
}
