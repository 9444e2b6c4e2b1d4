/** @file A table of methods in Markdown: means by seed and of all seeds, then what is known beside them. */
import type { Accuracy } from "../../src/bench/accuracy.ts";
import type { Coverage } from "../../src/bench/advice/coverage.ts";
import type { Estimate } from "../../src/bench/statistics.ts";
import type { Stratum } from "../../src/bench/strata.ts";
import type { CatData } from "./cat.ts";
import { markdownTable, percent, ratio } from "./table.ts";

type Run = CatData["runs"][number];

export function writeCat(data: CatData, figure: string): string {
  const { runs, pooled } = data;
  const differences = Object.entries(pooled.differences)
    .filter(([, { mean }]) => mean !== null)
    .map(([name, { mean, se }]) => [spoken(name), percent(mean, se)]);
  return [
    writeMethods(data),
    "All seeds, paired by item:",
    markdownTable(["difference", "mean"], differences),
    gain(pooled),
    "By seed:",
    markdownTable(["", ...runs.map((run) => `seed ${run.seed}`)], bySeed(runs)),
    growth(runs),
    ...(pooled.strata.length === 0 ? [] : byLaw(pooled.strata, figure)),
  ].join("\n\n");
}

/** The methods alone. */
export function writeMethods({ runs, pooled }: CatData): string {
  const [first] = runs;
  const covers = first?.measure === "coverage";
  const rows = Object.entries(pooled.methods).map(([name, all]) => [
    `\`${name}\``,
    ...runs.map((run) => written(run.methods[name as keyof Run["methods"]])),
    written(all),
    all.tokens.toFixed(0),
    ...("precision" in all ? precisionOf(all as Coverage["methods"]["single"]) : []),
  ]);
  const head = ["method", ...runs.map((run) => `seed ${run.seed}`), "all", "tokens"];
  const what = covers
    ? "Coverage of gold points at equal length (a text is cut at the mean number of words of its group's rollouts; `single` is the mean of whole rollouts) ± standard error; tokens generated for an item; points said ÷ sentences; sentences that say no point."
    : "Share of right answers ± standard error; tokens generated for an item.";
  const about = `${first?.items ?? 0} items, ${first?.rollouts ?? 0} rollouts each, on ${first?.device ?? "nothing"}; a seed alone is \`npm run -s bench -- cat --domain ${first?.domain ?? ""} --items ${first?.items ?? 0} --seed 1\`. ${what} The standard error of all seeds is over items, each with its mean.`;
  return `${about}\n\n${markdownTable([...head, ...(covers ? ["precision", "wrong"] : [])], rows)}`;
}

function precisionOf(figures: Coverage["methods"]["single"]): string[] {
  return [percent(figures?.precision ?? null), (figures?.wrongPoints ?? 0).toFixed(2)];
}

function written(figures: Estimate | undefined): string {
  return percent(figures?.mean ?? null, figures?.se);
}

function gain({ differences, ratios }: CatData["pooled"]): string {
  const { mean, se } = differences.synthesisMinusSingle;
  const whole = `Synthesis ÷ single: ${ratio(ratios.synthesisToSingle)}.`;
  if (mean === null || mean <= 2 * (se ?? 0))
    return `${whole} The gain is too small to be parted into merging and proofreading.`;
  const { merging } = ratios;
  return `${whole} Share of the gain over a single answer that is merging, (synthesis − synthesisOfOne) ÷ (synthesis − single): ${percent(merging.mean, merging.se)}; the rest is proofreading.`;
}

function spread({ mean, se }: Estimate): string {
  return `${number(mean)} ± ${number(se)}`;
}

