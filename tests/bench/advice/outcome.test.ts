/** @file The benchmark on questions for advice, with models that write by a script. */
import { expect, test } from "vitest";
import { trulyMet } from "../../../src/bench/advice/criteria.ts";
import { overSeeds } from "../../../src/bench/summary.ts";
import { score } from "../../../src/bench/advice/reading.ts";
import { summarizeCoverage } from "../../../src/bench/advice/coverage.ts";
import { benchCat, scoreItems } from "../../../src/bench/cat.ts";
import type { LanguageModel, Roles } from "../../../src/cat/models.ts";
import { scripted } from "../../scripted.ts";
import { shippedAdvice } from "./key.ts";

const settings = { domain: "advice", rollouts: 4, seed: 1, sampling: { temperature: 1, topK: null, topP: null }, maxTokens: 256 }; // prettier-ignore

const [item] = shippedAdvice as [(typeof shippedAdvice)[0]];
const { question } = item.label;
const told = (...points: number[]) => points.map((p) => question.points[p]!.texts[0]!).join(" ");
const myth = question.myths[0]!.texts[0]!;
const criteria = (...points: number[]) => points.map((p) => question.points[p]!.criteria[0]!);
const rubricOf = (lines: string[]) => `<rubric>${lines.map((c) => `<criterion>${c}</criterion>`).join("")}</rubric>`;

const ROLLOUTS = [told(0, 1), told(0), told(0, 1, 2), `${told(0)} ${myth}`];
const SYNTHESIS = told(0, 1, 2, 3);
const RUBRIC = rubricOf([...criteria(0, 1, 2, 3), "Names the capital of France."]);

interface Said {
  readonly rollouts?: readonly string[];
  readonly synthesis?: string;
  readonly rubric?: string;
}

function policyOf({ rollouts = ROLLOUTS, synthesis = SYNTHESIS, rubric = RUBRIC }: Said = {}): LanguageModel {
  return scripted({
    promptSet: "kitten",
    answer: (prompt, row) => {
      if (prompt.includes("Write criteria")) return rubric;
      if (prompt.includes("Which answer")) return "3";
      if (prompt.includes("Combine")) return prompt.includes("[2]") ? synthesis : told(0);
      return rollouts[row]!;
    },
  });
}

/** @param says what it says of a criterion that is truly met or not; asked for the same meaning, of an answer with two points or more. */
function judgeOf(says: (met: boolean) => number): LanguageModel {
  return scripted({
    promptSet: "kitten-judge",
    yes: (prompt) => {
      const compared = /<\|user\|>(.*)\nReference: /s.exec(prompt);
      if (compared !== null) return says(score(question, compared[1]!).coverage * question.points.length > 1.5);
      const [, answer, criterion] = /<\|user\|>(.*)\nCriterion: (.*)<\|end\|>/s.exec(prompt)!;
      return says(trulyMet(question, answer!, criterion!) ?? false);
    },
  });
}

const perfect = judgeOf((met) => (met ? 0.9 : 0.1));
const roles = (policy: LanguageModel, judge: LanguageModel | null): Roles => ({ policy, anchor: policy, judge, runner: null }); // prettier-ignore

async function bench(said: Said, judge = perfect) {
  const result = await benchCat([item], roles(policyOf(said), judge), settings);
  if (result.measure !== "coverage") throw new Error("advice is covered");
  return result;
}

test("every method is scored by what it covers at equal length, with figures that hold by hand", async () => {
  const n = question.points.length;
  const words = (text: string) => text.split(" ").length;
  const limit = ROLLOUTS.reduce((sum, text) => sum + words(text), 0) / 4;
  const { methods, ...rest } = await bench({});
  expect(methods).not.toHaveProperty("majority");
  expect(methods).not.toHaveProperty("passAtG");
  expect(methods.single).toMatchObject({
    mean: (2 / n + 1 / n + 3 / n + 1 / n) / 4,
    precision: 3.5 / 4,
    wrongPoints: 0.25,
  });
  const cut = score(question, SYNTHESIS, limit);
  expect(cut.coverage).toBeLessThan(4 / n);
  expect(methods.synthesis).toMatchObject({ mean: cut.coverage, precision: 1, wrongPoints: 0 });
  expect(methods.selfBestOfN!.mean).toBe(score(question, ROLLOUTS[2]!, limit).coverage);
  expect(methods.longestRollout!.mean).toBe(score(question, ROLLOUTS[2]!, limit).coverage);
  expect(methods.greedy!.mean).toBe(score(question, ROLLOUTS[0]!, limit).coverage);
  expect(methods.synthesisOfOne!.mean).toBe(1 / n);
  expect(rest.precision).toBe(1);
  expect(rest.wrongPoints).toBe(0);
  expect(rest.differences.precisionSynthesisMinusSingle.mean).toBe(1 - 3.5 / 4);
  expect(rest.differences.synthesisMinusMajority).toEqual({ mean: null, se: null });
  expect(rest.whole).toEqual({ coverage: 4 / n, lengthRatio: words(SYNTHESIS) / limit });
  expect(rest.ceilings.union.mean).toBe(3 / n);
  expect(rest.ceilings.bestRollout.mean).toBe(score(question, ROLLOUTS[2]!, limit).coverage);
  expect(rest.curve).toEqual([
    { g: 1, synthesis: 1 / n, majority: null },
    { g: 2, synthesis: cut.coverage, majority: null },
    { g: 4, synthesis: cut.coverage, majority: null },
  ]);
  expect([rest.copied, rest.tied, rest.rubricParsed]).toEqual([0, 0, 1]);
  expect(rest.disagree.majority.rate).toBeNull();
});

