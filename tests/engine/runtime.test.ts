/** @file A runtime whose device is lost: renewed once for all who ask; where that fails it stays so, and nothing waits for ever. */
import { expect, test } from "vitest";
import { ModelError } from "../../src/cat/models.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { type EngineNotice, type OpenDevice, Runtime } from "../../src/engine/runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { randomLlama } from "./random-llama.ts";

const { ort } = await nodeRuntime();

/** As far as a runtime knows a device. */
function device(vendor = "made up"): OpenDevice {
  const gpu = { lost: new Promise(() => undefined), addEventListener: () => undefined, destroy: () => undefined };
  return {
    gpu: gpu as unknown as GPUDevice,
    adapter: { vendor, architecture: "", description: "", isFallback: false },
  };
}

test("all who ask for a new device get one and the same, with everything made again once", async () => {
  let opened = 0;
  const runtime = await Runtime.onGpu(ort, () => Promise.resolve(device(`made up ${Math.sign(++opened)}`)));
  const said: EngineNotice["code"][] = [];
  runtime.onNotice = ({ code }) => said.push(code);
  const log: string[] = [];
  const noting = (word: string) => () => Promise.resolve(void log.push(word));
  runtime.renewables.add({ release: noting("release"), rebuild: noting("rebuild") });
  await Promise.all([runtime.renew(0), runtime.renew(0)]);
  await runtime.renew(0);
  expect({ opened, said, log, generation: runtime.generation }).toEqual({
    ...{ opened: 2, said: ["device-renewed"], log: ["release", "rebuild"], generation: 1 },
  });
});

test("where something cannot be made again, or the device is of another kind, it stays so", async () => {
  const failing = async (vendors: string[], rebuild: () => Promise<void>): Promise<Runtime> => {
    const runtime = await Runtime.onGpu(ort, () => Promise.resolve(device(vendors.shift())));
    runtime.renewables.add({ release: () => Promise.resolve(), rebuild });
    return runtime;
  };
  const gone = () => Promise.reject(new ModelError("device-lost", "gone for good"));
  for (const runtime of [await failing(["a", "a"], gone), await failing(["a", "b"], () => Promise.resolve())]) {
    await expect(runtime.renew(0)).rejects.toMatchObject({ code: "device-lost" });
    const again = runtime.renew(runtime.generation);
    await expect(again).rejects.toBe(await runtime.gone);
  }
});

test("a session that is on no device says so at once", async () => {
  const runtime = await nodeRuntime();
  const session = await Session.create(runtime, randomLlama());
  for (const renewable of runtime.renewables) await renewable.release();
  const lost = { code: "device-lost", message: expect.stringContaining("Load the model again") as string };
  await expect(session.forward([[1, 2]], session.emptyKv())).rejects.toMatchObject(lost);
});
