/** @file A run, as a person sees it and as its log has it. */
import { expect, test } from "vitest";
import { modelReady, runToEnd } from "../../scripts/page.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { apply, emptyRun } from "../../src/run/run.ts";
import { behaviourOf, samenessText } from "../../src/ui/state/behaviour.ts";
import { still, useSite } from "./site.ts";

const site = useSite();
const prompt = "Mia has 14 shells. She buys 3 bags of 4. She gives away 9. How many shells does she have now?";
const link = { prompt, seed: 3, groupSize: 4, device: "wasm" } as const;
const RUN_MS = 90_000;

const of = <T extends LoggedEvent["type"]>(events: readonly LoggedEvent[], type: T) =>
  events.filter((event): event is Extract<LoggedEvent, { type: T }> => event.type === type);

test("answers, reference and rewards on the screen are those of the log", async () => {
  const lab = await site.open(link, still);
  await modelReady(lab);
  const events = await runToEnd(lab, RUN_MS);
  expect(events.at(-1)?.type).toBe("run.finished");
  const group = events.reduce(apply, emptyRun).groups[0]!;
  const { page } = lab;

  const cards = page.getByRole("article");
  expect(await cards.count()).toBe(4);
  for (const [i, rollout] of group.rollouts.entries()) {
    const text = await cards.nth(i).innerText();
    expect(text).toContain(rollout.equivalence?.extracted ?? "no answer");
    expect(text).toContain(rollout.equivalence?.equivalent === true ? "= equal" : "≠ differs");
  }
  const reference = page.getByRole("region", { name: /Synthesise/ });
  expect(await reference.innerText()).toContain(group.references.synthesis!.finished!.extracted!);
  const agree = group.rollouts.filter((r) => r.reward === 1).length;
  await page.getByText(`${agree}/4 agree with the reference`).waitFor({ timeout: 2000 });
});

test("programs are run and compared, and the screen says what the log says", async () => {
  const asked = "Write a JavaScript function f(list) that keeps the even numbers, squares each and returns the sum.";
  const lab = await site.open({ ...link, prompt: asked, domain: "lists" }, still);
  await modelReady(lab);
  const events = await runToEnd(lab, RUN_MS);
  expect(events.at(-1)?.type).toBe("run.finished");
  expect(events[0]).toMatchObject({ type: "run.started", domain: "lists", models: { judge: null } });
  const { task, rollouts } = events.reduce(apply, emptyRun).groups[0]!;
  expect(task.kind).toBe("code");
  const { page } = lab;
  for (const [i, { tests, reward }] of rollouts.entries()) {
    const { same, trouble } = behaviourOf(tests!);
    expect(reward).toBe(same === null ? null : same ? 1 : 0);
    const text = await page.getByRole("article").nth(i).innerText();
    expect(text).toContain(samenessText(same));
    if (trouble !== null) expect(text).toContain(trouble);
  }
  const agree = rollouts.filter((r) => r.reward === 1).length;
  await page.getByText(`${agree}/4 agree with the reference`).waitFor({ timeout: 2000 });
  // They did run: a program that did not decides nothing.
  expect(rollouts.some(({ tests, reward }) => tests!.results.length > 0 && reward !== null)).toBe(true);
});

