/** @file Links: what a hash says is taken over, what it says wrongly is named and left out. */
import { describe, expect, test } from "vitest";
import { lessonSteps } from "../../src/ui/lesson/steps.ts";
import { asksToPresent, formatLink, gates, parseLink, withoutPresent } from "../../src/ui/state/link.ts";
import { hideable } from "../../src/ui/state/parts.ts";

describe("parseLink", () => {
  test("an empty hash is the lab and changes nothing", () => {
    expect(parseLink("")).toEqual({ link: { view: "lab" }, problems: [] });
    expect(parseLink("#")).toEqual({ link: { view: "lab" }, problems: [] });
  });

  test.each(["sums", "lists", "advice"] as const)("brings back what formatLink wrote, for %s", (domain) => {
    const link = {
      view: "lab",
      prompt: "What is 3 + 4 & 5%?\nSay #1.",
      domain,
      item: 0,
      seed: 2 ** 32 - 1,
      groupSize: 16,
      device: "wasm",
    } as const;
    expect(parseLink(formatLink(link))).toEqual({ link, problems: [] });
  });

  test.each([
    ["seed=-1", "seed=-1"],
    ["seed=1.5", "seed=1.5"],
    ["seed=4294967296", "seed=4294967296"],
    ["seed=", "seed="],
    ["g=0", "g=0"],
    ["g=17", "g=17"],
    ["g=8e0", "g=8e0"],
    ["device=gpu", "device=gpu"],
    ["domain=history", "domain=history"],
    ["item=x", "item=x"],
    ["step=vote", "step=vote"],
    ["step=flu", "step=flu"],
    ["present=yes", "present=yes"],
    ["hide=everything", "hide=everything"],
    ["hide=runs,<b>", "hide=runs,<b>"],
  ])("names %s as a value that cannot be used", (query, named) => {
    const { link, problems } = parseLink(`#lab?${query}`);
    expect(link).toEqual({ view: "lab" });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(named);
  });

  test.each([
    ...gates.map((gate) => ({ view: "lab", gate }) as const),
    { view: "embed", prompt: "What is 2 + 2?", domain: "sums", gate: "reward", hide: ["prompts", "timeline"] },
    { view: "lab", present: true },
    { view: "lab", present: false, hide: [] },
    { view: "learn" },
    ...lessonSteps.map((lesson) => ({ view: "learn", lesson }) as const),
    { view: "learn", lesson: "flu", hide: hideable },
    { view: "runs", hide: ["learn"] },
    { view: "train" },
    { view: "train", training: "domain=lists&g=4&kl=0", device: "wasm", hide: ["runs", "train"] },
  ] as const)("brings back %j", (link) => {
    expect(parseLink(formatLink(link))).toEqual({ link, problems: [] });
  });

  test("a list of what is hidden stays readable", () => {
    expect(formatLink({ view: "runs", hide: ["settings", "runs"] })).toBe("#runs?hide=settings,runs");
  });

  test("a step of the lesson is none of a run, and the other way round", () => {
    expect(parseLink("#learn?step=reward").link).toEqual({ view: "learn", lesson: "reward" });
    expect(parseLink("#learn?step=others").problems).toHaveLength(1);
    expect(parseLink("#runs?step=reward").link).toEqual({ view: "runs" });
  });

  test("what a training is to do is none of the lab, and is left to it as it is", () => {
    const { link, problems } = parseLink("#train?seed=x&prompt=a&tasks=4&step=key&device=wasm");
    expect(link).toEqual({ view: "train", training: "seed=x&prompt=a&tasks=4&step=key", device: "wasm" });
    expect(problems).toEqual([]);
    expect(parseLink("#lab?tasks=4").link).toEqual({ view: "lab" });
  });

  test("keeps the good values beside a bad one", () => {
    const { link, problems } = parseLink("#lab?seed=abc&g=4&device=webgpu");
    expect(link).toEqual({ view: "lab", groupSize: 4, device: "webgpu" });
    expect(problems).toHaveLength(1);
  });

  test("an unknown view falls back to the lab and says so", () => {
    const { link, problems } = parseLink("#bench?seed=3");
    expect(link).toEqual({ view: "lab", seed: 3 });
    expect(problems[0]).toContain("bench");
  });

  test("a prompt that is too long is left out, and shortened in the note", () => {
    const { link, problems } = parseLink(`#lab?prompt=${"a".repeat(2001)}`);
    expect(link.prompt).toBeUndefined();
    expect(problems[0]?.length).toBeLessThan(200);
  });
});

test("?present before the hash is seen, and taken out again without the rest", () => {
  expect(["", "?a=1", "?present", "?a=1&present=1"].map(asksToPresent)).toEqual([false, false, true, true]);
  expect(["?present", "?a=1&present=1"].map(withoutPresent)).toEqual(["", "?a=1"]);
});
