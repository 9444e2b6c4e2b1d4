/** @file Table: do devices draw the same tokens from the same seed, and does the size of the group matter? */
import { readItems } from "../../src/bench/item.ts";
import { onBenchPage } from "../bench-page.ts";
import { itemFiles, loadEmbedded } from "../embedded.ts";
import { drawRollouts, type Drawn } from "../rollouts.ts";
import type { Table } from "./entry.ts";
import { markdownTable } from "./table.ts";

const PROMPTS = 5;
const SIZES = [4, 8];
const SEED = 1;

interface Comparison {
  readonly of: string;
  readonly with: string;
  readonly rollouts: number;
  readonly identical: number;
  /** Margins (see docs/glossary.md) of the first tokens that differ, one a rollout. */
  readonly marginsWhereDifferent: readonly (number | null)[];
  /** Largest difference of log-probabilities, in nats, up to there. */
  readonly logprobDifference: number;
}

export const devices: Table<readonly Comparison[]> = {
  name: "devices",
  title: "The same seed on three devices",
  command: "npm run results -- devices",
  inputs: [
    "models/manifest.json",
    "src/engine",
    "src/run/seed.ts",
    "src/cat/rollouts.ts",
    "src/cat/prompts.json",
    "src/cat/prompts.ts",
    "src/models/generation.ts",
  ],
  async measure(log) {
    const { model, sampling, maxTokens } = await loadEmbedded("sums");
    const prompts = readItems(await itemFiles("sums"))
      .slice(0, PROMPTS)
      .map(({ task }) => task.prompt);
    const node: Drawn[][][] = [];
    for (const prompt of prompts) {
      const sizes: Drawn[][] = [];
      for (const groupSize of SIZES) {
        sizes.push(await drawRollouts(model, { prompt, groupSize, seed: SEED, sampling, maxTokens }));
      }
      node.push(sizes);
    }
    await model.dispose();
    log("node done");
    const inPage = (device: "wasm" | "webgpu") =>
      onBenchPage(
        device,
        (page) =>
          page.evaluate((request) => globalThis.drawHere(request), {
            domain: "sums",
            device,
            prompts,
            groupSizes: SIZES,
            seed: SEED,
          }),
        {
          progress: (share) => {
            log(`${device} ${Math.round(share * 100)} %`);
          },
        },
      );
    const all = { node, wasm: await inPage("wasm"), webgpu: await inPage("webgpu") };
    const eights = (drawn: Drawn[][][]) => drawn.map((sizes) => sizes[1]!);
    const fours = (drawn: Drawn[][][]) => drawn.map((sizes) => sizes[0]!);
    const data = [
      compare("wasm", "node", eights(all.wasm), eights(all.node)),
      compare("WebGPU", "node", eights(all.webgpu), eights(all.node)),
      compare("WebGPU", "wasm", eights(all.webgpu), eights(all.wasm)),
      ...Object.entries({ node: all.node, wasm: all.wasm, WebGPU: all.webgpu }).map(([name, drawn]) =>
        compare(`${name}, G = 4`, `${name}, G = 8`, fours(drawn), eights(drawn)),
      ),
    ];
    return { data, errors: [] };
  },
  write(comparisons) {
    const rows = comparisons.map((c) => [
      `${c.of} with ${c.with}`,
      `${c.identical}/${c.rollouts}`,
      c.marginsWhereDifferent.map((margin) => (margin === null ? "–" : margin.toExponential(1))).join(", ") || "–",
      c.logprobDifference === 0 ? "0" : c.logprobDifference.toExponential(1),
    ]);
    return [
      `${PROMPTS} held-out items, seed ${SEED}, G = ${SIZES.join(" and ")}. Rollouts with the same tokens throughout; for each other, the margin of the first token that differs; and the largest difference of a log-probability before it, in nats. WebGPU is Chromium's software adapter.`,
      markdownTable(["compared", "identical", "margins where different", "log-probability difference"], rows),
    ].join("\n\n");
  },
};

/** Rollout by rollout, as far as both have it. */
export function compare(
  of: string,
  other: string,
  a: readonly (readonly Drawn[])[],
  b: readonly (readonly Drawn[])[],
): Comparison {
  const margins: (number | null)[] = [];
  let identical = 0;
  let logprobDifference = 0;
  for (const [item, group] of a.entries()) {
    for (const [row, one] of group.entries()) {
      const two = b[item]![row]!;
      const length = Math.max(one.tokenIds.length, two.tokenIds.length);
      const at = Array.from({ length }).findIndex((_, step) => one.tokenIds[step] !== two.tokenIds[step]);
      if (at === -1) identical += 1;
      else margins.push(one.margins[at] ?? null);
      for (let step = 0; step < (at === -1 ? length : at); step++) {
        logprobDifference = Math.max(logprobDifference, Math.abs(one.logprobs[step]! - two.logprobs[step]!));
      }
    }
  }
  return {
    of,
    with: other,
    rollouts: identical + margins.length,
    identical,
    marginsWhereDifferent: margins,
    logprobDifference,
  };
}
