/** @file Provenance: what must hold of any texts, single rules, and the references with known support. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { provenanceFigures, readSupport } from "../../../src/bench/provenance.ts";
import { provenance } from "../../../src/cat/provenance/provenance.ts";
import type { TaskKind } from "../../../src/cat/types.ts";

const read = (file: string) => readSupport(readFileSync(`tests/fixtures/provenance/${file}.jsonl`, "utf8"));
const [generated, hand] = [read("generated"), read("hand")];
const item = fc.constantFrom(...generated, ...hand);
const kind = fc.constantFrom<TaskKind>("math", "code", "open");

/** One letter a rollout and step: s, c or a dot. */
const dots = (reference: string, rollouts: string[], of: TaskKind) =>
  provenance(reference, rollouts, of).map((step) =>
    step.dots.map(({ stance }) => (stance === "silent" ? "." : stance[0])).join(""),
  );

describe("whatever the texts", () => {
  test("every dot that is not silent has a place in its rollout, and nobody said what has no support", () => {
    const text = fc.oneof(
      fc.string(),
      item.map(({ reference }) => reference),
      item.map(({ rollouts }) => rollouts[0]!),
    );
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), kind, (reference, rollouts, of) => {
        for (const { at, dots: row, nobodySaidIt } of provenance(reference, rollouts, of)) {
          expect(reference.slice(at.start, at.end).trim()).not.toBe("");
          expect(row).toHaveLength(rollouts.length);
          expect(nobodySaidIt).toBe(!row.some(({ stance }) => stance === "supports"));
          for (const [g, { stance, at: place }] of row.entries()) {
            if (stance === "silent") expect(place).toBeNull();
            else expect(rollouts[g]!.slice(place!.start, place!.end).trim()).not.toBe("");
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a rollout that is the reference supports every step, and thinking before it changes nothing", () => {
    fc.assert(
      fc.property(item, ({ reference, kind: of }) => {
        const steps = provenance(reference, [reference, `<think>It is 99. No.</think>${reference}`, ""], of);
        expect(steps.map((step) => step.dots.map((d) => d.stance))).toEqual(
          steps.map(() => ["supports", "supports", "silent"]),
        );
        expect(steps.map((step) => step.dots[0]!.at)).toEqual(steps.map(({ at }) => at));
      }),
    );
  });

  test("work and code: rollouts in another order give the same dots in that order", () => {
    const inOrder = fc.constantFrom(...generated.filter((of) => of.kind !== "open"));
    fc.assert(
      fc.property(inOrder, fc.nat(7), (of, by) => {
        const turn = <T>(list: readonly T[]) => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];
        const before = provenance(of.reference, of.rollouts, of.kind);
        const after = provenance(of.reference, turn(of.rollouts), of.kind);
        expect(after.map((step) => step.dots)).toEqual(before.map((step) => turn(step.dots)));
      }),
    );
  });
});

test.each<[string, string, string[], TaskKind, string[]]>([
  [
    "the same work in another notation",
    "So $3 \\times 4 = 12$.",
    ["3 * 4 = 12", "3 · 4 = 13", "4 cats"],
    "math",
    ["sc."],
  ],
  [
    "a slip carried on contradicts too",
    "Double: 7 × 2 = 14. 3 more: 14 + 3 = 17.",
    ["Double: 7 × 2 = 15. 3 more: 15 + 3 = 18."],
    "math",
    ["c", "c"],
  ],
  [
    "a step left out is silent, not the next one contradicted",
    "2 more: 3 + 2 = 5. Double: 5 × 2 = 10.",
    ["Double: 5 × 2 = 10."],
    "math",
    [".", "s"],
  ],
  ["the answer", "\\boxed{\\frac{1}{2}}", ["\\boxed{1/2}", "The answer is 3.", "well"], "math", ["sc."]],
  [
    "code by its lines, comments aside",
    "// add\nconst s = a + b;",
    ["```js\n// sum\nconst s = a+b\n```", "// add\nconst s = a - b;", "// hello\nlog(9);"],
    "code",
    ["sc."],
  ],
  [
    "a denial",
    "Drink plenty of water.",
    ["You should not drink plenty of water.", "Drink plenty of cold water.", "Open a window."],
    "open",
    ["cs."],
  ],
  [
    "advice against something is no denial",
    "Avoid coffee, because it is strong.",
    ["Do not drink coffee.", "Drink much coffee."],
    "open",
    ["sc"],
  ],
  [
    "another number",
    "It keeps for three months.",
    ["It keeps for six months.", "It keeps for 3 months."],
    "open",
    ["cs"],
  ],
])("%s", (_, reference, rollouts, of, expected) => {
  expect(dots(reference, rollouts, of)).toEqual(expected);
});

/** What was measured when the method was chosen, less two standard errors: docs/results.md has the figures. */
describe("references with known support", () => {
  const floor = (figures: ReturnType<typeof provenanceFigures>) =>
    Math.min(...[figures.supports, figures.contradicts].flatMap((a) => [a.precision.mean!, a.recall.mean!]));

  test("there are 100 and 20, in halves, and each domain is there", () => {
    expect([generated.length, hand.length]).toEqual([100, 20]);
    expect(new Set(generated.map(({ domain }) => domain))).toEqual(new Set(["sums", "lists", "advice"]));
    for (const items of [generated, hand]) {
      expect(Math.abs(items.filter(({ half }) => half === "once").length * 2 - items.length)).toBeLessThan(4);
    }
  });

  test.each([
    ["sums", 0.94],
    ["lists", 0.94],
    ["hand", 0.94],
  ])("%s: precision and recall of support and contradiction", (domain, least) => {
    const figures = provenanceFigures([...generated, ...hand].filter((i) => i.domain === domain));
    expect(figures.cutAsMeant).toBe(figures.references);
    expect(floor(figures)).toBeGreaterThan(least);
  });

  test("advice: all of what is said in the same words; of other words not yet enough", () => {
    const figures = provenanceFigures(generated.filter(({ domain }) => domain === "advice"));
    expect(figures.sameWords.recall.mean).toBe(1);
    expect(figures.supports.precision.mean).toBeGreaterThan(0.78);
    expect(figures.otherWords.recall.mean).toBeGreaterThan(0.45);
  });
});
