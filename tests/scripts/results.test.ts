import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { benchmarkOf, type Outcomes } from "../../src/bench/cat.ts";
import { fillCard } from "../../scripts/results/card.ts";
import { pool } from "../../scripts/results/cat.ts";
import { controls } from "../../scripts/results/controls.ts";
import { depth } from "../../scripts/results/depth.ts";
import { pageRuns } from "../../scripts/results/page-runs.ts";
import { compare } from "../../scripts/results/devices.ts";
import { type Entry, type Table, writeResults } from "../../scripts/results/entry.ts";
import { judge } from "../../scripts/results/judge.ts";
import { keyFigure } from "../../scripts/results/key-figure.ts";
import { markdownTable, median, percent, ratio } from "../../scripts/results/table.ts";
import { tables } from "../../scripts/results/tables.ts";
import { unseenSlips } from "../../scripts/results/unseen-slips.ts";
import { writeCat } from "../../scripts/results/write-cat.ts";
import { ROOT } from "../../scripts/site.ts";

const docs = join(ROOT, "docs");

test("docs/results.md, its pictures and the cards are what docs/results/*.json say (npm run results)", () => {
  const entries = new Map<string, Entry>();
  const quoted = new Map<string, string>();
  for (const table of tables) {
    const path = join(docs, "results", `${table.name}.json`);
    if (!existsSync(path)) continue;
    const entry = JSON.parse(readFileSync(path, "utf8")) as Entry;
    entries.set(table.name, entry);
    quoted.set(table.name, table.card?.(entry.data) ?? table.write(entry.data));
    for (const picture of table.pictures?.(entry.data) ?? []) {
      expect(readFileSync(join(ROOT, picture.path), "utf8"), picture.path).toBe(picture.svg);
    }
  }
  expect(writeResults(tables, entries)).toBe(readFileSync(join(docs, "results.md"), "utf8"));
  for (const model of readdirSync(join(ROOT, "models"))) {
    const path = join(ROOT, "models", model, "README.md");
    if (existsSync(path)) expect(fillCard(readFileSync(path, "utf8"), quoted), path).toBe(readFileSync(path, "utf8"));
  }
});

test("a card is filled where it says so, and nowhere else", () => {
  const card =
    "# A\n<!-- a: written by npm run results -->\nold\n<!-- /a -->\n<!-- b: written by npm run results -->\n<!-- /b -->\n";
  const filled = fillCard(card, new Map([["a", "| $1 |"]]));
  expect(filled).toBe(card.replace("\nold\n", () => "\n\n| $1 |\n\n"));
  expect(fillCard(filled, new Map([["a", "| $1 |"]]))).toBe(filled);
  expect(() => fillCard(card.replace("<!-- /b -->", ""), new Map())).toThrow(/does not close/);
});

