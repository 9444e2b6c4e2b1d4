/** @file Run details: everything a reader needs to make the run again. */
import { expect, test } from "vitest";
import { apply, emptyRun } from "../../../src/run/run.ts";
import { detailsOf, detailsText } from "../../../src/ui/take-away/details.ts";
import { adviceRun } from "../fixture-advice.ts";

const run = (await adviceRun()).reduce(apply, emptyRun);

test("models with revision, dtype, device and hashes; seed, sampling, adapter, app, times", () => {
  const text = detailsText(detailsOf(run));
  const { policy, judge } = run.header!.models;
  for (const model of [policy, judge!]) {
    expect(text).toContain(`model: ${model.id}`);
    for (const { sha256 } of model.files) expect(text).toContain(sha256);
  }
  for (const part of [
    "seed: 1",
    "temperature 1",
    "at most 256 tokens",
    "dtype: q8",
    "CaT Lab test",
    "wasm",
    "explore:",
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain("Policy and anchor, the same files");
  expect(text).toContain("Judge, independent");
  expect(text).toContain("prompts: as they ship");
});

test("an anchor of its own has its own place; a judge that is the policy is called that; edited prompts are named", () => {
  const { models } = run.header!;
  const header = {
    ...run.header!,
    models: { ...models, anchor: { ...models.anchor, dtype: "q4" } },
    judgeIndependent: false,
    editedPrompts: [{ set: "kitten", template: "rollout", user: "{prompt}" }],
    adapter: { vendor: "google", architecture: "swiftshader", description: "", isFallback: true },
  } as const;
  const titles = detailsOf({ ...run, header }).map(({ title }) => title);
  expect(titles).toEqual(["Run", "Times", "Policy", "Anchor", "Judge = policy (not independent)"]);
  const text = detailsText(detailsOf({ ...run, header }));
  expect(text).toContain("prompts: edited: rollout");
  expect(text).toContain("google swiftshader (software)");
  expect(detailsOf(emptyRun)).toEqual([]);
});
