/** @file Asking for alternatives: what stands in the way, and that it is asked once. */
import { expect, test } from "vitest";
import type { ModelState, TokenLook } from "../../src/lab/protocol.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { obstacleOf, questionOf, TokenLooking } from "../../src/ui/state/token-look.svelte.ts";
import { fixtureRun } from "./fixture.ts";

const run = fixtureRun().reduce(apply, emptyRun);
const group = run.groups[0]!;
const { policy } = run.header!.models;
const question = questionOf(group, 1, policy)!;
const ready = (digit: string): ModelState => {
  const files = [{ path: "onnx/model.onnx", bytes: 1, sha256: digit.repeat(64) }];
  return { phase: "ready", record: { ...policy, id: "other name", files }, adapter: null, domains: [], why: null };
};

test("a question is what was sent and what was answered, and is lacking where the file lacks it", () => {
  expect(question).toEqual({ prompt: group.prompts[0]!.rendered, tokenIds: group.rollouts[1]!.tokenIds, by: policy });
  expect(questionOf({ ...group, prompts: [] }, 1, policy)).toBeNull();
  expect(questionOf(group, 1, undefined)).toBeNull();
});

test("what stands in the way: no model, one on its way, other weights under any name", () => {
  expect(obstacleOf({ phase: "absent" }, question)).toBe("no-model");
  expect(obstacleOf({ phase: "failed", failure: { code: "storage", message: "" } }, question)).toBe("no-model");
  expect(obstacleOf({ phase: "checking" }, question)).toBe("loading");
  expect(obstacleOf(ready("1"), question)).toBe("other-model");
  expect(obstacleOf(ready("0"), question)).toBeNull();
  expect(obstacleOf(ready("0"), null)).toBe("no-prompt");
});

test("asks once; after a failure again", async () => {
  const look: TokenLook = { top: [], texts: [] };
  let calls = 0;
  const looking = new TokenLooking(() => (++calls === 1 ? Promise.reject(new Error("gone")) : Promise.resolve(look)));
  await looking.ask(question);
  expect([looking.state, looking.failure?.message]).toEqual(["failed", "gone"]);
  await Promise.all([looking.ask(question), looking.ask(question)]);
  await looking.ask(question);
  expect([looking.state, looking.look, calls]).toEqual(["there", look, 2]);
});
