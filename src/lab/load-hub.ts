/** @file A hub model as the Lab's policy or judge: its files from the store, fetched first if need be, checked again as they are read; then as any other. */
import { ModelError, type ModelFile } from "../cat/models.ts";
import { isBesideGraph } from "../engine/model-files.ts";
import { findVariant } from "../models/catalogue.ts";
import type { DownloadedModel } from "../models/download.ts";
import { fetchManifest } from "../models/manifest.ts";
import { variantKey } from "../models/hub-key.ts";
import { sha256OfFile } from "../models/sha256.ts";
import { checkHash, verifyFile } from "../models/verify-file.ts";
import { dropFile, keepModel, keptModel, modelParts, openKeptFile } from "../store/model-files.ts";
import { entryOf } from "./hub-files.ts";
import { knownModels } from "./known-models.ts";
import type { HubModels } from "./hub-models.ts";
import { chooseDevice, loadOnDevice, type LoadedModel } from "./load-model.ts";
import type { DeviceChoice } from "./protocol.ts";
import type { Fetched, LoadOptions } from "./start-model.ts";

/**
 * Where `auto` means WebGPU and these weights fail on it, others of the same model that are here are tried before the processor is.
 * @param key see hub-key.ts @throws as `loadModel`, and {ModelError} `storage`
 */
export async function loadHub(
  key: string,
  models: Pick<HubModels, "download">,
  choice: DeviceChoice,
  base: string,
  options: LoadOptions,
): Promise<LoadedModel> {
  const manifest = await fetchManifest(new URL("models/manifest.json", base));
  const load = async (one: string, on: DeviceChoice) => {
    const fetched = await fetchHub(one, models, base, options);
    return loadOnDevice(fetched, null, { manifest, choice: on, base, options });
  };
  const others = choice === "auto" ? await siblings(key, base) : [];
  if (others.length === 0 || (await chooseDevice(choice)).device !== "webgpu") return load(key, choice);
  for (const one of [key, ...others]) {
    try {
      const loaded = await load(one, "webgpu");
      return one === key ? loaded : { ...loaded, why: "other-dtype" };
    } catch (error) {
      options.stop.throwIfAborted();
      if (!(error instanceof ModelError) || !["self-test-failed", "model-unsupported"].includes(error.code))
        throw error;
    }
  }
  return load(key, choice);
}

/** Other weights of a model that are here, the best for a graphics processor without half precision first. */
async function siblings(key: string, base: string): Promise<readonly string[]> {
  const { model, variant } = findVariant(await knownModels(base), key);
  const others = model.variants.filter(({ dtype }) => dtype !== variant.dtype).map(({ dtype }) => dtype);
  const here: string[] = [];
  for (const dtype of others) if ((await keptFiles(variantKey(model.id, dtype))) !== null) here.push(dtype);
  const rank = (dtype: string) => Number(dtype.endsWith("16"));
  return here.toSorted((a, b) => rank(a) - rank(b)).map((dtype) => variantKey(model.id, dtype));
}

/** Its files, for whatever part it plays. @throws as {@link loadHub} */
export async function fetchHub(
  key: string,
  models: Pick<HubModels, "download">,
  base: string,
  { progress, stop }: LoadOptions,
): Promise<Fetched> {
  const catalogue = await knownModels(base);
  const fetchMissing = () =>
    models.download(key, base, stop, (now) => {
      progress({ phase: "downloading", ...now });
    });
  let files = await keptFiles(key);
  if (files === null) {
    await fetchMissing();
    files = await keptFiles(key);
  }
  if (files === null) throw gone(key);
  progress({ phase: "starting" });
  const read = await readFiles(files).catch(async (error: unknown) => {
    // What was damaged here is fetched anew, alone; what is damaged then is an error.
    if (!(error instanceof ModelError) || error.code !== "file-damaged") throw error;
    await fetchMissing();
    return readFiles(files);
  });
  const note = await keptModel(key);
  if (note !== null) await keepModel({ ...note, usedAt: new Date().toISOString() }, []);
  const entry = entryOf(findVariant(catalogue, key), files, note?.commit ?? null);
  return { entry, files: read, reload: () => readFiles(files) };
}

/** `null` unless all are here in their full length. */
async function keptFiles(key: string): Promise<readonly ModelFile[] | null> {
  const note = await keptModel(key);
  if (note === null) return null;
  for (const { bytes, sha256 } of note.files) if ((await modelParts.wholeBytes(sha256)) !== bytes) return null;
  return note.files;
}

/** What lies beside the graph stays on disk: it may be gigabytes. @throws {ModelError} `file-damaged`: then the damaged file is gone */
async function readFiles(files: readonly ModelFile[]): Promise<DownloadedModel> {
  const bytes = new Map<string, Uint8Array>();
  const onDisk = new Map<string, Blob>();
  for (const file of files) {
    const kept = await openKeptFile(file.sha256);
    try {
      if (isBesideGraph(file.path)) {
        checkHash(file, await sha256OfFile(kept));
        onDisk.set(file.path, kept);
      } else {
        const content = new Uint8Array(await kept.arrayBuffer());
        await verifyFile(file, content);
        bytes.set(file.path, content);
      }
    } catch (error) {
      if (error instanceof ModelError && error.code === "file-damaged") await dropFile(file.sha256);
      throw error;
    }
  }
  return { records: files, bytes, onDisk };
}

function gone(key: string): ModelError {
  return new ModelError("file-missing", `${key} was deleted while it was loaded. Download it again under Models.`);
}
