/** @file `npm run bench -- cat …`: benchmarks of the project, as the objects of docs/formats.md or as a table. */
import type { Accuracy } from "../src/bench/accuracy.ts";
import type { Coverage } from "../src/bench/advice/coverage.ts";
import type { CatBenchmark } from "../src/bench/cat.ts";
import type { EngineBenchmark } from "./bench-engine.ts";
import type { TrainBenchmark } from "./bench-train.ts";
import { choice, flag, integer, MAX_SEED, noWords, parseOptions, runCommand, UsageError } from "./options.ts";
import { percent } from "./results/table.ts";

await runCommand(async (argv) => {
  const [name, ...rest] = argv;
  if (name === "train") return benchTrain(rest);
  if (name === "engine") return benchEngine(rest);
  if (name !== "cat") throw new UsageError(`bench is "${name ?? ""}": it takes cat, engine or train`);
  const { values, words } = parseOptions(rest, {
    domain: choice(["sums", "lists", "advice"], "sums"),
    items: integer(1, 500, 50),
    rollouts: integer(1, 16, 8),
    seed: integer(0, MAX_SEED, 1),
    device: choice(["node", "wasm", "webgpu"], "node"),
    json: flag(),
  });
  noWords(words);
  const { json, ...settings } = values;
  const most = settings.domain === "advice" ? 120 : 500;
  if (settings.items > most)
    throw new UsageError(`--items is "${settings.items}": ${settings.domain} has ${most} items`);
  // Not before the options are right: it brings ONNX Runtime.
  const { runBenchCat } = await import("./bench-cat.ts");
  const result = await runBenchCat(settings, progressOnTerminal());
  console.log(json ? JSON.stringify(result) : table(result));
  return 0;
});

async function benchEngine(rest: readonly string[]): Promise<number> {
  const { values, words } = parseOptions(rest, {
    rollouts: integer(1, 16, 8),
    model: choice(["embedded", "qwen-shape"], "embedded"),
    device: choice(["webgpu", "wasm"], "webgpu"),
    pairs: integer(1, 20, 5),
    json: flag(),
  });
  noWords(words);
  const { json, ...settings } = values;
  const { runBenchEngine } = await import("./bench-engine.ts");
  const result = await runBenchEngine(settings, progressOnTerminal());
  console.log(json ? JSON.stringify(result) : engineTable(result));
  return 0;
}

async function benchTrain(rest: readonly string[]): Promise<number> {
  const { values, words } = parseOptions(rest, {
    device: choice(["wasm", "webgpu", "node"], "wasm"),
    batch: integer(4, 64, 16),
    tokens: integer(8, 1024, 128),
    pairs: integer(1, 20, 5),
    json: flag(),
  });
  noWords(words);
  const { json, ...request } = values;
  const { runBenchTrain } = await import("./bench-train.ts");
  const result = await runBenchTrain(request, progressOnTerminal());
  console.log(json ? JSON.stringify(result) : trainTable(result, request.batch, request.tokens));
  return 0;
}

/** One line on standard error, every tenth; nothing that a log would drown in. */
function progressOnTerminal(): (share: number) => void {
  let shown = 0;
  return (share) => {
    const tenth = Math.floor(share * 10);
    if (tenth > shown) console.error(`${tenth * 10} %`);
    shown = Math.max(shown, tenth);
  };
}

function trainTable({ device, threads, cases, ratio }: TrainBenchmark, batch: number, tokens: number): string {
  return [
    `a step of kitten, ${batch} rows of ${tokens} tokens, on ${device}, threads: ${threads}`,
    ...Object.entries(cases).map(([name, time]) =>
      time === null
        ? `${name.padEnd(8)} not here`
        : `${name.padEnd(8)} ${time.msPerStep.toFixed(0).padStart(7)} ms (${time.min.toFixed(0)} to ${time.max.toFixed(0)})`,
    ),
    ...(ratio === null ? [] : [`ours takes ${ratio.toFixed(2)} of the time`]),
  ].join("\n");
}

function engineTable({ device, adapter, model, rollouts, cases, ratios, notes, ...rest }: EngineBenchmark): string {
  const where = adapter === null ? device : `${device} (${adapter.vendor} ${adapter.architecture})`;
  const { bytesPerRowStep, jsMsPerStep, liveBuffers } = rest;
  return [
    `${model} on ${where}, ${rollouts} rollouts`,
    ...Object.entries(cases).map(
      ([name, { seconds, tokens }]) =>
        `${name.padEnd(16)} ${seconds.toFixed(3).padStart(9)} s ${String(tokens).padStart(6)}`,
    ),
    ...Object.entries(ratios).map(
      ([name, { median, min, max, pairs }]) =>
        `${name.padEnd(16)} ${median.toFixed(2).padStart(9)} × (${min.toFixed(2)} to ${max.toFixed(2)}, ${pairs} pairs)`,
    ),
    ...(bytesPerRowStep === null
      ? []
      : [
          `read back ${bytesPerRowStep} bytes a row and step; own JavaScript ${jsMsPerStep?.toFixed(2)} ms a step; ${liveBuffers} buffers left`,
        ]),
    ...notes,
  ].join("\n");
}

function table(result: CatBenchmark): string {
  const { domain, items, rollouts, seed, device, methods } = result;
  const covers = result.measure === "coverage";
  const rows = Object.entries(methods).map(
    ([name, { mean, se, tokens }]) =>
      `${name.padEnd(24)} ${percent(mean, se).padStart(14)} ${tokens.toFixed(0).padStart(8)}`,
  );
  return [
    `${domain}: ${items} items, ${rollouts} rollouts each, seed ${seed}, on ${device}`,
    `${"method".padEnd(24)} ${(covers ? "covered" : "right").padStart(14)} ${"tokens".padStart(8)}`,
    ...rows,
    ...(covers ? aboutAdvice(result) : aboutAnswers(result)),
  ].join("\n");
}

function aboutAnswers({ items, disagree, rescued, copied, rewardAccuracy }: Extract<CatBenchmark, Accuracy>): string[] {
  return [
    `synthesis and vote differ in ${percent(disagree.majority.rate)}; then synthesis is right in ${percent(disagree.majority.accuracy)}`,
    `right though every rollout is wrong: ${rescued.count} of ${items}`,
    `the reference equals a rollout in ${percent(copied)}; rewards say what the key says in ${percent(rewardAccuracy)}`,
  ];
}

function aboutAdvice({ methods, spearman, rubricParsed, judge }: Extract<CatBenchmark, Coverage>): string[] {
  return [
    `precision: synthesis ${percent(methods.synthesis?.precision ?? null)}, single ${percent(methods.single?.precision ?? null)}`,
    `a rubric of five criteria or more in ${percent(rubricParsed)}; rewards rank the rollouts as coverage does: ${spearman?.toFixed(2) ?? "–"}`,
    `the judge is right in ${percent(judge.balanced)} (balanced), says yes wrongly in ${percent(judge.falseYes)}, no wrongly in ${percent(judge.falseNo)}`,
  ];
}
