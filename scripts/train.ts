/** @file `npm run train`: CaT-RL with an embedded policy, a line a step and one for the result. */
import type { Scored } from "../src/bench/held-out.ts";
import type { RunEvent } from "../src/run/event.ts";
import {
  choice,
  flag,
  integer,
  MAX_SEED,
  noWords,
  number,
  optional,
  parseOptions,
  runCommand,
  text,
  UsageError,
} from "./options.ts";
import { percent } from "./results/table.ts";
import type { Watcher } from "./train-from.ts";

await runCommand(async (argv) => {
  const { values, words } = parseOptions(argv, {
    domain: choice(["sums", "lists", "advice"], "sums"),
    steps: integer(1, 100_000, 60),
    seed: integer(0, MAX_SEED, 1),
    device: choice(["node", "wasm", "webgpu"], "node"),
    rollouts: integer(2, 16, 8),
    tasks: integer(1, 64, 8),
    kl: number(0, 10, 0.01),
    learningRate: number(1e-9, 1, 1e-4),
    aggregator: choice(["synthesis", "majority", "selfBestOfN"], "synthesis"),
    rubricFrom: choice(["reference", "prompt"], "reference"),
    anchor: choice(["frozen", "current"], "frozen"),
    reward: choice(["cat", "random", "shuffled"], "cat"),
    lengthPenalty: optional(integer(1, 4096, 1)),
    maxTokens: optional(integer(8, 4096, 192)),
    items: integer(2, 500, 100),
    evaluateEvery: integer(1, 100_000, 10),
    out: optional(text("a folder")),
    resume: optional(text("a folder")),
    json: flag(),
  });
  noWords(words);
  const { steps, device, out, resume, json, ...settings } = values;
  if (resume !== null) refuseBesideResume(argv);
  if (settings.domain === "advice" && settings.aggregator === "majority") {
    throw new UsageError('--aggregator is "majority": advice takes synthesis or selfBestOfN, since there is no vote');
  }
  // Not before the options are right: they bring ONNX Runtime.
  const { readKept, writeKept } = await import("./train-folder.ts");
  const start = performance.now();
  const from = resume === null ? settings : await readKept(resume);
  const folder = resume ?? out;
  const watcher: Watcher = {
    onEvent: (event) => {
      if (event.type === "step") console.log(json ? JSON.stringify(event) : stepLine(event));
      if (event.type === "evaluation") (json ? console.error : console.log)(evaluationLine(event));
    },
    keep: (kept) => (folder === null ? Promise.resolve() : writeKept(folder, kept)),
  };
  const made = await (device === "node"
    ? (await import("./train-node.ts")).trainInNode(from, steps, watcher)
    : (await import("./train-page.ts")).trainOnPage(device, from, steps, watcher));
  const { lines } = made;
  const after = made.scores.at(-1)!.score;
  const { single: before, greedy: greedyBefore, synthesis: teacher, majority } = lines;
  const { domain, seed } = made.settings;
  const scores = { before, after, greedyBefore, teacher, majority };
  const seconds = (performance.now() - start) / 1000;
  console.log(
    json ? JSON.stringify({ type: "result", domain, steps: made.steps, seed, ...scores, seconds }) : summary(scores),
  );
  return 0;
});

/** A training goes on as it began. */
function refuseBesideResume(argv: readonly string[]): void {
  const names = argv.flatMap((word) => /^--[^=]+/.exec(word)?.[0] ?? []);
  const other = names.find((name) => !["--resume", "--steps", "--device", "--json"].includes(name));
  if (other === undefined) return;
  throw new UsageError(
    `${other} stands beside --resume, which takes --steps and --device alone: the folder has the settings`,
  );
}

function evaluationLine({ step, aggregator, score }: Extract<RunEvent, { type: "evaluation" }>): string {
  return `step ${step}: held-out ${aggregator ?? "single"} ${percent(score.mean, score.se)}`;
}

function stepLine(event: Extract<RunEvent, { type: "step" }>): string {
  const { step, rewardMean, loss, kl, gradNorm, meanTokens, ms } = event;
  const numbers = [`reward ${figure(rewardMean, 3)}`, `loss ${loss.toFixed(4)}`, `kl ${figure(kl, 4)}`];
  return `step ${step}: ${[...numbers, `gradient ${gradNorm.toFixed(2)}`, `tokens ${figure(meanTokens, 1)}`].join(", ")} (${(ms / 1000).toFixed(1)} s)`;
}

function figure(value: number | null, digits: number): string {
  return value?.toFixed(digits) ?? "–";
}

function summary(scores: Readonly<Record<string, Scored | null>>): string {
  return Object.entries(scores)
    .flatMap(([name, score]) => (score === null ? [] : `${name}: ${percent(score.mean, score.se ?? 0)}`))
    .join("\n");
}
