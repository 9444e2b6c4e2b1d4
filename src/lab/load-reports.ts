/** @file What came of loading models, noted for a report that the visitor may hand on (models/load-report.ts). Who loads is in report-load.ts. */
import { dependencies, version } from "../../package.json" with { type: "json" };
import type { Runtime } from "../engine/runtime.ts";
import { variantKey } from "../models/hub-key.ts";
import { type Load, type LoadReport, parseLoadReport, withLoad } from "../models/load-report.ts";
import { loadTexts } from "../store/model-texts.ts";

type Place = Pick<Runtime, "device" | "adapter">;
type Found = Pick<Load, "selfTest" | "failure" | "ms">;

/** Of all models that were tried in this browser. @throws {ModelError} `storage` */
export async function loadReports(): Promise<LoadReport[]> {
  return (await loadTexts.list()).map(parseLoadReport).filter((report) => report !== null);
}

/** In the place of the last on that device. Never rejects: a report that cannot be kept is no reason to lose a model. */
export async function noteLoad(entry: Omit<LoadReport, "loads">, place: Place, found: Found): Promise<void> {
  const { id, dtype, revision, files } = entry;
  try {
    const key = variantKey(id, dtype);
    const before = await loadTexts.read(key);
    const model = { id, dtype, revision, files };
    const report = withLoad(before === null ? null : parseLoadReport(before), model, loadOn(place, found));
    await loadTexts.keep(key, JSON.stringify(report));
  } catch {
    // No room, or no storage at all.
  }
}

function loadOn({ device, adapter }: Place, found: Found): Load {
  return {
    date: new Date().toISOString().slice(0, 10),
    app: `CaT Lab ${version}`,
    browser: navigator.userAgent,
    libraries: {
      "onnxruntime-web": dependencies["onnxruntime-web"],
      "@huggingface/transformers": dependencies["@huggingface/transformers"],
    },
    device,
    adapter,
    ...found,
  };
}