describe("a table of methods", () => {
  /** Item k slips at 0.2 k; synthesis is right of it if `right[k]`. */
  const run = (right: readonly number[]): Outcomes => ({
    measure: "accuracy",
    items: right.map((_, k) => ({
      task: { id: `t-${k}`, prompt: "p", kind: "math" },
      label: { answer: "1", slip: 0.2 * k, misread: 0 },
    })),
    outcomes: right.map((score) => ({
      methods: {
        single: { score: 0.5, tokens: 10 },
        greedy: { score: 0, tokens: 10 },
        majority: { score: 1, tokens: 80 },
        lowestPerplexity: { score: 0, tokens: 80 },
        synthesisOfOne: { score: 0.5, tokens: 20 },
        synthesis: { score, tokens: 90 },
      },
      rollouts: [{ right: true, reward: 1 }],
      disagrees: false,
      copied: false,
      curve: [{ g: 1, synthesis: score, majority: 1 }],
      tied: false,
    })),
  });

  test("is of the seeds and of all of them, item by item", () => {
    const data = pool("sums", [run([1, 1, 1, 1]), run([1, 1, 1, 0]), run([1, 1, 1, 1])]);
    expect(data.runs.map((r) => [r.seed, r.methods.synthesis!.mean])).toEqual([[1, 1], [2, 0.75], [3, 1]]); // prettier-ignore
    expect(data.pooled.methods.synthesis).toMatchObject({ mean: 11 / 12, tokens: 90 });
    expect(data.pooled.methods.synthesis!.se).toBeCloseTo(1 / 12, 12); // of 1, 1, 1, 2/3
    const text = writeCat(data, "docs/img/cat-sums.svg");
    expect(text).toContain("| `synthesis` | 100.0 ± 0.0 % | 75.0 ± 25.0 % | 100.0 ± 0.0 % | 91.7 ± 8.3 % | 90 |");
    expect(text).toContain("| synthesis − greedy | 91.7 ± 8.3 % |");
    expect(text).toContain("Synthesis ÷ single: 1.83 ± 0.17.");
    expect(text).toContain("is merging, (synthesis − synthesisOfOne) ÷ (synthesis − single): 100.0 ± 0.0 %");
    expect(text).toContain("](img/cat-sums.svg)");
    expect(text).toContain("| 0.5 to 0.75 | 1 | 50.0 % | 0.0 % | 100.0 % | 66.7 % |");
  });

  test("does not part a gain that is not there", () => {
    const text = writeCat(pool("sums", [run([1, 0, 1, 0])]), "docs/img/x.svg");
    expect(text).toContain("The gain is too small to be parted");
  });

  test("one seed is what the benchmark prints", () => {
    const [outcomes, settings] = [run([1, 0]), { domain: "sums", rollouts: 8, seed: 1 }];
    expect(pool("sums", [outcomes]).runs).toEqual([benchmarkOf(outcomes, settings, "node")]);
  });

  test("has a figure: a line for each method in each panel, higher where it is right more often, bands without items left out", () => {
    const { strata } = pool("sums", [run([1, 1, 0, 0])]).pooled;
    const svg = keyFigure("sums", strata);
    const lines = [...svg.matchAll(/<path d="([^"]*)" fill="none" stroke="([^"]*)"/g)];
    expect(lines).toHaveLength(8);
    const heights = (colour: string) =>
      lines.filter(([, , stroke]) => stroke === colour).map(([, path]) => [...path!.matchAll(/ ([\d.]+)/g)].map((m) => Number(m[1]))); // prettier-ignore
    const [bySlip, byMisreading] = heights("#0969da");
    expect(bySlip).toHaveLength(4);
    expect(byMisreading).toHaveLength(1);
    const [first, second, third] = bySlip as [number, number, number];
    expect([first === second, third > first]).toEqual([true, true]);
    expect(heights("#bc4c00")[0]!.every((y) => y === first)).toBe(true);
    expect(svg.match(/>1 item</g)).toHaveLength(4);
    expect(svg).not.toMatch(/NaN|undefined|null/);
  });
});

test("a table that was not measured says so, and one that could not be measured in part says why", () => {
  const table: Table<number> = {
    name: "speed",
    title: "Speed",
    command: "npm run results -- speed",
    inputs: [],
    measure: () => Promise.resolve({ data: 1, errors: [] }),
    write: (data) => `It is ${data}.`,
  };
  const list = [table as Table];
  expect(writeResults(list, new Map())).toContain("Not measured yet.");
  const entry = { name: "speed", command: "c", date: "2026-01-02", machine: "m", load: 1, inputs: "", data: 7 };
  const text = writeResults(list, new Map([["speed", { ...entry, errors: ["a run (it hung)"] }]]));
  expect(text).toContain("Measured on 2026-01-02: m; load 1 when it ended.");
  expect(text).toContain("It is 7.");
  expect(text).toContain("Not measured: a run (it hung)");
});

test("controls stand side by side; a method that a domain lacks is a dash", () => {
  const figures = (mean: number) => ({ mean, se: 0.01, tokens: 1 });
  const text = controls.write([
    { domain: "sums", methods: { synthesis: figures(0.9), greedy: figures(0.8) } },
    { domain: "lists", methods: { synthesis: figures(0.7), synthesisExecuted: figures(0.75) } },
  ]);
  expect(text).toContain("| method | sums | lists | what it controls for |");
  expect(text).toContain("| `synthesis` | 90.0 ± 1.0 % | 70.0 ± 1.0 % |");
  expect(text).toMatch(/\| `synthesisExecuted` \| – \| 75\.0 ± 1\.0 % \|/);
});

test("a judge is written set by set, its two errors apart", () => {
  const figures = { balanced: 0.9, falseYes: 0.15, falseNo: 0.05, verdicts: 230, undecided: 10, unknown: 0 };
  const text = judge.write([
    { judge: "kitten-judge", sets: { seen: figures, denial: { ...figures, balanced: null } } },
  ]);
  expect(text).toContain("| kitten-judge | `seen`: wordings of its training | 90.0 % | 15.0 % | 5.0 % | 230 (10) |");
  expect(text).toMatch(/`denial`: .* \| – \| 15\.0 % /);
});

