/** @file A training on WebGPU, through Dawn's software adapter, with a policy small enough for it: over a reload, taken out, loaded back, used in the Lab. */
import { expect, test } from "vitest";
import { modelReady, runToEnd } from "../../scripts/page.ts";
import { serveFixturePolicy } from "./fixture-policy.ts";
import { still, useSite } from "./site.ts";
import { PHASE_MS, press, saved, stands, trainingOf } from "./train-page.ts";

const site = useSite({ webgpu: true });
const CHOICE = "g=8&tasks=2&items=2&evaluate-every=100&kl=0&learning-rate=0.01";

test(
  "the policy learns what most of its answers say, over a reload, and is taken to the Lab",
  { timeout: 400_000 },
  async () => {
    // The page asks for its models as soon as it is open.
    const lab = await site.open({ view: "learn" }, still);
    const { page, context } = lab;
    await serveFixturePolicy(context);
    await page.goto(`${site.url}#train?${CHOICE}&device=webgpu`);
    await page.reload();

    await page.getByRole("button", { name: "Start" }).click();
    await stands(page, /^[1-9]\d* steps? made/);
    await press(page, "Pause");
    await stands(page, /^Paused after/);
    await page.reload();
    await stands(page, /^Paused after/);
    await press(page, "Continue");
    await stands(page, /^(?:[4-9]|\d{2,}) steps made/);
    await press(page, "Pause");
    await stands(page, /^Paused after/);

    const log = await saved(page, /^Log/);
    const { header, steps } = trainingOf(log.bytes.toString());
    expect(header!.models.policy).toMatchObject({ id: "fixture in training", device: "webgpu" });
    expect(header!.adapter).not.toBeNull();
    expect(steps.some(({ event }) => event.gradNorm > 0)).toBe(true);
    // Three digits by chance at first; what the reference says is paid.
    expect(steps.at(-1)!.event.rewardMean!).toBeGreaterThan(steps[0]!.event.rewardMean!);
    expect(steps.at(-1)!.event.entropy!).toBeLessThan(steps[0]!.event.entropy!);

    const zip = await saved(page, /^Policy/);
    await page
      .getByLabel("Saved policies to load")
      .setInputFiles({ name: zip.name, mimeType: "application/zip", buffer: zip.bytes });
    await stands(page, /^Ended after/);
    await page.getByRole("button", { name: "Use in the Lab" }).click();
    await modelReady(lab);
    await page.getByRole("slider", { name: "G, number of answers" }).fill("2");
    const [start, ...events] = await runToEnd(lab, PHASE_MS);
    expect(start).toMatchObject({
      models: {
        policy: { id: expect.stringMatching(/^training:/) as unknown, device: "webgpu" },
        anchor: { id: "fixture" },
      },
    });
    expect(events.at(-1)?.type).toBe("run.finished");
  },
);
