/** @file Runs of programs and of advice on the stage, from the run files of the fixtures: what a person reads, opens and reaches by keyboard. No model is asked. */
import { describe, expect, test } from "vitest";
import { apply, emptyRun } from "../../src/run/run.ts";
import { behaviourOf } from "../../src/ui/state/behaviour.ts";
import { verdictText } from "../../src/ui/state/rubric.ts";
import { adviceRun } from "../ui/fixture-advice.ts";
import { listsRun } from "../ui/fixture-lists.ts";
import { findings, looks } from "./axe.ts";
import { openImported } from "./imported.ts";
import { useSite } from "./site.ts";

const site = useSite();
const lists = await listsRun();
const advice = await adviceRun();
const groupOf = (log: typeof lists) => log.reduce(apply, emptyRun).groups[0]!;

describe("a run of programs", () => {
  const { rollouts, references } = groupOf(lists);

  test("shows each program, whether it does what the reference does, and on how many inputs", async () => {
    const page = await openImported(site, lists);
    const cards = page.getByRole("article");
    for (const [i, { text, tests }] of rollouts.entries()) {
      const shown = await cards.nth(i).innerText();
      const { same, agree, total, trouble } = behaviourOf(tests!);
      expect(shown).toContain(text.split("\n")[0]!.replaceAll("*", ""));
      expect(shown).toContain(same === true ? "= same behaviour" : "≠ differs");
      expect(shown).toContain(trouble ?? `${agree}/${total} inputs`);
    }
    const reference = page.getByRole("region", { name: /Synthesise/ });
    // Lines of code are blocks of their own, so the text on the screen has their line breaks.
    expect(await reference.getByRole("group", { name: "Reference" }).innerText()).toBe(references.synthesis!.text);
    expect(await reference.innerText()).toContain("f(list, n)");
    await page.getByText("3/8 agree with the reference").waitFor({ timeout: 2000 });
  });

  test("opens the shortest difference, then every input, and closes one after the other", async () => {
    const page = await openImported(site, lists);
    const card = page.getByRole("article").nth(3);
    await card.getByRole("button", { name: "≠ differs" }).click();
    const note = card.getByRole("group", { name: "How this was decided" });
    await note.getByRole("button", { name: "see them all" }).click();
    const dialog = page.getByRole("dialog");
    const { results } = rollouts[3]!.tests!;
    await expect.poll(() => dialog.getByRole("row").count()).toBe(results.length + 1);
    await dialog.getByLabel("differences only").check();
    expect(await dialog.getByRole("row").count()).toBe(results.filter((r) => !r.same).length + 1);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await note.isVisible()).toBe(true);
    await page.keyboard.press("Escape");
    await note.waitFor({ state: "detached" });
  });
});

describe("a run of advice", () => {
  const group = groupOf(advice);

  test("shows rubric, verdicts and rewards, names the judge, and says what it is not", async () => {
    const page = await openImported(site, advice);
    const reward = page.getByRole("region", { name: /Reward/ });
    const list = await reward.getByRole("list", { name: "Criteria" }).innerText();
    for (const { text } of group.criteria) expect(list).toContain(text);
    await reward.getByText("independent judge: kitten-judge").waitFor();
    expect(await page.getByText("Not medical advice").count()).toBe(1);

    const rows = reward.getByRole("row");
    expect(await rows.count()).toBe(group.rollouts.length + 1);
    expect(await reward.getByRole("columnheader").count()).toBe(group.criteria.length + 3);
    for (const [i, { verdicts, reward: value }] of group.rollouts.entries()) {
      const cells = await rows
        .nth(i + 1)
        .getByRole("cell")
        .allInnerTexts();
      expect(cells.slice(0, -2)).toEqual(verdicts.map(verdictText));
      expect(Number(cells.at(-1))).toBeCloseTo(value!, 1);
    }
  });

  test("the matrix is one tab stop, goes by arrow keys, and says the cell it is at", async () => {
    const page = await openImported(site, advice);
    const reward = page.getByRole("region", { name: /Reward/ });
    expect(await reward.locator("td button[tabindex='0']").count()).toBe(1);
    await reward.locator("td button").first().focus();
    for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"]) await page.keyboard.press(key);
    const said = `Answer 2, b “${group.criteria[1]!.text}”: ${verdictText(group.rollouts[1]!.verdicts[1])}.`;
    await reward.getByText(said).waitFor({ timeout: 2000 });
    expect(await reward.locator("td button[tabindex='0']").count()).toBe(1);
    await reward.locator("td button").nth(2).hover();
    await reward.getByText(`Answer 1, c “${group.criteria[2]!.text}”`).waitFor({ timeout: 2000 });
  });

  test("a criterion opens to show who met it", async () => {
    const page = await openImported(site, advice);
    const item = page.getByRole("list", { name: "Criteria" }).getByRole("listitem").nth(2);
    await item.getByRole("button").click();
    expect(await item.innerText()).toContain("answer 3, 5, 7");
    expect(await item.innerText()).toContain("answer 1, 2, 4, 6, 8");
  });

  test("the judge's prompts are found by answer and criterion", async () => {
    const page = await openImported(site, advice);
    await page.getByRole("region", { name: "Run", exact: true }).getByRole("button", { name: "Prompts" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Judge, 48 verdicts" }).click();
    await dialog.getByLabel("Answer").selectOption("3");
    await dialog.getByLabel("Criterion").selectOption("b Recommends water, tea or other drinks often.");
    const prompt = group.prompts.find((p) => p.purpose === "verdict" && p.rollout === 2 && p.criterion === 1)!;
    expect(await dialog.getByLabel("The prompt").textContent()).toBe(prompt.rendered);
  });
});

test.each(looks)(
  "axe finds nothing serious in %s at %i px, and nothing is wider than the screen",
  async (colorScheme, width) => {
    const context = { colorScheme, viewport: { width, height: 900 }, reducedMotion: "reduce" } as const;
    for (const log of [lists, advice]) {
      const page = await openImported(site, log, { context });
      if (width === 360) await page.getByRole("article").nth(3).getByRole("button").first().click();
      await page.getByRole("article").nth(3).getByTitle("How this was decided").click();
      expect(await findings(page)).toEqual([]);
      if (log === lists) await page.getByRole("button", { name: "see them all" }).click();
      else
        await page.getByRole("region", { name: "Run", exact: true }).getByRole("button", { name: "Prompts" }).click();
      await page.getByRole("dialog").waitFor();
      expect(await findings(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  },
);