test("ways of slipping are written beside the ordinary one", () => {
  const of = (mean: number) => ({ mean, se: 0.02 });
  const way = (synthesis: number) => ({ single: of(0.5), majority: of(0.6), synthesisOfOne: of(0.7), synthesis: of(synthesis), lessOrdinary: of(synthesis - 0.9) }); // prettier-ignore
  const ways = { ordinary: way(0.9), otherResult: way(0.8), otherBox: way(0.9) };
  const text = unseenSlips.write({ items: 200, rollouts: 8, ways });
  expect(text).toMatch(/as in training.*\| 90\.0 ± 2\.0 % \| {2}\|/);
  expect(text).toMatch(/digits swapped.*\| 80\.0 ± 2\.0 % \| -10\.0 ± 2\.0 % \|/);
});

test("out of depth: own words beside the rest, on either half, and each miss by name", () => {
  const rates = (caught: number, own: number) => ({ threshold: 0.65, caught, flagged: 0, own });
  const data = {
    counts: { foreign: 200, heldOut: 1120, own: 60 },
    byWords: { chosen: rates(1, 0.1), reported: rates(0.98, 0.167) },
    byPolicy: null,
    shipped: rates(0.99, 0.133),
    placedRight: { heldOut: 1, own: 0.983 },
    missed: ["How do I write a will?"],
    refused: [],
  };
  const text = depth.write(data);
  expect(text).toContain("| by words, the other half | 0.65 | 98.0 % | 0.0 % | 16.7 % |");
  expect(text).toMatch(/as the page does it.*\| 99\.0 % \| 0\.0 % \| 13\.3 % \|/);
  expect(text).toContain("not caught: “How do I write a will?”. Of this world in own words, and flagged: none.");
  expect(text).not.toContain("surprise");
  const asked = depth.write({ ...data, byPolicy: { chosen: rates(0.7, 0.1), reported: rates(0.6, 0.2) } });
  expect(asked).toMatch(/surprise, the other half \| 0\.65 \| 60\.0 % \| 0\.0 % \| 20\.0 % \|/);
});

test("numbers are written with their doubt", () => {
  expect(percent(0.5, 0.0123)).toBe("50.0 ± 1.2 %");
  expect(percent(0.5)).toBe("50.0 %");
  expect(percent(null)).toBe("–");
  expect([ratio({ mean: 1.5, se: 0.04 }), ratio({ mean: 1.5, se: null }), ratio({ mean: null, se: null })]).toEqual(["1.50 ± 0.04", "1.50", "–"]); // prettier-ignore
  expect([median([3, 1, 2]), median([4, 1])]).toEqual([2, 2.5]);
  expect(markdownTable(["a", "b"], [["1", "2"]])).toBe("| a | b |\n| --- | ---: |\n| 1 | 2 |");
});

test("a run of the page is held against the one on wasm, never against itself", () => {
  const run = { domain: "sums", ended: "run.finished", seconds: 2, said: "a", decided: "b" };
  const both = pageRuns.write([{ ...run, device: "wasm" }, { ...run, device: "webgpu", decided: "c" }]); // prettier-ignore
  expect(both).toContain("| sums | WebGPU | run.finished | 2.0 | yes | no |");
  expect(pageRuns.write([{ ...run, device: "webgpu" }])).toContain("| run.finished | 2.0 | – | – |");
});

describe("two devices are compared rollout by rollout", () => {
  const drawn = (tokenIds: number[], logprobs: number[]) => ({
    tokenIds,
    logprobs,
    margins: tokenIds.map((id) => id / 10),
  });

  test("up to the first token that differs", () => {
    const a = [[drawn([1, 2, 3], [-1, -2, -3]), drawn([1, 2], [-1, -2])]];
    const b = [[drawn([1, 2, 3], [-1, -2.5, -3]), drawn([1, 5], [-1, -9])]];
    expect(compare("a", "b", a, b)).toEqual({
      of: "a",
      with: "b",
      rollouts: 2,
      identical: 1,
      marginsWhereDifferent: [0.2],
      logprobDifference: 0.5,
    });
  });

  test("a rollout that goes on longer differs", () => {
    expect(compare("a", "b", [[drawn([1, 2], [0, 0])]], [[drawn([1], [0])]]).identical).toBe(0);
  });

  test("a smaller group is compared with as many rollouts of the larger", () => {
    const two = [[drawn([1], [0])]];
    const four = [[drawn([1], [0]), drawn([2], [0])]];
    expect(compare("2", "4", two, four)).toMatchObject({ rollouts: 1, identical: 1 });
  });
});
