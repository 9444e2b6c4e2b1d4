/** @file Choosing a domain: by keyboard, by link, by what is typed; and questions that are out of the model's depth. */
import { expect, test } from "vitest";
import manifest from "../../models/manifest.json" with { type: "json" };
import { modelReady, runToEnd } from "../../scripts/page.ts";
import { domains } from "../../src/ui/state/domains.ts";
import { findings } from "./axe.ts";
import { still, useSite } from "./site.ts";

const site = useSite();
const known: readonly string[] = manifest.models.find(({ id }) => id === "kitten")!.domains;
const FOREIGN = "Why do quantum computers need entanglement?";

test("arrow keys go from domain to domain; each brings its own question, and a reload keeps it", async () => {
  const { page } = await site.open({}, still);
  const question = page.getByRole("textbox", { name: "Question" });
  expect(await question.inputValue()).toBe("What is the square root of 16?");
  await page.getByRole("radio", { name: "Sums" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect(await page.getByRole("radio", { name: "Advice" }).isChecked()).toBe(true);
  expect(await question.inputValue()).toBe("How to treat a mild flu at home?");
  await page.waitForFunction(() => location.hash.includes("domain=advice"));
  await page.goto(page.url().replace(/#.*/, ""));
  await page.reload();
  expect(await page.getByRole("radio", { name: "Advice" }).isChecked()).toBe(true);
});

test("a link to another domain holds, though the recorded run of the former one is still on its way", async () => {
  const { page } = await site.open({}, still);
  const shown = page.locator("main[data-status=finished]");
  await shown.waitFor();
  let send = (): void => undefined;
  const held = new Promise<void>((resolve) => (send = resolve));
  await page.route("**/recorded/shells.jsonl", async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest(/shells/);
  await page.reload();
  await asked;
  await page.goto(`${site.url}#lab?domain=advice`);
  const advice = page.getByRole("radio", { name: "Advice", checked: true });
  await advice.waitFor();
  const arrived = page.waitForResponse(/shells/);
  send();
  await (await arrived).finished();
  await shown.waitFor();
  expect(await advice.isVisible()).toBe(true);
});

test("a link of the time before domains asks a sum", async () => {
  const { page } = await site.open({}, still);
  await page.goto(`${site.url}#lab?domain=advice`);
  await page.getByRole("radio", { name: "Advice", checked: true }).waitFor();
  await page.goto(`${site.url}#lab?prompt=What+is+7+times+8%3F&g=3`);
  await page.getByRole("radio", { name: "Sums", checked: true }).waitFor();
  expect(await page.getByRole("textbox", { name: "Question" }).inputValue()).toBe("What is 7 times 8?");
});

test("a held-out problem of each domain comes by its number", async () => {
  const { page } = await site.open({}, still);
  const question = page.getByRole("textbox", { name: "Question" });
  for (const domain of ["Lists", "Advice", "Sums"]) {
    await page.getByRole("radio", { name: domain }).check({ force: true });
    const before = await question.inputValue();
    const number = page.getByLabel("Number of the held-out problem");
    await number.fill("2");
    await number.press("Enter");
    await expect.poll(() => question.inputValue()).not.toBe(before);
    expect(await number.inputValue()).toBe("2");
  }
  await page.getByLabel("Number of the held-out problem").fill("99999");
  await page.getByLabel("Number of the held-out problem").press("Enter");
  await page.getByText("There is no held-out problem 99999").waitFor();
});

test("a question out of the model's depth is said to be, with ways on that work; it can be asked all the same", async () => {
  const lab = await site.open({ groupSize: 1, device: "wasm" }, still);
  const { page } = lab;
  await modelReady(lab);
  const question = page.getByRole("textbox", { name: "Question" });
  await question.fill(FOREIGN);
  const notice = page.getByRole("status").filter({ hasText: "Out of its depth" });
  await notice.waitFor();
  const text = await notice.innerText();
  for (const word of ["“quantum”", "“entanglement”", "Larger models"]) expect(text).toContain(word);
  expect(await findings(page)).toEqual([]);

  // One example of each domain that the shipped model was made for; the last is of another domain where it knows several.
  const { name, examples } = domains.filter(({ id }) => known.includes(id)).at(-1)!;
  await notice.getByRole("listitem").last().getByRole("button").click();
  expect(await question.inputValue()).toBe(examples[0].prompt);
  expect(await page.getByRole("radio", { name }).isChecked()).toBe(true);
  await notice.waitFor({ state: "detached" });

  await page.getByRole("radio", { name: "Sums" }).check({ force: true });
  await question.fill(FOREIGN);
  await notice.waitFor();
  const events = await runToEnd(lab, 60_000);
  expect(events.find((e) => e.type === "group.started")?.task.prompt).toBe(FOREIGN);
});

test("a question that reads like another domain's is offered there", async () => {
  const lab = await site.open({ device: "wasm" }, still);
  const { page } = lab;
  await modelReady(lab);
  const typed = "What helps against a cold?";
  await page.getByRole("textbox", { name: "Question" }).fill(typed);
  await page.getByRole("button", { name: "Ask it in Advice" }).click();
  expect(await page.getByRole("radio", { name: "Advice" }).isChecked()).toBe(true);
  expect(await page.getByRole("textbox", { name: "Question" }).inputValue()).toBe(typed);
});