test("rubric, verdicts and rewards of an open question are those of the log", async () => {
  const asked = "How to treat a mild flu at home?";
  const lab = await site.open({ ...link, prompt: asked, domain: "advice" }, still);
  await modelReady(lab);
  const events = await runToEnd(lab, RUN_MS);
  expect(events.at(-1)?.type).toBe("run.finished");
  expect(events[0]).toMatchObject({ type: "run.started", domain: "advice", judgeIndependent: true });
  const { criteria, rollouts } = events.reduce(apply, emptyRun).groups[0]!;
  expect(criteria.length).toBeGreaterThanOrEqual(5);
  const { page } = lab;
  const listed = page.getByRole("list", { name: "Criteria" }).getByRole("listitem");
  expect(await listed.count()).toBe(criteria.length);
  for (const [i, { text }] of criteria.entries()) expect(await listed.nth(i).innerText()).toContain(text);
  for (const { verdicts, reward } of rollouts) {
    const met = criteria.map((_, i) => verdicts[i]?.met).filter((m) => typeof m === "boolean");
    expect(reward).toBeCloseTo(met.filter(Boolean).length / met.length, 10);
  }
  // The judge tells the answers apart.
  expect(new Set(rollouts.map(({ reward }) => reward)).size).toBeGreaterThan(1);

  const { sources } = events.reduce(apply, emptyRun).groups[0]!;
  await page.getByText("Where each step comes from, by the judge").waitFor();
  const steps = page.getByRole("list", { name: "Steps of the reference" }).getByRole("listitem");
  expect(sources!.found).toHaveLength((await steps.count()) * rollouts.length);
  for (const stance of ["supports", "contradicts", "silent"]) {
    const shown = await steps.locator(`[data-stance=${stance}]`).count();
    expect(shown, stance).toBe(sources!.found.filter((found) => found.stance === stance).length);
  }
});

test("the log names what ran, and who saw what", async () => {
  const lab = await site.open(link);
  await modelReady(lab);
  const events = await runToEnd(lab, RUN_MS);
  const [header] = of(events, "run.started");
  expect(header).toMatchObject({
    format: 1,
    kind: "demo",
    seed: 3,
    groupSize: 4,
    adapter: null,
    judgeIndependent: false,
  });
  expect(header!.models.policy.device).toBe("wasm");
  expect(header!.models.policy.files.map(({ sha256 }) => sha256)).toEqual(
    header!.models.policy.files.map(() => expect.stringMatching(/^[0-9a-f]{64}$/) as string),
  );
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i));

  const prompts = of(events, "prompt.sent");
  const policy = prompts.filter(({ role }) => role === "policy");
  const anchor = prompts.filter(({ role }) => role === "anchor");
  expect(policy.length).toBeGreaterThan(0);
  expect(anchor.length).toBeGreaterThan(0);
  for (const { rendered } of policy) expect(rendered).toContain(prompt);
  for (const { rendered, messages } of anchor) {
    const seen = rendered + JSON.stringify(messages);
    for (const sentence of prompt.split(/(?<=[.?]) /)) expect(seen).not.toContain(sentence);
  }
});

test("the same seed gives the same tokens, another seed others", async () => {
  const lab = await site.open(link);
  await modelReady(lab);
  const tokens = async () => of(await runToEnd(lab, RUN_MS), "rollout.finished").map((r) => [r.rollout, r.tokenIds]);
  const first = await tokens();
  expect(await tokens()).toEqual(first);
  await lab.page.getByLabel("Seed", { exact: true }).fill("4");
  await lab.page.getByLabel("Seed", { exact: true }).blur();
  expect(await tokens()).not.toEqual(first);
});

test("a rollout does not depend on how many others there are", async () => {
  const lab = await site.open(link);
  await modelReady(lab);
  const ids = async () =>
    of(await runToEnd(lab, RUN_MS), "rollout.finished")
      .sort((a, b) => a.rollout - b.rollout)
      .map((r) => r.tokenIds);
  const four = await ids();
  await lab.page.getByRole("slider", { name: "G, number of answers" }).fill("2");
  expect(await ids()).toEqual(four.slice(0, 2));
});

test("nothing widens a narrow screen, while a run is on and after it", async () => {
  const lab = await site.open(link, { context: { viewport: { width: 360, height: 780 } } });
  await modelReady(lab);
  const widest = lab.page.evaluate(async () => {
    let most = 0;
    const { documentElement: root } = document;
    const main = document.querySelector("main")!;
    let ran = false;
    while (!ran || main.dataset["status"] !== "finished" || main.dataset["source"] !== "live") {
      ran ||= main.dataset["status"] === "running" && main.dataset["source"] === "live";
      most = Math.max(most, root.scrollWidth);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return Math.max(most, root.scrollWidth);
  });
  await runToEnd(lab, RUN_MS);
  expect(await widest).toBe(360);
});
