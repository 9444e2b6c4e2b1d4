/** @file A training on a page in Chromium, on wasm or WebGPU: what is kept of it comes back here. */
import type { RunEvent } from "../src/run/event.ts";
import { onBenchPage } from "./bench-page.ts";
import type { KeptText, TrainHere } from "./bench-page/train-here.ts";
import { itemFiles, trainingPrompts } from "./embedded.ts";
import { type Kept, type Progress, settingsOf, type TrainSettings, type Watcher } from "./train-from.ts";

export async function trainOnPage(
  device: "wasm" | "webgpu",
  from: TrainSettings | Kept,
  steps: number,
  { onEvent, keep }: Watcher,
): Promise<Progress> {
  const { domain } = settingsOf(from);
  const request: TrainHere = {
    device,
    steps,
    from: "progress" in from ? asText(from) : from,
    files: await itemFiles(domain),
    prompts: await trainingPrompts(domain),
  };
  return onBenchPage(device, async (page) => {
    await page.exposeFunction("trainEvent", (event: RunEvent) => {
      onEvent(event);
    });
    await page.exposeFunction("trainKeep", ({ progress, weights, optimizer }: KeptText) =>
      keep({
        progress,
        checkpoint: { weights: Buffer.from(weights, "base64"), optimizer: Buffer.from(optimizer, "base64") },
      }),
    );
    return page.evaluate((given) => globalThis.trainHere(given), request);
  });
}

function asText({ progress, checkpoint: { weights, optimizer } }: Kept): KeptText {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  return { progress, weights: text(weights), optimizer: text(optimizer) };
}
