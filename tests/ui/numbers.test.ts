/** @file How numbers read on the screen. */
import { describe, expect, test } from "vitest";
import {
  advantageSum,
  advantageText,
  bytes,
  decimal,
  duration,
  percent,
  placeText,
  speedText,
  wordCount,
} from "../../src/ui/numbers.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { fixtureRun } from "./fixture.ts";

test.each([
  [0.9354, "+0.9 ↑ more likely"],
  [-0.52, "−0.5 ↓ less likely"],
  [0, "0 no signal"],
  [-0.04, "0 no signal"],
  [null, "left out"],
])("an advantage of %s reads %s", (value, text) => {
  expect(advantageText(value)).toBe(text);
});

test.each([
  [0, "0 ms"],
  [24.4, "24 ms"],
  [120, "0.1 s"],
  [9949, "9.9 s"],
  [9960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 0 s"],
  [65_000, "1 min 5 s"],
])("%s ms read %s", (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test("bytes, counted as downloads are", () => {
  expect([0, 12, 840_000, 4_605_937].map(bytes)).toEqual(["0 kB", "1 kB", "840 kB", "4.6 MB"]);
});

test("decimals have a real minus and no minus zero", () => {
  expect([1, 0.625, -0.5, -0.001].map(decimal)).toEqual(["1", "0.63", "−0.5", "0"]);
});

test("per cent is 0 or 100 only if it is that exactly", () => {
  expect([0, 0.004, 0.126, 0.996, 1].map(percent)).toEqual(["0 %", "under 1 %", "13 %", "over 99 %", "100 %"]);
});

test("words are what white space parts", () => {
  expect(["", "  ", "one", " two\n words ", "it's three-fold, no?"].map(wordCount)).toEqual([0, 0, 1, 2, 3]);
});

describe("speed and place", () => {
  const run = fixtureRun().reduce(apply, emptyRun);

  test("tokens for each answer, time, tokens a second", () => {
    const { rollouts } = run.groups[0]!;
    const total = rollouts.reduce((sum, r) => sum + r.tokens, 0);
    expect(speedText(rollouts, 1000)).toBe(`8 × ${Math.round(total / 8)} tokens in 1.0 s (${total} tokens/s)`);
  });

  test("no speed before every answer has ended", () => {
    const { rollouts } = run.groups[0]!;
    expect(speedText([...rollouts.slice(1), { ...rollouts[0]!, ended: undefined }], 1000)).toBeNull();
  });

  test("names the adapter, and says when it is software", () => {
    const header = run.header!;
    const onGpu = {
      ...header,
      models: { ...header.models, policy: { ...header.models.policy, device: "webgpu" } },
    } as const;
    const adapter = { vendor: "apple", architecture: "metal-3", description: "", isFallback: false };
    expect(placeText(header)).toBe("wasm, one thread");
    expect(placeText({ ...onGpu, adapter })).toBe("WebGPU, apple metal-3");
    expect(placeText({ ...onGpu, adapter: { ...adapter, description: "SwiftShader", isFallback: true } })).toBe(
      "WebGPU, SwiftShader (software)",
    );
    expect(placeText({ ...onGpu, adapter: null })).toBe("WebGPU");
  });
});

test("an advantage shows its sum, and says when there is nothing to reckon", () => {
  expect(advantageSum(1, { mean: 0.625, spread: 0.5175 })).toBe("(1 − 0.63) ÷ 0.52 = +0.7");
  expect(advantageSum(0, { mean: 0.625, spread: 0.5175 })).toBe("(0 − 0.63) ÷ 0.52 = −1.2");
  expect(advantageSum(1, { mean: 1, spread: 0 })).toBe("all rewards are equal, so 0");
  expect(advantageSum(null, { mean: 1, spread: 0 })).toBeNull();
  expect(advantageSum(1, { mean: 1, spread: null })).toBeNull();
});
