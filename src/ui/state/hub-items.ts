/** @file The catalogue as lines to show: each variant that can run here with what is known of it, and where it stands. */
import {
  bestDtype,
  type DeviceFit,
  type DownloadState,
  type KeptHubModel,
  type LoadReport,
  type ModelsReport,
  obstacle,
} from "../../lab/protocol.ts";

type CatalogueModel = ModelsReport["catalogue"]["models"][number];

/** One thing that can be fetched. */
export interface HubItem {
  /** "owner/name@dtype". */
  readonly key: string;
  readonly model: CatalogueModel;
  readonly dtype: string;
  /** Of several, the weights to take on this device where nobody chose. */
  readonly best: boolean;
  /** Why these weights would not run well on this device; `null` when they should. */
  readonly obstacle: string | null;
  /** Its id was typed by the visitor. */
  readonly typed: boolean;
  readonly aboutBytes: number;
  readonly kept: KeptHubModel | null;
  /** Bytes of a download that was left on its way. */
  readonly begunBytes: number;
  /** What came of loading it here; `null`: nobody did. */
  readonly loads: LoadReport | null;
}

/** Prompt and answer of one rollout, for estimates. */
export const ESTIMATE_TOKENS = 2048;

/** In catalogue order. @param device where the visitor wants models to run, if it is not what the report says */
export function hubItems(report: ModelsReport, device: DeviceFit = report.device): HubItem[] {
  const { catalogue, typed, kept, begun, loads } = report;
  return catalogue.models
    .filter(({ notRunnable }) => notRunnable === null)
    .flatMap((model) =>
      model.variants.map(({ dtype, aboutBytes }) => {
        const key = `${model.id}@${dtype}`;
        const begunBytes = begun.find((one) => one.model === key)?.bytes ?? 0;
        return {
          key,
          model,
          dtype,
          best: model.variants.length > 1 && dtype === bestDtype(dtypesOf(model), device),
          obstacle: obstacle(dtype, device),
          typed: typed.includes(model.id),
          aboutBytes,
          kept: kept.find((one) => one.model === key) ?? null,
          begunBytes,
          loads: loads.find((one) => one.id === model.id && one.dtype === dtype) ?? null,
        };
      }),
    );
}

function dtypesOf({ variants }: CatalogueModel): string[] {
  return variants.map(({ dtype }) => dtype);
}

/** Weights, and keys and values of G rollouts at once; what the device needs besides is not in it. */
export function memoryBytes({ model, dtype, aboutBytes }: HubItem, groupSize: number): number {
  const bytesPerNumber = dtype.endsWith("f16") ? 2 : 4;
  return aboutBytes + (model.cacheNumbersPerToken ?? 0) * bytesPerNumber * ESTIMATE_TOKENS * groupSize;
}

/** All its files are here. */
export function isWhole({ kept }: HubItem): boolean {
  return kept !== null && kept.missing.length === 0;
}

/** A download, an import or an export is. */
export function isGoingOn(state: DownloadState | undefined): boolean {
  return ["asking", "running", "importing", "exporting"].includes(state?.phase ?? "");
}
