/** @file A reference in words, over every prefix of the runs and by hand. */
import { describe, expect, test } from "vitest";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import { foundText, progressText } from "../../src/ui/state/reference.ts";
import { adviceRun } from "./fixture-advice.ts";
import { listsRun } from "./fixture-lists.ts";
import { fixtureRun } from "./fixture.ts";

const log = fixtureRun();
const groupOf = (events: typeof log) => events.reduce(apply, emptyRun).groups[0]!;
const sums = groupOf(log);
const lists = groupOf(await listsRun());
const advice = groupOf(await adviceRun());
const finishedOf = ({ references }: GroupState) => references.synthesis!.finished!;

describe("how far it is", () => {
  test("goes from nothing through reading and writing to tokens and time, and never back", () => {
    const said = log.flatMap((_, i) => {
      const group = log.slice(0, i + 1).reduce(apply, emptyRun).groups[0];
      const sent = group?.prompts.some(({ purpose }) => purpose === "synthesis") === true;
      return progressText(group?.references.synthesis, sent, false);
    });
    const changes = said.filter((text, i) => text !== said[i - 1]);
    expect(changes.slice(0, 3)).toEqual(["", "reading", "writing"]);
    expect(changes.slice(3)).toEqual([expect.stringMatching(/^\d+ tokens in /)]);
  });

  test("of a run that has ended, what is not finished never will be", () => {
    const begun = { text: "So", finished: undefined };
    expect([progressText(begun, true, true), progressText(undefined, true, true)]).toEqual([
      "not finished",
      "not finished",
    ]);
    expect(progressText(undefined, false, true)).toBe("");
  });

  test("a reference that was cut says so", () => {
    const reference = { text: "", finished: { ...finishedOf(sums), ended: "length" as const } };
    expect(progressText(reference, true, false)).toMatch(/, cut at the limit$/);
  });
});

describe("what of it the rewards look at", () => {
  test("is the final answer, the head of the function, the length beside the answers' own", () => {
    expect(foundText(finishedOf(sums), sums, "math")).toBe("13");
    expect(foundText(finishedOf(lists), lists, "code")).toBe("f(list, n)");
    const rollouts = advice.rollouts.map((rollout, i) => ({ ...rollout, text: i === 0 ? "rest a lot" : "rest" }));
    const group = { ...advice, rollouts: rollouts.slice(0, 2) };
    const finished = { ...finishedOf(advice), text: "drink water and rest" };
    expect(foundText(finished, group, "open")).toBe("4 words, the answers 2 on average");
    expect(foundText(finished, { ...group, rollouts: [] }, "open")).toBe("4 words, the answers 0 on average");
  });

  test("is null where there is none", () => {
    expect(foundText({ ...finishedOf(sums), extracted: null }, sums, "math")).toBe(null);
    expect(foundText({ ...finishedOf(lists), text: "I cannot." }, lists, "code")).toBe(null);
  });
});
