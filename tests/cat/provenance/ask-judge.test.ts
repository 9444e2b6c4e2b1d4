/** @file Asking the judge about the steps of a reference: what it is sent, what its answers come to, and how they count beside words. */
import { describe, expect, test } from "vitest";
import { askJudge } from "../../../src/cat/provenance/ask-judge.ts";
import { type JudgedSources, provenance } from "../../../src/cat/provenance/provenance.ts";
import type { GroupEvent } from "../../../src/run/event.ts";
import { scripted } from "../../scripted.ts";

const REFERENCE = "Rest in bed. Drink plenty of water.";
const texts = [
  "Stay under the blanket.",
  "Do not lie down. Sip tea all day.",
  "",
  "<think>Rest in bed.</think>Call a doctor.",
];
const rollouts = texts.map((text, index) => ({ index, text }));

/** Says yes where the answer has one of the words that mean the step, or its opposite. */
const judge = scripted({
  yes: (prompt) => {
    const statement = /<statement>(.*)<\/statement>/.exec(prompt)![1]!;
    const response = /<response>\n([^]*)\n<\/response>/.exec(prompt)![1]!;
    const opposite = prompt.includes("the opposite");
    const word = statement.startsWith("Rest") ? (opposite ? "not lie" : "blanket") : opposite ? "dry" : "tea";
    return response.includes(word) ? 0.9 : 0.1;
  },
});

async function asked(): Promise<readonly GroupEvent[]> {
  const events: GroupEvent[] = [];
  for await (const event of askJudge(rollouts, REFERENCE, judge)) events.push(event);
  return events;
}

const of = <T extends GroupEvent["type"]>(events: readonly GroupEvent[], type: T) =>
  events.filter((event): event is Extract<GroupEvent, { type: T }> => event.type === type);

describe("what the judge is asked", () => {
  test("two questions a rollout and step; it sees one answer and one step, and of thinking nothing", async () => {
    const prompts = of(await asked(), "prompt.sent");
    expect(prompts.map(({ rollout, step, purpose }) => [rollout, step, purpose])).toEqual(
      [0, 1, 3].flatMap((rollout) => [0, 1].flatMap((step) => ["says", "denies"].map((p) => [rollout, step, p]))),
    );
    expect(prompts[2]!.rendered).toContain("<response>\nStay under the blanket.\n</response>");
    expect(prompts[2]!.rendered).toContain("<statement>Drink plenty of water.</statement>");
    expect(prompts.some(({ rendered }) => rendered.includes("Rest") && rendered.includes("Drink"))).toBe(false);
    expect(prompts.some(({ rendered }) => rendered.includes("think>"))).toBe(false);
  });

  test("an answer without text is not asked about", async () => {
    const [sources] = of(await asked(), "sources");
    expect(sources!.found.some(({ rollout }) => rollout === 2)).toBe(false);
  });

  test("what it finds comes last and at once; of a reference without a step, and without an answer, nothing comes", async () => {
    expect((await asked()).findIndex(({ type }) => type === "sources")).toBe((await asked()).length - 1);
    for (const [of, reference] of [
      [rollouts, ""],
      [rollouts.slice(2, 3), REFERENCE],
    ] as const) {
      for await (const event of askJudge(of, reference, judge)) expect(event).toBe("nothing");
    }
  });
});

describe("what its answers come to", () => {
  test("yes to one of the two questions is support or contradiction, no to both is silence", async () => {
    const [sources] = of(await asked(), "sources");
    expect(sources!.steps.map(({ start, end }) => REFERENCE.slice(start, end))).toEqual([
      "Rest in bed.",
      "Drink plenty of water.",
    ]);
    const stances = sources!.found.map(({ rollout, step, stance }) => [rollout, step, stance]);
    expect(stances).toEqual([
      [0, 0, "supports"],
      [0, 1, "silent"],
      [1, 0, "contradicts"],
      [1, 1, "supports"],
      [3, 0, "silent"],
      [3, 1, "silent"],
    ]);
  });

  test.each([
    [0.8, 0.9, "contradicts"],
    [0.9, 0.8, "supports"],
    [0.5, 0.9, "contradicts"],
    [0.5, 0.1, null],
    [0.1, 0.5, null],
  ])("of P(says) %f and P(denies) %f comes %s", async (says, denies, stance) => {
    const torn = scripted({ yes: (prompt) => (prompt.includes("the opposite") ? denies : says) });
    const events: GroupEvent[] = [];
    for await (const event of askJudge(rollouts.slice(0, 1), "Rest.", torn)) events.push(event);
    expect(of(events, "sources")[0]!.found).toMatchObject([{ stance, probability: { says, denies } }]);
  });
});

describe("beside words", () => {
  const dots = (judged?: JudgedSources) => provenance(REFERENCE, texts, "open", judged).map((step) => step.dots);
  const stances = (judged?: JudgedSources) => dots(judged).map((row) => row.map(({ stance }) => stance));

  test("the judge hears what words do not say", async () => {
    const [judged] = of(await asked(), "sources");
    expect(stances(judged)).toEqual([
      ["supports", "contradicts", "silent", "silent"],
      ["silent", "supports", "silent", "silent"],
    ]);
    expect(stances()).not.toEqual(stances(judged));
  });

  test("a dot leads to the sentence most alike, and to none where no words are alike", () => {
    const all = { rollout: 0, step: 0, stance: "supports" } as const;
    const at = (text: string) =>
      provenance("Rest in bed.", [text], "open", { steps: [{ start: 0, end: 12 }], found: [all] })[0]!.dots[0]!.at;
    expect(at("Call a doctor. A bed is where you should be.")).toEqual({ start: 15, end: 44 });
    expect(at("Stay under the blanket.")).toBeNull();
  });

  test("where it is undecided or was asked about another text, words decide", async () => {
    const [judged] = of(await asked(), "sources");
    const undecided = judged!.found.map((f) => ({ ...f, stance: null }));
    expect(dots({ ...judged!, found: undecided })).toEqual(dots());
    expect(dots({ ...judged!, steps: [{ start: 1, end: 5 }, { start: 6, end: 9 }] })).toEqual(dots()); // prettier-ignore
    expect(dots({ ...judged!, steps: [] })).toEqual(dots());
  });
});
