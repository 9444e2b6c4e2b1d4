/** @file A trained policy as the Lab's: its graph with its weights, and beside it the policy that it was as its anchor. */
import { embeddedPolicy, fetchManifest } from "../models/manifest.ts";
import { loadOnDevice, type LoadedModel } from "./load-model.ts";
import type { DeviceChoice } from "./protocol.ts";
import { type Fetched, fetchTrainable, type LoadOptions } from "./start-model.ts";
import { trainedFiles } from "./trained-files.ts";
import type { TrainedPolicy } from "./trainings.ts";

/** @param policy of that training @throws as `loadModel` */
export async function loadTrained(
  id: string,
  policy: TrainedPolicy,
  choice: DeviceChoice,
  base: string,
  options: LoadOptions,
): Promise<LoadedModel> {
  const manifest = await fetchManifest(new URL("models/manifest.json", base));
  const start = await fetchTrainable(base, manifest, policy.domain, options);
  const files = await trainedFiles(start.files, policy.weights);
  const { entry } = start;
  // Known answers are those of the start.
  const own = { ...entry, id, revision: null, dtype: "fp32", selfTest: undefined, files: [...files.records] };
  const trained: Fetched = { entry: own, files, reload: () => Promise.resolve(files) };
  const anchor = { ...start, entry: embeddedPolicy(manifest, policy.domain) };
  return loadOnDevice(trained, anchor, { manifest, choice, base, options });
}
