/** @file Pictures of the Train view for docs/img: before a training, and one of sixty steps, at three widths, light and dark. Its scores are those of the lab book's first training of sums; its steps are made up, as in tests. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { strToU8, zipSync } from "fflate";
import { safetensorsFile } from "../../src/engine/safetensors-writer.ts";
import { formatEvent } from "../../src/run/lines.ts";
import { MadeTraining } from "../../tests/run/made-training.ts";
import { openLab } from "../page.ts";
import { shootWhole } from "./stages.ts";

const WIDTHS = [360, 1280, 1920] as const;
const LOOKS = ["light", "dark"] as const;
/** By steps made. */
const SCORES = new Map([
  [20, 0.77],
  [40, 0.834],
  [60, 0.86],
]);

/** @returns the names of the files. */
export async function shootTrainings(browser: Browser, url: string, folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  const file = { name: "policy.zip", mimeType: "application/zip", buffer: Buffer.from(policyZip()) };
  for (const colorScheme of LOOKS) {
    for (const width of WIDTHS) {
      const context = { viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" } as const;
      const lab = await openLab(browser, url, { view: "train" }, { context, withoutEngine: true });
      const { page } = lab;
      const shoot = async (name: string) => {
        await page.mouse.move(0, 0);
        await page.waitForTimeout(300);
        await shootWhole(page, join(folder, name));
        names.push(name);
      };
      await page.getByText("None yet.").waitFor();
      await shoot(`train-start-${width}-${colorScheme}.png`);
      await page.getByLabel("Saved policies to load").setInputFiles(file);
      await page.getByRole("heading", { name: "Ended after 60 steps" }).waitFor();
      await shoot(`train-${width}-${colorScheme}.png`);
      await lab.context.close();
    }
  }
  return names;
}

/** As the page would have saved it, with weights that nobody will ask. */
function policyZip(): Uint8Array {
  const made = new MadeTraining({ tasks: 8, evaluateEvery: 20 }).lines(0.458, 0.78, 0.7, 0.93, 0.025);
  for (let step = 0; step < 60; step++) {
    // From one figure to another, with a little unrest that is the same each time.
    const [done, unrest] = [step / 60, Math.sin(7 * step) / 20];
    const rewardMean = 0.46 + 0.38 * Math.sqrt(done) + unrest;
    made.step(step, {
      rewardMean,
      kl: 0.05 * done,
      meanTokens: 42 - 4 * done + 10 * unrest,
      entropy: 0.6 - 0.3 * done,
    });
    const score = SCORES.get(step + 1);
    if (score !== undefined) made.score(step + 1, score, 0.025);
  }
  return zipSync({
    "training.jsonl": strToU8(made.log.map(formatEvent).join("")),
    "model.safetensors": safetensorsFile({ none: { shape: [1], data: new Float32Array(1) } }),
  });
}
