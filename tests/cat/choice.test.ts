/** @file Aggregators that ask a model for a number: Self-BoN and universal self-consistency. */
import { describe, expect, test } from "vitest";
import { readNumber, selfBestOfN, universalSelfConsistency } from "../../src/cat/reference/choice.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { scripted } from "../scripted.ts";
import { groupOf, header, options, toEnd } from "./run.ts";

const group = groupOf("math", "\\boxed{7}", "<think>hm \\boxed{9}</think>so \\boxed{8}", "none");
const saying = (reply: string) => scripted({ answer: () => reply });

describe.each([
  ["selfBestOfN", selfBestOfN, "Which one is the best?"],
  ["universalSelfConsistency", universalSelfConsistency, "Which one agrees most with the others?"],
] as const)("%s", (aggregator, choose, question) => {
  test("the number names the rollout; its thinking part is no part of the reference", async () => {
    const { events, value } = await toEnd(choose(group, saying("Response 2 is"), options));
    expect(value).toEqual({ aggregator, chosen: 1, text: "so \\boxed{8}", ended: "stop" });
    expect(events.map((e) => e.type)).toEqual(["prompt.sent", "reference.finished"]);
    expect(events[1]).toMatchObject({ ...value, extracted: "8", tokens: 4 });
  });

  test("the prompt asks its own question and shows every rollout, numbered from 1, thinking parts removed", async () => {
    const { events } = await toEnd(choose(group, saying("1"), options));
    const [sent] = events;
    expect(sent).toMatchObject({ role: "anchor", purpose: "choose", rollout: null });
    const { content } = (sent as Extract<typeof sent, { type: "prompt.sent" }>).messages[0]!;
    expect(content).toContain(question);
    expect(content).toContain('<response id="2">\nso \\boxed{8}\n</response>');
    expect(content).not.toContain("\\boxed{9}");
  });

  test.each([["none of them"], [""], ["0"], ["4"], ["99"], ["<think>1 or 2"]])(
    "a reply that names no rollout chooses none: %j",
    async (reply) => {
      const { events, value } = await toEnd(choose(group, saying(reply), options));
      expect(value).toBeNull();
      const tokens = reply.split(" ").length + 1;
      expect(events.at(-1)).toMatchObject({ type: "reference.finished", aggregator, chosen: null, text: "", tokens });
    },
  );

  test("a reply that was cut off chooses none: its last digit may be missing", async () => {
    const cut = scripted({ answer: () => "It is number 1 or", limit: 4 });
    expect((await toEnd(choose(group, cut, options))).value).toBeNull();
  });

  test("of one rollout there is nothing to ask", async () => {
    const broken = scripted({ answer: () => { throw new Error("asked"); } }); // prettier-ignore
    const { events, value } = await toEnd(choose(groupOf("open", "alone"), broken, options));
    expect(value).toMatchObject({ chosen: 0, text: "alone" });
    expect(events).toMatchObject([{ type: "reference.finished", tokens: 0, extracted: null }]);
  });

  test("who is chosen is chosen wherever it stands", async () => {
    const texts = ["a", "b", "c"];
    const best = scripted({ answer: (prompt) => /<response id="(\d)">\nb\n/.exec(prompt)![1]! });
    for (const order of [texts, texts.toReversed(), ["b", "c", "a"]]) {
      expect((await toEnd(choose(groupOf("open", ...order), best, options))).value!.text).toBe("b");
    }
  });

  test("its events fold, with a choice and without", async () => {
    for (const [reply, text] of [
      ["3", "none"],
      ["?", ""],
    ] as const) {
      // prettier-ignore
      const { events } = await toEnd(choose(group, saying(reply), options));
      const task = { id: null, prompt: "p", kind: "math" } as const;
      const log = [
        { type: "run.started", format: 1, ...header(saying("")) } as const,
        { type: "group.started", task, size: 3, group: 0 } as const,
        ...events.map((e) => ({ ...e, group: 0 })),
      ].map((e, seq) => ({ ...e, seq, atMs: seq }));
      expect(log.reduce(apply, emptyRun).groups[0]!.references[aggregator]!.text).toBe(text);
    }
  });
});

test.each([
  ["3", 3],
  ["3.", 3],
  ["**12**", 12],
  ["Response 2 is the best, since 16 is right", 2],
  ["Response-2", 2],
  ["[4], because", 4],
  ["\n 1\n", 1],
  ["-1", null],
  ["0.5", null],
  ["1,000", null],
  ["two", null],
  ["", null],
])("the number of %j is %j", (reply, number) => {
  expect(readNumber(reply)).toBe(number);
});
