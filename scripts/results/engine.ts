/** @file Table: our engine beside transformers.js, on wasm and on this machine's WebGPU adapter. */
import type { EngineBenchmark, EngineSettings } from "../bench-engine.ts";
import type { Table } from "./entry.ts";
import { markdownTable } from "./table.ts";

const RUNS: readonly Pick<EngineSettings, "model" | "device">[] = [
  { model: "embedded", device: "wasm" },
  { model: "embedded", device: "webgpu" },
  { model: "qwen-shape", device: "webgpu" },
];
const ROLLOUTS = 8;
const PAIRS = 5;

export const engine: Table<readonly EngineBenchmark[]> = {
  name: "engine",
  title: "Our engine beside transformers.js",
  command: "npm run results -- engine",
  inputs: ["src/engine", "scripts/bench-page", "scripts/bench-engine.ts", "scripts/qwen-shape.ts", "package-lock.json"],
  async measure(log) {
    // Not before it is asked for: it brings a browser.
    const { runBenchEngine } = await import("../bench-engine.ts");
    const data: EngineBenchmark[] = [];
    for (const run of RUNS) {
      const name = `${run.model} on ${run.device}`;
      const progress = (share: number): void => {
        log(`${name} ${Math.round(share * 100)} %`);
      };
      data.push(await runBenchEngine({ ...run, rollouts: ROLLOUTS, pairs: PAIRS }, progress));
    }
    return { data, errors: [] };
  },
  write(runs) {
    const where = ({ model, device, adapter }: EngineBenchmark): string =>
      `${model}, ${adapter === null ? device : `${device} (${adapter.vendor} ${adapter.architecture})`}`;
    const times = ({ median, min, max }: EngineBenchmark["ratios"]["judge"]): string =>
      `${median.toFixed(2)} × (${min.toFixed(2)} to ${max.toFixed(2)})`;
    const ratios = runs.map((run) => [
      where(run),
      times(run.ratios.sequential),
      times(run.ratios.batch),
      times(run.ratios.judge),
      run.bytesPerRowStep === null ? "–" : String(run.bytesPerRowStep),
      run.jsMsPerStep === null ? "–" : run.jsMsPerStep.toFixed(2),
      run.liveBuffers === null ? "–" : String(run.liveBuffers),
    ]);
    const names = Object.keys(runs[0]!.cases) as (keyof EngineBenchmark["cases"])[];
    const seconds = runs.map((run) => [where(run), ...names.map((name) => run.cases[name].seconds.toFixed(2))]);
    return [
      `Eight answers by our engine against eight calls of \`generate()\` one after the other, against its batch of eight; all verdicts of eight answers on eight criteria against a call each. Medians of ${PAIRS} interleaved pairs, with the smallest and the largest; the same weights and tokens on one page.`,
      markdownTable(
        ["model, device", "sequential", "batch", "judge", "bytes a row and step", "own ms a step", "buffers left"],
        ratios,
      ),
      "Seconds, medians. `oursSequential` is ours row by row, `ours` waits for each step's tokens, `oursPipelined` does not.",
      markdownTable(["model, device", ...names], seconds),
      runs.map((run) => `${where(run)}: ${run.notes.join("; ")}.`).join("\n\n"),
    ].join("\n\n");
  },
};
