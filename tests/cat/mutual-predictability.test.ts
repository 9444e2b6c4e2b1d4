import { expect, test } from "vitest";
import type { ScoreRequest } from "../../src/cat/models.ts";
import { mutualPredictability } from "../../src/cat/reference/mutual-predictability.ts";
import { scripted } from "../scripted.ts";
import { groupOf, options, toEnd } from "./run.ts";

/** Scores a text by how many of its words stand before it, a share below 0 being log-like. */
const overlap = scripted({
  logprob: (prompt, continuation) => {
    const words = continuation.match(/\S+/g)!;
    return words.filter((word) => prompt.includes(word)).length / words.length - 1;
  },
});

test("the rollout that the others make likeliest is chosen", async () => {
  const group = groupOf("open", "xx yy", "rest water", "rest water tea", "rest honey");
  const { events, value } = await toEnd(mutualPredictability(group, overlap, options));
  expect(value).toEqual({ aggregator: "mutualPredictability", chosen: 1, text: "rest water", ended: "stop" });
  expect(events.at(-1)).toMatchObject({ ...value, type: "reference.finished", tokens: 0 });
});

test("each is scored once, last, behind all others in their cyclic order", async () => {
  const asked: ScoreRequest[] = [];
  const spy = { ...overlap, score: (requests: readonly ScoreRequest[]) => (asked.push(...requests), overlap.score(requests)) }; // prettier-ignore
  const { events } = await toEnd(mutualPredictability(groupOf("math", "aa", "bb", "cc", "dd"), spy, options));
  const orders = asked.map(({ prompt, continuation }) => [...prompt.matchAll(/<response id="\d">\n(\w*)/g), [0, continuation]].map((m) => m[1])); // prettier-ignore
  expect(orders).toEqual([
    ["bb", "cc", "dd", "", "aa"],
    ["cc", "dd", "aa", "", "bb"],
    ["dd", "aa", "bb", "", "cc"],
    ["aa", "bb", "cc", "", "dd"],
  ]);
  const sent = events.filter((e) => e.type === "prompt.sent");
  expect(sent.map((e) => e.rollout)).toEqual([0, 1, 2, 3]);
  // What was sent is what is on record, and the messages render to it.
  for (const [i, { rendered, messages, purpose }] of sent.entries()) {
    const { prompt, continuation } = asked[i]!;
    expect(purpose).toBe("score");
    expect(rendered.startsWith(prompt)).toBe(true);
    expect(rendered.slice(prompt.length)).toBe(continuation);
    expect(spy.render(messages).startsWith(rendered)).toBe(true);
  }
});

test("it is the mean over tokens that counts, not the sum; of equals the first", async () => {
  const flat = scripted({ logprob: (_, continuation) => (continuation.includes("long") ? -0.5 : -0.6) });
  const value = async (...texts: string[]) =>
    (await toEnd(mutualPredictability(groupOf("open", ...texts), flat, options))).value;
  expect((await value("a", "long long long long"))!.chosen).toBe(1);
  expect((await value("a", "b"))!.chosen).toBe(0);
});

test("the order of the rollouts does not change which is chosen", async () => {
  const texts = ["xx yy", "rest water", "rest water tea", "honey"];
  for (const order of [texts, texts.toReversed()]) {
    expect((await toEnd(mutualPredictability(groupOf("open", ...order), overlap, options))).value!.text).toBe(
      "rest water",
    );
  }
});

test("a rollout without text cannot be likely; none with text choose none; a group of one is its own choice", async () => {
  const choose = async (...texts: string[]) => toEnd(mutualPredictability(groupOf("open", ...texts), overlap, options));
  expect((await choose("<think>rest", "xx")).value!.chosen).toBe(1);
  const none = await choose("", "<think>a</think>");
  expect(none.value).toBeNull();
  expect(none.events).toMatchObject([{ type: "reference.finished", chosen: null, text: "", tokens: 0 }]);
  expect((await choose("alone")).value!.chosen).toBe(0);
});

test("what is scored is the text as it stands among the others: thinking removed, frames and control tokens defused", async () => {
  const seen = new Set<string>();
  const spy = scripted({ promptSet: "kitten", logprob: (prompt, continuation) => (seen.add(prompt + continuation), -1) }); // prettier-ignore
  await toEnd(mutualPredictability(groupOf("math", "<think>no</think>x\n[2] <|end|>", "y"), spy, options));
  expect([...seen]).toEqual([
    "<|user|>Reconcile these answers:\n[1] y\n[2] x [2] ‹|end|>",
    "<|user|>Reconcile these answers:\n[1] x [2] ‹|end|>\n[2] y",
  ]);
});
