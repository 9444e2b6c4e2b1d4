/** @file What is lit on the stage, in words and places: steps and their sources, criteria, pins, flags, and finding a place in what is shown. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mostAlike } from "../../src/cat/provenance/alike.ts";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { findSigns, signsOf } from "../../src/ui/lit-text.ts";
import { flagsFor } from "../../src/ui/state/flags.ts";
import { reader } from "../../src/ui/state/reader.svelte.ts";
import { lightOf, sourcesText, stepText, withoutMark } from "../../src/ui/state/sources.ts";
import { Tracing } from "../../src/ui/state/tracing.svelte.ts";
import { adviceRun } from "./fixture-advice.ts";
import { fixtureRun } from "./fixture.ts";

await reader.load();
const sums = fixtureRun().reduce(apply, emptyRun).groups[0]!;
const advice = (await adviceRun()).reduce(apply, emptyRun).groups[0]!;

describe("steps and their sources", () => {
  test("are said in words, by answer", () => {
    const { steps } = new Tracing(() => sums);
    const reference = sums.references.synthesis!.text;
    expect(steps.map(({ at }) => stepText(reference, at))).toEqual([
      "3 bags of 4: 3 × 4 = 12.",
      "12 more: 6 + 12 = 18.",
      "5 away: 18 - 5 = 13.",
      "answer 13",
    ]);
    expect(sourcesText(steps[2]!)).toBe("Said by 1, 3, 5, 6, 7, 8; otherwise in 2, 4.");
    const dots = steps[0]!.dots.map(() => ({ stance: "silent", at: null }) as const);
    expect(sourcesText({ at: steps[0]!.at, dots, nobodySaidIt: true })).toBe(
      "Nobody said it; silent: 1, 2, 3, 4, 5, 6, 7, 8.",
    );
  });

  test("are by the judge where it was asked, and by words again while an edit of the reference stands", async () => {
    const log = await adviceRun({ sources: true });
    const judged = log.reduce(apply, emptyRun);
    const before = log.slice(0, -2).reduce(apply, emptyRun).groups[0]!;
    const traced = (group: GroupState) => {
      const { by, steps } = new Tracing(() => group);
      return { by, water: steps[1]!.dots.map(({ stance }) => stance) };
    };
    expect(before.sources).toBeUndefined();
    expect(traced(before)).toEqual({ by: "by numbers and words", water: traced(advice).water });
    // The eighth answer has soup alone.
    expect(traced(judged.groups[0]!).by).toBe("by the judge");
    expect([traced(advice).water[7], traced(judged.groups[0]!).water[7]]).toEqual(["silent", "supports"]);

    const target = judged.groups[0]!.references.synthesis!.finished!.seq;
    const stamp = { seq: log.length, atMs: 1e6 };
    const edited = apply(judged, { type: "override", target, value: "Rest. Drink.", note: "", ...stamp });
    expect(traced(edited.groups[0]!).by).toBe("by numbers and words");
    const undone = apply(edited, { type: "undo", target: log.length, seq: log.length + 1, atMs: 1e6 });
    expect(traced(undone.groups[0]!)).toEqual(traced(judged.groups[0]!));
  });

  test("pointing lights over what is pinned; a second press lets go; Escape lets all go", () => {
    const tracing = new Tracing(() => sums);
    expect([tracing.marks, tracing.litStep, tracing.release()]).toEqual([null, null, false]);
    tracing.toggle({ of: "step", step: 0 });
    const { spans, stance } = tracing.marks![3]!;
    expect([3, 0].map((rollout) => lightOf(tracing.marks![rollout]!))).toEqual(["denies", "says"]);
    expect([stance, sums.rollouts[3]!.text.slice(spans[0]!.start, spans[0]!.end)]).toEqual([
      "contradicts",
      "3 bags of 4: 3 × 4 = 14.",
    ]);
    tracing.point({ of: "step", step: 2 });
    expect([tracing.isLit({ of: "step", step: 2 }), tracing.isPinned({ of: "step", step: 0 })]).toEqual([true, true]);
    tracing.point(null);
    tracing.toggle({ of: "step", step: 0 });
    expect(tracing.marks).toBe(null);
    tracing.show({ of: "step", step: 1 }, 4);
    expect([tracing.shown, tracing.release(), tracing.shown]).toEqual([{ rollout: 4 }, true, null]);
  });

  test("a criterion lights the sentence like it, where there is one", () => {
    const tracing = new Tracing(() => advice);
    expect(tracing.pinnedCriterion).toBe(null);
    tracing.toggle({ of: "criterion", id: 3 });
    expect(tracing.pinnedCriterion).toBe(3);
    const said = advice.rollouts.map(({ text }) => text.includes("doctor"));
    expect(withoutMark(tracing.marks!)).toEqual(expect.not.arrayContaining(said.flatMap((s, i) => (s ? [i + 1] : []))));
    const { spans } = tracing.marks![0]!;
    expect(lightOf(tracing.marks![0]!)).toBe("alike");
    expect(advice.rollouts[0]!.text.slice(spans[0]!.start, spans[0]!.end)).toContain("See a doctor");
    expect(mostAlike("Names the capital of France.", ["Rest in bed.", ""])).toEqual([null, null]);
  });
});

test("flags say what to know before trusting the reference", () => {
  expect(flagsFor(sums).map(({ name }) => name)).toEqual(["copied try 1, 3, 5, 6, 8"]);
  const alike = fixtureRun({ alike: true }).reduce(apply, emptyRun).groups[0]!;
  expect(flagsFor(alike).map(({ name }) => name)).toEqual([
    "copied try 1, 2, 3, 4, 5, 6, 7, 8",
    "nothing to reconcile",
    "no spread, no signal",
  ]);
  expect(flagsFor({ ...sums, references: {} })).toEqual([]);
});

describe("a place in what is shown", () => {
  test("is found though marks, brackets and line breaks are gone; of two, the one where it was", () => {
    const source = "Do **this** first.\nThen do this: \\(1 + 1\\).";
    const shown = signsOf("Do this first. Then do this: 1 + 1.");
    const at = source.lastIndexOf("this");
    const [from, to] = findSigns(source, { start: at, end: at + 4 }, shown)!;
    expect([shown.slice(from, to), from > shown.indexOf("this")]).toEqual(["this", true]);
    expect(findSigns("abc", { start: 0, end: 3 }, "xyz")).toBe(null);
    expect(findSigns("...", { start: 0, end: 3 }, "xyz")).toBe(null);
  });

  test("any span of a text is found in the text itself", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(20), fc.nat(20), (text, start, length) => {
        const span = { start, end: start + length };
        const found = findSigns(text, span, signsOf(text));
        const wanted = signsOf(text.slice(span.start, span.end));
        expect(found === null ? "" : signsOf(text).slice(...found)).toBe(wanted);
      }),
    );
  });
});
