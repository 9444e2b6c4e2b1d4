/** @file What a look at a machine found, check by check, in words for whoever prepares it. Looks at nothing itself. */
import type { ModelState } from "../../lab/protocol.ts";
import { bytes } from "../numbers.ts";
import { modelName } from "../model-name.ts";

export interface Check {
  readonly name: string;
  /** `fair`: it works, with less than there could be. */
  readonly state: "good" | "fair" | "bad";
  readonly text: string;
}

/** Nothing that a class would stumble over. */
export function isPrepared(checks: readonly Check[]): boolean {
  return checks.every(({ state }) => state !== "bad");
}

/** @param why a sentence for wasm; `null` where it was chosen. */
export function graphicsCheck(model: ModelState, why: string | null): Check {
  const name = "Graphics";
  if (model.phase !== "ready") return { name, state: "bad", text: "No model runs here, so nothing can be said." };
  const { device } = model.record;
  if (device !== "webgpu") {
    return { name, state: "fair", text: why ?? "The processor (wasm), as chosen. WebGPU was not tried." };
  }
  const adapter = [model.adapter?.vendor, model.adapter?.architecture].filter(
    (word) => word !== undefined && word !== "",
  );
  return { name, state: "good", text: `WebGPU${adapter.length === 0 ? "" : ` on ${adapter.join(" ")}`}.` };
}

/** @param needed bytes still to come. @param storage `null`: the browser does not say. */
export function roomCheck(storage: { readonly usage: number; readonly quota: number } | null, needed: number): Check {
  const name = "Room";
  if (storage === null) return { name, state: "fair", text: "The browser does not say how much room there is." };
  const free = Math.max(0, storage.quota - storage.usage);
  if (needed > free) {
    const text = `${bytes(needed)} are to come, and the browser lends ${bytes(free)} more. Free space on the disk, or choose a smaller bundle.`;
    return { name, state: "bad", text };
  }
  const text = needed === 0 ? `${bytes(free)} more than is needed.` : `${bytes(needed)} of ${bytes(free)} are needed.`;
  return { name, state: "good", text };
}

export function keepingCheck(persisted: boolean): Check {
  const text = persisted
    ? "The browser promised not to clear the models by itself."
    : "The browser may clear the models when the disk gets full. Install the page or bookmark it, then prepare again.";
  return { name: "Keeping", state: persisted ? "good" : "fair", text };
}

/** @param webgpu models run on it here. */
export function offlineCheck(
  offline: { readonly ready: boolean; readonly gpu: boolean; readonly problem: string | null },
  webgpu: boolean,
): Check {
  const name = "Offline";
  if (!offline.ready) return { name, state: "bad", text: offline.problem ?? "The page is not kept yet." };
  if (!webgpu || offline.gpu) return { name, state: "good", text: "The page opens and runs without a network." };
  const text = "The page opens without a network, and runs on the processor: what WebGPU needs could not be kept.";
  return { name, state: "fair", text };
}

/** @param wanted titles. @param absent of those, what did not come, and why. */
export function modelsCheck(
  wanted: readonly string[],
  absent: readonly { readonly title: string; readonly why: string }[],
): Check {
  const name = "Models";
  if (absent.length > 0) {
    return { name, state: "bad", text: absent.map(({ title, why }) => `${title}: ${why}`).join(" ") };
  }
  const text =
    wanted.length === 0 ? "Those of this page." : `Those of this page, ${wanted.join(", ")}; every file verified.`;
  return { name, state: "good", text };
}

/** Each load tests whether the model is computed rightly. @param role what it was loaded as. */
export function selfTestCheck(role: "Policy" | "Judge", model: ModelState): Check {
  if (model.phase === "failed") return { name: role, state: "bad", text: model.failure.message };
  if (model.phase !== "ready") return { name: role, state: "bad", text: "It could not be loaded." };
  const { id, device } = model.record;
  const place = device === "webgpu" ? "WebGPU" : "the processor";
  return { name: role, state: "good", text: `${modelName(id)} passes its self-test on ${place}.` };
}
