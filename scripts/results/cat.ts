/** @file Tables: every method on the held-out items of a domain, with three seeds. Their first part stands in the model's card too. */
import { type CatBenchmark, type Outcomes, benchmarkOf } from "../../src/bench/cat.ts";
import { summarizeCoverage } from "../../src/bench/advice/coverage.ts";
import { type Stratum, strata } from "../../src/bench/strata.ts";
import { overSeeds, summarize, type Summary } from "../../src/bench/summary.ts";
import { scoreInNode } from "../bench-cat.ts";
import type { Table } from "./entry.ts";
import { keyFigure } from "./key-figure.ts";
import { writeCat, writeMethods } from "./write-cat.ts";

export interface CatData {
  /** One a seed, as `bench cat` prints them. */
  readonly runs: readonly CatBenchmark[];
  /** The mean over the seeds item by item: standard errors are those of items, however often they were drawn. */
  readonly pooled: Summary & { readonly strata: readonly Stratum[] };
}

const SEEDS = [1, 2, 3] as const;
const ROLLOUTS = 8;

export function catTable(domain: "sums" | "lists" | "advice", items: number): Table<CatData> {
  const name = `cat-${domain}`;
  const figure = `docs/img/${name}.svg`;
  return {
    name,
    title: `Methods on held-out ${domain}`,
    command: `npm run results -- ${name}`,
    inputs: [
      ...modelsOf(domain).flatMap((model) =>
        ["onnx", "tokenizer.json", "generation_config.json"].map((part) => `models/${model}/${part}`),
      ),
      ...["tasks", "labels", "key"].map((file) => `models/items/${domain}/${file}.jsonl`),
      "src/bench",
      "src/cat",
      "src/verify",
      "src/engine",
      "src/sandbox",
      "src/run/seed.ts",
      "src/models/generation.ts",
    ],
    async measure(log) {
      const scored: Outcomes[] = [];
      for (const seed of SEEDS) {
        let shown = 0;
        const progress = (share: number) => {
          if (share - shown >= 0.1) log(`seed ${seed}: ${Math.round((shown = share) * 100)} %`);
        };
        scored.push(await scoreInNode({ domain, items, rollouts: ROLLOUTS, seed }, progress));
      }
      return { data: pool(domain, scored), errors: [] };
    },
    write: (data) => writeCat(data, figure),
    card: (data) => writeMethods(data),
    pictures: ({ pooled }) =>
      pooled.strata.length === 0 ? [] : [{ path: figure, svg: keyFigure(domain, pooled.strata) }],
  };
}

/** What a run of a domain loads. */
function modelsOf(domain: string): readonly string[] {
  return domain === "advice" ? ["kitten", "kitten-judge"] : ["kitten"];
}

/** @param scored one a seed, of the same items. */
export function pool(domain: string, scored: readonly Outcomes[]): CatData {
  const runs = scored.map((run, i) => benchmarkOf(run, { domain, rollouts: ROLLOUTS, seed: SEEDS[i]! }, "node"));
  const covered = scored.flatMap((run) => (run.measure === "coverage" ? [run.outcomes.map((o) => o.methods)] : []));
  if (covered.length > 0) return { runs, pooled: { ...summarizeCoverage(overSeeds(covered)), strata: [] } };
  const answered = scored.flatMap((run) => (run.measure === "accuracy" ? [run] : []));
  const scores = overSeeds(answered.map((run) => run.outcomes.map((o) => o.methods)));
  const labels = (answered[0]?.items ?? []).map(({ label }) => label);
  return { runs, pooled: { ...summarize(scores), strata: strata(labels, scores) } };
}
