/** @file What a training needs besides its choices, ready to be used. How it is loaded: load-training.ts. */
import type { Item } from "../bench/item.ts";
import type { CodeRunner, LanguageModel } from "../cat/models.ts";
import type { Task } from "../cat/types.ts";
import type { AdapterRecord } from "../run/event.ts";
import type { NoticeSource } from "./notices.ts";
import type { DeviceChoice, TrainingChoice } from "./protocol.ts";
import type { Trainee } from "./trainee.ts";

export interface TrainingPlace {
  readonly device: DeviceChoice;
  /** Address of the page's folder. */
  readonly base: string;
}

export interface LoadedTraining extends NoticeSource {
  /** Another one after {@link renew}. */
  readonly trainee: Trainee;
  readonly judge: LanguageModel | null;
  readonly runner: CodeRunner;
  /** Label-free. */
  readonly tasks: readonly Task[];
  /** Held-out. */
  readonly items: readonly Item[];
  readonly adapter: AdapterRecord | null;
  /** All of it again on a new device, with the weights of the start. @throws {ModelError} `device-lost` if there is none to be had */
  renew(): Promise<void>;
  /** Frees what is not needed in a pause. */
  rest(): void;
  dispose(): Promise<void>;
}

/** @throws {ModelError} when it cannot be had on the chosen device; `auto` falls back to wasm before that. The reason of `stop` */
export type LoadTraining = (
  choice: TrainingChoice,
  place: TrainingPlace,
  options: { readonly progress: (loadedBytes: number, totalBytes: number) => void; readonly stop: AbortSignal },
) => Promise<LoadedTraining>;
