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

await runCommand(async (argv) => {
  const { values, words } = parseOptions(argv, {
    domain: choice(["sums", "lists", "advice"], "sums"),
    steps: integer(1, 100_000, 60),
    seed: integer(0, MAX_SEED, 1),
    device: choice(["node"], "node"),
    rollouts: integer(2, 16, 8),
    tasks: integer(1, 64, 8),
    kl: number(0, 10, 0.01),
    learningRate: number(1e-9, 1, 1e-4),
    aggregator: choice(["synthesis", "majority", "selfBestOfN"], "synthesis"),
    rubricFrom: choice(["reference", "prompt"], "reference"),
    anchor: choice(["frozen", "current"], "frozen"),
    reward: choice(["cat", "random", "shuffled"], "cat"),
    items: integer(2, 500, 100),
    evaluateEvery: integer(1, 100_000, 10),
    out: optional(text("a folder")),
    resume: optional(text("a folder")),
    json: flag(),
  });
  noWords(words);
  const { steps, device: _, out, resume, json, ...settings } = values;
  if (out !== null && resume !== null && out !== resume) {
    throw new UsageError(`--resume is "${resume}": it goes on where it is kept, so leave --out out`);
  }
  if (settings.domain === "advice" && settings.aggregator === "majority") {
    throw new UsageError('--aggregator is "majority": advice takes synthesis or selfBestOfN, since there is no vote');
  }
  // Not before the options are right: it brings ONNX Runtime.
  const { trainInNode } = await import("./train-node.ts");
  const start = performance.now();
  const { lines, score: after } = await trainInNode(settings, { steps, folder: resume ?? out }, (event) => {
    if (event.type !== "step" && event.type !== "evaluation") return;
    console.log(json ? JSON.stringify(event) : line(event));
  });
  const { single: before, greedy: greedyBefore, synthesis: teacher, majority } = lines;
  const seconds = (performance.now() - start) / 1000;
  const { domain, seed } = settings;
  const scores = { before, after, greedyBefore, teacher, majority };
  const result = { type: "result", domain, steps, seed, ...scores, seconds };
  console.log(json ? JSON.stringify(result) : summary(scores));
  return 0;
});

function line(event: Extract<RunEvent, { type: "step" | "evaluation" }>): string {
  if (event.type === "evaluation") {
    const { step, aggregator = "single", score } = event;
    return `step ${step}: held-out ${aggregator} ${percent(score.mean)} ± ${percent(score.se)}`;
  }
  const { step, rewardMean, loss, kl, gradNorm, meanTokens, ms } = event;
  const numbers = [`reward ${rewardMean.toFixed(3)}`, `loss ${loss.toFixed(4)}`, `kl ${kl?.toFixed(4) ?? "–"}`];
  return `step ${step}: ${[...numbers, `gradient ${gradNorm.toFixed(2)}`, `tokens ${meanTokens.toFixed(1)}`].join(", ")} (${(ms / 1000).toFixed(1)} s)`;
}

function summary(scores: Readonly<Record<string, Scored | null>>): string {
  return Object.entries(scores)
    .flatMap(([name, score]) => (score === null ? [] : `${name}: ${percent(score.mean)} ± ${percent(score.se ?? 0)}`))
    .join("\n");
}