function bySeed(runs: readonly Run[]): string[][] {
  const row = (what: string, of: (run: Run) => string) => [what, ...runs.map(of)];
  const answers = (what: string, of: (run: Accuracy) => string) =>
    row(what, (run) => (run.measure === "accuracy" ? of(run) : "–"));
  const advice = (what: string, of: (run: Coverage) => string) =>
    row(what, (run) => (run.measure === "coverage" ? of(run) : "–"));
  const shared = [
    row("the reference equals a rollout", (r) => percent(r.copied)),
    row("groups that tie and teach nothing", (r) => percent(r.tied)),
  ];
  if (runs[0]?.measure === "coverage") {
    return [
      advice("rewards rank rollouts as coverage does (Spearman, whole texts)", (r) => `${number(r.spearman)} ± ${number(r.spearmanGroups.se)}`), // prettier-ignore
      advice("the same if the judge made no mistake: what the rubrics allow", (r) => spread(r.perfectJudge)),
      advice("the same by a rubric from the question, an ablation", (r) => spread(r.ablations.rubricFromPrompt)),
      advice("the same by the judge asked for the same meaning, an ablation", (r) => spread(r.ablations.sameMeaning)),
      advice("groups ranked (of those, rewards tie)", (r) => `${r.spearmanGroups.ranked} (${r.spearmanGroups.rewardsTie})`), // prettier-ignore
      advice("groups left out: coverage ties, no rewards", (r) => `${r.spearmanGroups.coverageTies}, ${r.spearmanGroups.noRewards}`), // prettier-ignore
      advice("rubric of five criteria or more", (r) => percent(r.rubricParsed)),
      advice("judge, balanced accuracy", (r) => percent(r.judge.balanced)),
      advice("judge, false yes", (r) => percent(r.judge.falseYes)),
      advice("judge, false no", (r) => percent(r.judge.falseNo)),
      advice("verdicts (undecided; criterion unknown to the key)", (r) => `${r.judge.verdicts} (${r.judge.undecided}; ${r.judge.unknown})`), // prettier-ignore
      advice("synthesis not cut: coverage", (r) => percent(r.whole.coverage)),
      advice("synthesis not cut: words ÷ a rollout's", (r) => number(r.whole.lengthRatio)),
      advice("ceiling: best rollout at equal length", (r) => percent(r.ceilings.bestRollout.mean)),
      advice("ceiling: what any rollout says, at any length", (r) => percent(r.ceilings.union.mean)),
      ...shared,
    ];
  }
  return [
    answers("synthesis and vote differ", (r) => percent(r.disagree.majority.rate)),
    answers("then synthesis is right", (r) => percent(r.disagree.majority.accuracy)),
    answers("items right though every rollout is wrong", (r) => String(r.rescued.count)),
    answers("rewards that say what the answer key says", (r) => percent(r.rewardAccuracy)),
    answers("right rollouts that got reward 0", (r) => percent(r.rightPunished)),
    ...shared,
  ];
}

function growth(runs: readonly Run[]): string {
  const [first] = runs;
  const mean = (values: readonly number[]) => percent(values.reduce((a, b) => a + b, 0) / values.length);
  const points = (first?.curve ?? []).map(({ g }, k) => {
    const votes = runs.flatMap((run) => run.curve[k]!.majority ?? []);
    const vote = votes.length === 0 ? "" : `, vote ${mean(votes)}`;
    return `${g}: synthesis ${mean(runs.map((run) => run.curve[k]!.synthesis))}${vote}`;
  });
  return `Rollouts given to the anchor, mean of the seeds: ${points.join("; ")}.`;
}

function byLaw(all: readonly Stratum[], figure: string): string[] {
  const methods = ["single", "greedy", "majority", "synthesis"] as const;
  const table = (key: "slip" | "misread", what: string) => {
    const rows = all.flatMap((stratum) => {
      const band = stratum[key];
      if (band === null || stratum.items === 0) return [];
      const shares = methods.map((name) => written(stratum.methods[name]));
      return [[`${band[0]} to ${band[1]}`, String(stratum.items), ...shares]];
    });
    return markdownTable([what, "items", ...methods], rows);
  };
  return [
    "Accuracy by the worst slip rate and by the worst misreading rate among an item's facts, all seeds:",
    `![Accuracy of single, majority, greedy and synthesis against the worst slip rate and the worst misreading rate of an item; the numbers are in the tables below.](${figure.replace("docs/", "")})`,
    table("slip", "slip rate"),
    table("misread", "misreading rate"),
  ];
}

function spoken(name: string): string {
  const [, difference = name, less = ""] = /^(\w+)Minus(\w+)$/.exec(name) ?? [];
  const method = less.charAt(0).toLowerCase() + less.slice(1);
  const of = difference.startsWith("precision") ? "precision, synthesis" : difference;
  return less === "" ? name : `${of} − ${method}`;
}

function number(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}
