/**
 * @file What the engine runs on: one ONNX Runtime module and, for WebGPU, one device, which is replaced when it is lost. Made by
 * page-runtime.ts or node-runtime.ts; leaves out how.
 */
import type { InferenceSession, Tensor } from "onnxruntime-web/webgpu";
import { ModelError } from "../cat/models.ts";
import type { AdapterRecord } from "../run/event.ts";
import { DeviceLoss } from "./device-loss.ts";
import { GpuErrors } from "./gpu-errors.ts";

/** The part of ONNX Runtime that the engine uses; web and Node modules both fit. */
export interface Ort {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

/** Something that a run did otherwise than asked, and why. */
export interface EngineNotice {
  readonly code: "fewer-rows" | "shorter-answers" | "device-renewed";
  readonly message: string;
}

export interface OpenDevice {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterRecord;
}

/** What lives on a device and is made again on the next. */
export interface Renewable {
  /** Frees what it had there, as far as that goes. */
  release(): Promise<void>;
  /** @throws {ModelError} if it cannot be had again */
  rebuild(): Promise<void>;
}

export class Runtime {
  readonly ort: Ort;
  readonly device: "webgpu" | "wasm" | "node";
  /** Everything that is to be made again on a new device. */
  readonly renewables = new Set<Renewable>();
  /** Settles when the device is lost and no other could be had, with the reason; never without one, nor after {@link dispose}. */
  readonly gone: Promise<ModelError>;
  /** Bytes that weights and caches may take; `null`: what the device's limits say. */
  readonly memoryLimit: number | null;
  /** Called with whatever a run did otherwise than asked. */
  onNotice: ((notice: EngineNotice) => void) | null = null;
  readonly #open: (() => Promise<OpenDevice>) | null;
  #gpu: GPUDevice | null = null;
  #adapter: AdapterRecord | null = null;
  #loss = new DeviceLoss(null);
  #errors = new GpuErrors(null);
  #generation = 0;
  #renewing: Promise<void> | null = null;
  #disposed = false;
  #hangs = false;
  /** Why no other device could be had. */
  #failure: ModelError | null = null;
  #giveUp: (error: ModelError) => void = () => undefined;

  private constructor(
    ort: Ort,
    device: Runtime["device"],
    { open, memoryLimit }: { open: (() => Promise<OpenDevice>) | null; memoryLimit: number | null },
  ) {
    this.ort = ort;
    this.device = device;
    this.memoryLimit = memoryLimit;
    this.#open = open;
    this.gone = new Promise((resolve) => (this.#giveUp = resolve));
  }

  /** @param memoryLimit see {@link Runtime.memoryLimit} */
  static onCpu(ort: Ort, device: "wasm" | "node", memoryLimit: number | null = null): Runtime {
    return new Runtime(ort, device, { open: null, memoryLimit });
  }

  /** @throws as `open`, which is called once for each device */
  static async onGpu(ort: Ort, open: () => Promise<OpenDevice>, memoryLimit: number | null = null): Promise<Runtime> {
    const runtime = new Runtime(ort, "webgpu", { open, memoryLimit });
    runtime.#take(await open());
    return runtime;
  }

  /** The device that sessions, copies and kernels share; `null` unless `device` is `webgpu`. Ask again after each wait: it may be another. */
  get gpu(): GPUDevice | null {
    return this.#gpu;
  }

  /** `null` unless `device` is `webgpu`. */
  get adapter(): AdapterRecord | null {
    return this.#adapter;
  }

  get loss(): DeviceLoss {
    return this.#loss;
  }

  get errors(): GpuErrors {
    return this.#errors;
  }

  /** How many devices there were before this one. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * A new device in place of a lost one, with everything on it made again. Whoever asks meanwhile, or too late, gets the same.
   * @param seen the generation whose device was lost
   * @throws {ModelError} `device-lost` if there is none to be had, or only one of another kind; then it stays so
   */
  renew(seen: number): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    if (this.#generation !== seen) return Promise.resolve();
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  notify(code: EngineNotice["code"], message: string): void {
    this.onNotice?.({ code, message });
  }

  /** Says that a call of ONNX Runtime never ended: no other can be made in this page. */
  hang(): void {
    this.#hangs = true;
  }

  /** Destroys the device. Call once nothing uses it. */
  dispose(): void {
    this.#disposed = true;
    this.#gpu?.destroy();
  }

  async #renew(): Promise<void> {
    try {
      if (this.#disposed || this.#hangs || this.#open === null) throw await this.#loss.happened;
      // ONNX Runtime keeps a device until its last session is released.
      for (const renewable of this.renewables) await renewable.release().catch(() => undefined);
      const opened = await this.#open();
      if (opened.adapter.vendor !== this.#adapter!.vendor || opened.adapter.isFallback !== this.#adapter!.isFallback) {
        // What the self-test proved, it proved of the other.
        opened.gpu.destroy();
        throw new ModelError("device-lost", "The GPU was lost, and only another kind is left. Load the model again.");
      }
      this.#take(opened);
      this.#generation++;
      for (const renewable of this.renewables) await renewable.rebuild();
      this.notify("device-renewed", "The GPU was lost and came back: what was unfinished went on where it was.");
    } catch (error) {
      const message = `The GPU device was lost and cannot be had again: ${error instanceof Error ? error.message : String(error)}`;
      const failure =
        error instanceof ModelError && error.code === "device-lost"
          ? error
          : new ModelError("device-lost", message, { cause: error });
      this.#failure = failure;
      if (!this.#disposed) this.#giveUp(failure);
      throw failure;
    }
  }

  #take({ gpu, adapter }: OpenDevice): void {
    this.#gpu = gpu;
    this.#adapter = adapter;
    this.#loss = new DeviceLoss(gpu);
    this.#errors = new GpuErrors(gpu);
  }
}
