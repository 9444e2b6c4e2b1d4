/** @file A model on a server as the Lab's policy or judge: asked one short question first, so that what is wrong with it is said before a run. Nothing is loaded here. */
import { PLAIN_GENERATION } from "../models/generation.ts";
import { fetchManifest } from "../models/manifest.ts";
import { checkServer } from "../served/check-server.ts";
import type { ServedPlace } from "../served/place.ts";
import { ServedModel } from "../served/served-model.ts";
import { type LoadedJudge, loadJudge } from "./load-judge.ts";
import { chooseDevice, type LoadedModel } from "./load-model.ts";
import type { DeviceChoice } from "./protocol.ts";
import { type SharedRuntime, shareRuntime } from "./shared-runtime.ts";
import { type LoadOptions, startOrFallBack } from "./start-model.ts";

/** @param choice where a judge runs that is no served one @throws {ServerError}; the reason of `stop` */
export async function loadServedPolicy(
  place: ServedPlace,
  choice: DeviceChoice,
  base: string,
  options: LoadOptions,
): Promise<LoadedModel> {
  const model = await reach(place, options);
  let shared: SharedRuntime | null = null;
  return {
    ...{ model, anchor: null, domains: [], why: null, ...PLAIN_GENERATION },
    // A server that is gone is noticed by the run that asks it, and may come back.
    lost: new Promise(() => undefined),
    onNotice(listener) {
      model.onNotice(listener);
    },
    async loadJudge(judgeOptions, fetch) {
      const manifest = await fetchManifest(new URL("models/manifest.json", base));
      const { device } = await chooseDevice(choice);
      const { started } = await startOrFallBack({ choice, device }, shareRuntime);
      shared?.leave();
      shared = started;
      return loadJudge({ manifest, base, choice, runtime: started.runtime }, judgeOptions, fetch);
    },
    dispose() {
      shared?.leave();
      shared = null;
      return Promise.resolve();
    },
  };
}

/** @throws as {@link loadServedPolicy} */
export async function loadServedJudge(place: ServedPlace, options: LoadOptions): Promise<LoadedJudge> {
  const model = await reach(place, options);
  return {
    ...{ model, domains: [], why: null },
    onNotice(listener) {
      model.onNotice(listener);
    },
    dispose: () => Promise.resolve(),
  };
}

async function reach(place: ServedPlace, { progress, stop }: LoadOptions): Promise<ServedModel> {
  progress({ phase: "checking" });
  await checkServer(place, () => performance.now(), stop);
  return new ServedModel(place);
}
