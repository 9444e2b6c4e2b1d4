/** @file What there is of hub models, for the page: kept, begun, and how much room is left; and whether the kept files are still what they were. */
import { probeFit } from "../engine/device.ts";
import { type DeviceFit, PROCESSOR } from "../models/dtype-fit.ts";
import { sha256OfFile } from "../models/sha256.ts";
import { dropFile, type KeptModel, keptModel, listKeptModels, modelParts, openKeptFile } from "../store/model-files.ts";
import { partNames, runnableVariants } from "./hub-files.ts";
import { knownModels } from "./known-models.ts";
import { loadReports } from "./load-reports.ts";
import type { KeptHubModel, ModelsReport } from "./protocol.ts";

/** Asked once: a browser may take a second to answer, and answers the same. */
let device: Promise<DeviceFit> | undefined;

/** @throws {ModelError} `storage`, `file-missing`, `file-damaged` */
export async function reportModels(base: string): Promise<ModelsReport> {
  device ??= probeFit().catch(() => PROCESSOR);
  const { typed, ...catalogue } = await knownModels(base);
  const notes = await listKeptModels();
  const kept = await Promise.all(notes.map((note) => keptReport(note, notes)));
  const begun = await Promise.all(
    runnableVariants(catalogue)
      .filter(({ key }) => !notes.some(({ model }) => model === key))
      .map(async (variant) => {
        const parts = await Promise.all((await partNames(variant)).map((name) => modelParts.look(name)));
        return { model: variant.key, bytes: (await Promise.all(parts.map(bytesOf))).reduce((sum, n) => sum + n, 0) };
      }),
  );
  const { usage, quota } = await navigator.storage.estimate();
  const storage = usage === undefined || quota === undefined ? null : { usage, quota };
  const loads = await loadReports();
  return {
    catalogue,
    typed,
    device: await device,
    kept,
    begun: begun.filter(({ bytes }) => bytes > 0),
    loads,
    storage,
  };
}

/** @returns paths of damaged or missing files; damaged ones are thrown away */
export async function verifyModel(model: string): Promise<readonly string[]> {
  const bad: string[] = [];
  for (const { path, bytes, sha256 } of (await keptModel(model))?.files ?? []) {
    if ((await modelParts.wholeBytes(sha256)) === bytes && (await sha256OfFile(await openKeptFile(sha256))) === sha256)
      continue;
    bad.push(path);
    await dropFile(sha256);
  }
  return bad;
}

async function keptReport(note: KeptModel, all: readonly KeptModel[]): Promise<KeptHubModel> {
  const others = new Set(
    all.filter((other) => other !== note).flatMap(({ files }) => files.map(({ sha256 }) => sha256)),
  );
  const sizes = await Promise.all(note.files.map(({ sha256 }) => modelParts.wholeBytes(sha256)));
  const sum = (files: KeptModel["files"]) => files.reduce((total, { bytes }) => total + bytes, 0);
  const { model, commit, savedAt, usedAt, files } = note;
  return {
    ...{ model, commit, savedAt, usedAt },
    bytes: sum(files),
    sharedBytes: sum(files.filter(({ sha256 }) => others.has(sha256))),
    missing: files.filter(({ bytes }, i) => sizes[i] !== bytes).map(({ path }) => path),
  };
}

async function bytesOf({ size, whole }: { readonly size: number; readonly whole: string | null }): Promise<number> {
  return size + (whole === null || size > 0 ? 0 : ((await modelParts.wholeBytes(whole)) ?? 0));
}
