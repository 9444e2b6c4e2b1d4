/** @file Hub models from a stick and onto one: taken from files at hand, given as a zip; verified both ways. Leaves out jobs and notices (hub-models.ts). */
import { ModelError } from "../cat/models.ts";
import type { Catalogue } from "../models/catalogue.ts";
import { type Progress, ProgressMeter } from "../models/progress-meter.ts";
import type { Room } from "../models/room.ts";
import { takeFiles } from "../models/take-files.ts";
import { keepModel, keptModel, modelParts, openKeptFile } from "../store/model-files.ts";
import { findModels, type FoundFile, type FoundModel } from "./found-models.ts";
import { partNames, wantedFiles } from "./hub-files.ts";
import { typedModel } from "./known-models.ts";
import { type FileAtHand, HUB, type ModelZip } from "./protocol.ts";
import { carriedModels } from "./zip-note.ts";

/** Also what no catalogue here has, if its zip says what it is. @throws {ModelError} as `findModels`, `carriedModels`, and `file-damaged` for what is no zip */
export async function findAtHand(files: readonly FileAtHand[], catalogue: Catalogue): Promise<FoundModel[]> {
  const found: FoundFile[] = [];
  for (const { path, file } of files) {
    if (!/\.zip$/i.test(path)) found.push({ path, content: file });
    else found.push(...(await (await import("./zip-files.ts")).filesInZip(path, file)));
  }
  const carried = await carriedModels(found, catalogue);
  return findModels(found, { ...catalogue, models: [...carried, ...catalogue.models] });
}

/**
 * Until a model is here, verified by what the catalogue says of its files, else by what was found when it was fetched here, else by what its zip says,
 * else trusted this once.
 * @throws {ModelError} as `takeFiles`
 */
export async function takeModel(
  model: FoundModel,
  room: Room,
  stop: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<void> {
  const before = await keptModel(model.key);
  const wanted = await wantedFiles(model, HUB, before?.files ?? []);
  const files = wanted.flatMap((file) => {
    const content = model.files.get(file.path);
    const said = model.said.find(({ path }) => path === file.path);
    const { bytes, sha256 } = file.sha256 === null && said !== undefined ? said : file;
    return content === undefined ? [] : [{ ...file, bytes: file.bytes ?? bytes, sha256, content }];
  });
  const now = () => performance.now();
  const taken = await takeFiles(files, { store: modelParts, room, stop, now, onProgress });
  const { revision } = model.model;
  const savedAt = before?.savedAt ?? new Date().toISOString();
  const { commit = null, usedAt = null } = before ?? {};
  const note = { model: model.key, revision, commit, savedAt, usedAt, files: taken };
  await keepModel(note, await partNames(model));
}

/** @throws {ModelError} `file-missing` if it is not here, and as `modelZip` */
export async function exportModel(
  key: string,
  stop: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<ModelZip> {
  const model = await keptModel(key);
  if (model === null) throw new ModelError("file-missing", `${key} is not here any more. Fetch or import it first.`);
  const { modelZip } = await import("./model-zip.ts");
  const total = model.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const none = model.files.map(() => 0);
  const meter = new ProgressMeter(total, none, () => performance.now(), onProgress);
  const zip = await modelZip(model, {
    entry: await typedModel(key),
    open: openKeptFile,
    stop,
    reached: (index, bytes) => {
      meter.reach(index, bytes);
    },
  });
  return { name: `${key.replaceAll(/[/@]/g, "--")}.zip`, zip };
}
