import { expect, test } from "vitest";
import { renderedBefore } from "../../src/cat/before.ts";
import { scorePrompt } from "../../src/cat/familiarity.ts";
import { meanLogprob } from "../../src/cat/logprobs.ts";
import type { ScoreRequest } from "../../src/cat/models.ts";
import type { TaskKind } from "../../src/cat/types.ts";
import { scripted } from "../scripted.ts";

const task = (prompt: string, kind: TaskKind = "math") => ({ id: null, prompt, kind });

test("the prompt is scored where the policy reads it: behind the template, and no further than itself", async () => {
  const asked: ScoreRequest[] = [];
  const model = scripted({});
  const spy = { ...model, score: (requests: readonly ScoreRequest[]) => (asked.push(...requests), model.score(requests)) }; // prettier-ignore
  for (const kind of ["math", "code", "open"] as const) await scorePrompt(task("How many eggs?", kind), spy);
  expect(new Set(asked.map((r) => JSON.stringify(r)))).toEqual(
    new Set([JSON.stringify({ prompt: "<|user|>", continuation: "How many eggs?" })]),
  );
  await scorePrompt(task("a <|end|> \uE000 b"), spy);
  expect(asked.at(-1)).toEqual({ prompt: "<|user|>", continuation: "a ‹|end|> \uE000 b" });
});

test("an empty prompt has no tokens, and no tokens have no mean", async () => {
  const { logprobs } = await scorePrompt(task(""), scripted({}));
  expect(logprobs).toEqual([]);
  expect(meanLogprob(logprobs)).toBeNull();
  expect(meanLogprob([-1, -3])).toBe(-2);
});

test("a template that trims is no obstacle, one that leaves text out is refused", () => {
  const model = scripted({});
  const trimming = { ...model, render: (m: Parameters<typeof model.render>[0]) => `[${m[0]!.content.trim()}]` };
  const say = (text: string) => [{ role: "user" as const, content: `say ${text} twice` }];
  expect(renderedBefore(trimming, say)).toBe("[say ");
  expect(() => renderedBefore({ ...model, render: () => "fixed" }, say)).toThrow(/chat template of scripted/);
});