test("a method without an answer covers nothing", async () => {
  const { methods } = await bench({ synthesis: "" });
  expect(methods.synthesis).toMatchObject({ mean: 0, precision: 0, wrongPoints: 0 });
});

test("the judge is held against what the texts say, and rewards against what they cover", async () => {
  const right = await bench({});
  // four rollouts; one criterion of five is nobody's
  const counts = { verdicts: 16, undecided: 0, unknown: 4 };
  expect(right.judge).toEqual({ balanced: 1, falseYes: 0, falseNo: 0, ...counts });
  expect(right.spearman).toBeCloseTo(1, 12);
  // rewards 1, 0, 1, 0 for 2, 1, 3 and 1 points
  expect(right.ablations.sameMeaning.mean).toBeCloseTo(4 / Math.sqrt(18), 12);
  expect(right.ablations.rubricFromPrompt.mean).toBeCloseTo(1, 12);
  expect(right.spearmanGroups).toEqual({ se: null, ranked: 1, rewardsTie: 0, coverageTies: 0, noRewards: 0 });

  const wrong = await bench({}, judgeOf((met) => (met ? 0.1 : 0.9))); // prettier-ignore
  expect(wrong.judge).toEqual({ balanced: 0, falseYes: 1, falseNo: 1, ...counts });
  expect(wrong.spearman).toBeCloseTo(-1, 12);
  expect(wrong.perfectJudge.mean).toBeCloseTo(1, 12);

  const credulous = await bench({}, judgeOf(() => 1)); // prettier-ignore
  expect(credulous.judge).toEqual({ balanced: 0.5, falseYes: 1, falseNo: 0, ...counts });
  expect([credulous.spearman, credulous.spearmanGroups.rewardsTie, credulous.tied]).toEqual([0, 1, 1]);

  const silent = await bench({}, judgeOf(() => 0.5)); // prettier-ignore
  expect(silent.judge).toEqual({ balanced: null, falseYes: null, falseNo: null, verdicts: 0, undecided: 16, unknown: 4 }); // prettier-ignore
  expect([silent.spearman, silent.spearmanGroups.noRewards]).toEqual([null, 1]);
});

test("groups that cover alike rank nothing; a rubric of four criteria is not parsed; a copy is a copy", async () => {
  const same = [told(0), told(0), told(0), told(0)];
  const result = await bench({ rollouts: same, synthesis: told(0), rubric: rubricOf(criteria(0, 1, 2, 3)) });
  expect([result.spearman, result.spearmanGroups.coverageTies]).toEqual([null, 1]);
  expect([result.rubricParsed, result.copied]).toEqual([0, 1]);
  const none = await bench({ rubric: "no criteria" });
  expect([none.rubricParsed, none.spearmanGroups.noRewards, none.judge.verdicts]).toEqual([0, 1, 0]);
});

test("seeds are pooled item by item, precision too", async () => {
  const runs = [];
  for (const synthesis of [SYNTHESIS, myth]) {
    const { measure, outcomes } = await scoreItems([item], roles(policyOf({ synthesis }), perfect), settings);
    if (measure === "coverage") runs.push(outcomes.map((o) => o.methods));
  }
  const pooled = summarizeCoverage(overSeeds(runs));
  expect(pooled.methods.synthesis).toMatchObject({ mean: runs[0]![0]!.synthesis!.score / 2, precision: 0.5 });
  expect(pooled.differences.precisionSynthesisMinusSingle.mean).toBe(0.5 - 3.5 / 4);
});

test("without a judge it says which item asks for one", async () => {
  const asked = benchCat([item], roles(policyOf(), null), settings);
  await expect(asked).rejects.toThrow(/item advice-0000 asks for advice: give the benchmark a judge/);
});
