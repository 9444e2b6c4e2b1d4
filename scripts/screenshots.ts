/** @file `npm run screenshots`: the picture of the README, a real finished run, and docs/img, one run of each domain and the Train view (screenshots/stages.ts, trainings.ts); with `--all FOLDER`, every view and domain at three widths, light and dark. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launch } from "./chromium.ts";
import { noWords, optional, parseOptions, runCommand, text } from "./options.ts";
import { type LabPage, modelReady, openLab, runToEnd } from "./page.ts";
import { shootStages, shootWhole } from "./screenshots/stages.ts";
import { shootTrainings } from "./screenshots/trainings.ts";
import { serve } from "./server.ts";
import { buildIfStale, DIST, ROOT } from "./site.ts";

const PROMPTS = {
  sums: "Mia has 14 shells. She buys 3 bags of 4. She gives away 9. How many shells does she have now?",
  lists: "Write a JavaScript function f(list) that keeps the even numbers, squares each and returns the sum.",
  advice: "How to treat a mild flu at home?",
} as const;
type Domain = keyof typeof PROMPTS;
/** No model of a small world knows it. */
const FOREIGN = "Why do quantum computers need entanglement?";
const WIDTHS = [360, 1280, 1920];
const HEIGHT = 900;

interface Look {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

await runCommand(async (argv) => {
  const { values, words } = parseOptions(argv, { all: optional(text("a folder")) });
  noWords(words);
  await buildIfStale();
  const server = await serve(DIST);
  const browser = await launch({ webgpu: false });
  try {
    if (values.all === null) {
      const lab = await finishedRun(browser, server.url, "sums", { width: 1280, colorScheme: "light" });
      await shootWhole(lab.page, join(ROOT, "docs/screenshot.png"));
      console.log("docs/screenshot.png");
      const folder = join(ROOT, "docs/img");
      for (const name of await shootStages(browser, server.url, folder)) console.log(`docs/img/${name}`);
      for (const name of await shootTrainings(browser, server.url, folder)) console.log(`docs/img/${name}`);
      return 0;
    }
    mkdirSync(values.all, { recursive: true });
    for (const width of WIDTHS) {
      for (const colorScheme of ["light", "dark"] as const) {
        const names = await everyView(browser, server.url, { width, colorScheme }, values.all);
        console.log(names.join("\n"));
      }
    }
    return 0;
  } finally {
    await browser.close();
    await server.close();
  }
});

async function finishedRun(browser: Browser, url: string, domain: Domain, look: Look): Promise<LabPage> {
  const link = { view: "lab", prompt: PROMPTS[domain], domain, seed: 1, groupSize: 8, device: "wasm" } as const;
  const lab = await openLab(browser, url, link, { context: contextOf(look) });
  await modelReady(lab);
  await runToEnd(lab, 120_000);
  await lab.page.locator("main[data-source=live]:not([data-status=running])").waitFor();
  // Nothing is pressed in the picture, and fonts and formulas are there.
  await lab.page.mouse.move(0, 0);
  await lab.page.waitForLoadState("networkidle");
  return lab;
}

function contextOf({ width, colorScheme }: Look) {
  return { viewport: { width, height: HEIGHT }, colorScheme, reducedMotion: "reduce" } as const;
}

/** @returns the files, one a view. */
async function everyView(browser: Browser, url: string, look: Look, folder: string): Promise<string[]> {
  const names: string[] = [];
  const shoot = async ({ page }: LabPage, view: string) => {
    const path = join(folder, `${view}-${look.width}-${look.colorScheme}.png`);
    await shootWhole(page, path);
    names.push(path);
  };
  const empty = await openLab(browser, url, { view: "runs" }, { context: contextOf(look) });
  await empty.page.getByText("No runs yet.").waitFor();
  await shoot(empty, "runs-empty");
  await empty.context.close();

  const first = await openLab(browser, url, { view: "lab" }, { context: contextOf(look) });
  await first.page.getByText("recorded", { exact: true }).waitFor();
  await first.page.waitForLoadState("networkidle");
  await shoot(first, "lab-recorded");
  await first.context.close();

  for (const domain of ["lists", "advice"] as const) {
    const lab = await finishedRun(browser, url, domain, look);
    await shoot(lab, `lab-${domain}`);
    await lab.context.close();
  }

  const lab = await finishedRun(browser, url, "sums", look);
  await shoot(lab, "lab-finished");
  await lab.page.getByRole("button", { name: /^Prompts/ }).click();
  await lab.page.getByRole("dialog").waitFor();
  await shoot(lab, "lab-prompts");
  await lab.page.keyboard.press("Escape");
  await lab.page.getByRole("navigation").getByRole("link", { name: "Runs" }).click();
  await lab.page.getByRole("row").nth(1).waitFor();
  await shoot(lab, "runs");
  await lab.page.getByRole("navigation").getByRole("link", { name: "Lab" }).click();
  await lab.page.getByRole("textbox", { name: "Question" }).fill(FOREIGN);
  await lab.page.getByText("Out of its depth").waitFor();
  await shoot(lab, "lab-depth");
  await lab.context.close();

  const failing = await openLab(browser, url, { view: "runs" }, { context: contextOf(look) });
  await failing.context.route("**/models/manifest.json", (route) => route.fulfill({ status: 404 }));
  await failing.page.goto(`${url}#lab?device=wasm`);
  await failing.page.reload();
  await failing.page.getByRole("alert").waitFor();
  await shoot(failing, "lab-failed");
  await failing.context.close();
  return names;
}
