/** @file The same run on WebGPU, through Dawn's software adapter. One run only: a step takes it near half a second. */
import { expect, test } from "vitest";
import { type LabPage, modelReady, runToEnd } from "../../scripts/page.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { useSite } from "./site.ts";

const site = useSite({ webgpu: true });
const link = { prompt: "What is the square root of 16?", seed: 1, groupSize: 3 } as const;

/** A margin below this may fall the other way on another device: float32 sums in another order. */
const CLOSE = 1e-3;

type Finished = Extract<LoggedEvent, { type: "rollout.finished" }>;

async function rollouts(
  lab: LabPage,
): Promise<{ header: LoggedEvent; finished: Finished[]; last: string | undefined }> {
  await modelReady(lab);
  const events = await runToEnd(lab, 170_000);
  const finished = events.filter((event): event is Finished => event.type === "rollout.finished");
  return { header: events[0]!, finished: finished.sort((a, b) => a.rollout - b.rollout), last: events.at(-1)?.type };
}

test("a run on WebGPU ends, says where it ran, and draws what wasm draws", { timeout: 400_000 }, async () => {
  const gpu = await rollouts(await site.open({ ...link, device: "webgpu" }));
  expect(gpu.last).toBe("run.finished");
  expect(gpu.header).toMatchObject({
    models: { policy: { device: "webgpu" } },
    adapter: { vendor: expect.any(String) as string, isFallback: expect.any(Boolean) as boolean },
  });
  const wasm = await rollouts(await site.open({ ...link, device: "wasm" }));
  expect(gpu.finished.length).toBe(3);
  let identical = 0;
  for (const [i, rollout] of gpu.finished.entries()) {
    const other = wasm.finished[i]!;
    const at = rollout.tokenIds.findIndex((id, step) => id !== other.tokenIds[step]);
    if (at >= 0) expect(rollout.margins[at]).toBeLessThan(CLOSE);
    else identical++;
    for (let step = 0; step < (at < 0 ? rollout.tokenIds.length : at); step++) {
      expect(rollout.logprobs[step]).toBeCloseTo(other.logprobs[step]!, 3);
    }
  }
  expect(identical).toBeGreaterThanOrEqual(gpu.finished.length - 1);
});

test("a software adapter is not chosen where the choice is the page's", async () => {
  const lab = await site.open({ ...link, groupSize: 1, device: "auto" });
  await modelReady(lab);
  const [header] = await runToEnd(lab, 60_000);
  expect(header).toMatchObject({ adapter: null, models: { policy: { device: "wasm" } } });
  await lab.page.getByText("only a software graphics adapter").waitFor({ timeout: 2000 });
});
