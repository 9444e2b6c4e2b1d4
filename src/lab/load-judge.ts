/** @file A judge of the page or of a hub, beside a policy that is loaded: its load onto the policy's device. On a server: load-served.ts. */
import { browserRuntime } from "../engine/page-runtime.ts";
import type { Runtime } from "../engine/runtime.ts";
import { embeddedJudge, type Manifest } from "../models/manifest.ts";
import type { LabModel } from "./load-model.ts";
import type { NoticeSource } from "./notices.ts";
import type { DeviceChoice } from "./protocol.ts";
import { startReported } from "./report-load.ts";
import { type Fetched, fetchFiles, type LoadOptions, startOrFallBack, type Why } from "./start-model.ts";

export interface LoadedJudge extends NoticeSource {
  readonly model: LabModel;
  readonly domains: readonly string[];
  readonly why: Why;
  /** Frees the weights, never the policy's device. Call before the policy is freed, once no run uses it. */
  dispose(): Promise<void>;
}

/** What a judge is loaded beside. */
export interface JudgeHost {
  readonly manifest: Manifest;
  /** Address of the page's folder. */
  readonly base: string;
  readonly choice: DeviceChoice;
  /** The policy's: ONNX Runtime takes one GPU device. */
  readonly runtime: Runtime;
}

/** Brings the files of another judge than the page's own. */
export type FetchJudge = (base: string) => Promise<Fetched>;

/** @throws {ModelError} `no-judge`, and as the policy's load; the reason of `stop` */
export async function loadJudge(
  { manifest, base, choice, runtime }: JudgeHost,
  options: LoadOptions,
  fetch: FetchJudge = () => fetchFiles(base, embeddedJudge(manifest), options),
): Promise<LoadedJudge> {
  const fetched = await fetch(base);
  const device = runtime.device === "webgpu" ? "webgpu" : "wasm";
  const { started, why } = await startOrFallBack({ choice, device }, async (on) => {
    const own = on === runtime.device ? runtime : await browserRuntime(on);
    return { own, model: await startReported(own, fetched, options) };
  });
  const { own, model } = started;
  const onNotice: NoticeSource["onNotice"] = (listener) => {
    own.onNotice = listener;
  };
  return { model, domains: fetched.entry.domains, why, onNotice, dispose: () => model.dispose() };
}
