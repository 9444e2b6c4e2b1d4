/** @file Pictures of the Train view for docs/img: before a training, and one of sixty steps, at three widths, light and dark. Its figures are of a training that was; its rollouts are left out. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { strToU8, zipSync } from "fflate";
import { safetensorsFile } from "../../src/engine/safetensors-writer.ts";
import type { LoggedEvent, RunEvent } from "../../src/run/event.ts";
import { formatEvent } from "../../src/run/lines.ts";
import { MadeTraining } from "../../tests/run/made-training.ts";
import { openLab } from "../page.ts";
import { ROOT } from "../site.ts";
import { shootWhole } from "./stages.ts";

const WIDTHS = [360, 1280, 1920] as const;
const LOOKS = ["light", "dark"] as const;
/** Of sixty steps of kitten on sums, seed 1, with 24 held-out items. */
const FIGURES = "tests/fixtures/trainings/sums-60-figures.jsonl";

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

/** As the page would have saved it, without its rollouts, and with weights that nobody will ask. */
function policyZip(): Uint8Array {
  const made = new MadeTraining({ tasks: 8, items: 24 });
  for (const line of readFileSync(join(ROOT, FIGURES), "utf8").trimEnd().split("\n")) {
    const event = JSON.parse(line) as Extract<RunEvent, { type: "step" | "evaluation" }>;
    made.add(event.type === "step" ? { ...event, groups: [] } : event);
  }
  const [start, ...rest] = made.log;
  const log = [{ ...start!, groupSize: 8 } as LoggedEvent, ...rest];
  return zipSync({
    "training.jsonl": strToU8(log.map(formatEvent).join("")),
    "model.safetensors": safetensorsFile({ none: { shape: [1], data: new Float32Array(1) } }),
  });
}
