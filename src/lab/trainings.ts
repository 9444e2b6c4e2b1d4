/** @file What the worker does with commands about trainings: one at a time, taking its turn with runs, and the kept ones. What a training does with them is in training-session.ts. */
import { ModelError } from "../cat/models.ts";
import { Turns } from "../cat/turns.ts";
import { fetchManifest } from "../models/manifest.ts";
import { readTrainingLog, removeTraining } from "../store/trainings.ts";
import { failureOf, neverBegan } from "./failure.ts";
import { keepSaved, keptWeights, listKept } from "./kept-trainings.ts";
import type { LoadTraining } from "./loaded-training.ts";
import type { Domain, Notice, SavedTraining, TrainingCommand } from "./protocol.ts";
import { choiceOf } from "./training-header.ts";
import { readTraining } from "./training-progress.ts";
import { type SessionParts, TrainingSession } from "./training-session.ts";

export interface TrainingsParts {
  readonly post: (notice: Notice) => void;
  readonly load: LoadTraining;
  /** Until no run is in progress. */
  readonly turn: () => Promise<void>;
}

type Call = Extract<TrainingCommand, { call: number }>;

/** A trained policy, on its way to being the Lab's. */
export interface TrainedPolicy {
  readonly domain: Domain;
  readonly weights: Uint8Array;
}

export class Trainings {
  readonly #parts: TrainingsParts;
  #session: TrainingSession | null = null;
  /** Commands take effect in their order, though a training must be closed before another begins. */
  readonly #order = new Turns();

  constructor(parts: TrainingsParts) {
    this.#parts = parts;
  }

  handle(command: TrainingCommand): void {
    switch (command.type) {
      case "training.start":
      case "training.continue":
        void this.#order.take(() => this.#open(command));
        return;
      case "training.run":
        void this.#order.take(() => this.#session?.run(command.steps));
        return;
      case "training.pause":
        void this.#order.take(() => void this.#session?.pause());
        return;
      case "training.back":
        void this.#order.take(() => this.#session?.back(command.step));
        return;
      case "training.end":
        void this.#order.take(() => this.#session?.end());
        return;
      default:
        void this.#answer(command);
    }
  }

  /** For a run that begins. @returns once nothing is under way; the visitor lets it go on */
  async giveWay(): Promise<void> {
    const message = "Paused, since a run was started in the Lab. Let it go on when the run has ended.";
    await this.#order.take(() => this.#session?.pause({ type: "notice", code: "paused-for-run", message }));
  }

  /** As it is now, or as it is kept. @throws {ModelError} `storage`, `run-invalid`; `unexpected` before its first checkpoint */
  async policy(id: string): Promise<TrainedPolicy> {
    const header = readTraining(firstLine(await this.#text(id))).progress.header;
    if (header === null) throw new ModelError("run-invalid", `Training ${id} has no start. Choose another.`);
    const weights = this.#session?.id === id ? await this.#session.weights() : await keptWeights(id);
    return { domain: choiceOf(header).domain, weights };
  }

  /** One that is in progress stays as it is, unless another device is wanted. */
  async #open(command: Extract<TrainingCommand, { type: "training.start" | "training.continue" }>): Promise<void> {
    const { training: id, device, base } = command;
    if (this.#session?.id === id && this.#session.device === device) {
      this.#session.tell();
      return;
    }
    await this.#session?.close();
    this.#session = null;
    const place = { device, base };
    if (command.type === "training.start") {
      this.#session = TrainingSession.begin(id, command.choice, place, this.#sessionParts(id));
      this.#session.run(null);
      return;
    }
    try {
      this.#session = await TrainingSession.resume(id, place, this.#sessionParts(id));
    } catch (error) {
      this.#parts.post({ type: "training", training: id, state: neverBegan(failureOf(error)) });
    }
  }

  #sessionParts(id: string): SessionParts {
    const { post, load, turn } = this.#parts;
    const listener: SessionParts["listener"] = {
      state(state) {
        post({ type: "training", training: id, state });
      },
      events(events) {
        post({ type: "events", run: id, events });
      },
      unsaved(error) {
        post({ type: "unsaved", run: id, failure: failureOf(error) });
      },
    };
    return { load, turn, now: () => performance.now(), listener };
  }

  async #answer(command: Call): Promise<void> {
    const { call } = command;
    const { post } = this.#parts;
    try {
      // What was asked for before may still be closing.
      await this.#order.take(() => undefined);
      post({ type: "answer", call, value: await this.#valueOf(command) });
    } catch (error) {
      post({ type: "refused", call, failure: failureOf(error) });
    }
  }

  async #valueOf(command: Call): Promise<unknown> {
    switch (command.type) {
      case "training.answers":
        if (this.#session !== null) return this.#session.answers(command.prompt);
        throw new ModelError("unexpected", "No training is loaded. Start or continue one, then ask again.");
      case "trainings.list":
        return listKept((id) => this.#text(id));
      case "trainings.read":
        return this.#text(command.training);
      case "trainings.remove":
        return this.#order.take(() => this.#remove(command.training));
      case "trainings.save":
        return this.#save(command);
      case "trainings.load": {
        const { readHubZip } = await import("./save-training.ts");
        return keepSaved(readHubZip(new Uint8Array(command.bytes)));
      }
    }
  }

  #text(id: string): Promise<string> {
    return this.#session?.id === id ? this.#session.text() : readTrainingLog(id);
  }

  async #remove(id: string): Promise<void> {
    if (this.#session?.id === id) {
      await this.#session.close();
      this.#session = null;
    }
    await removeTraining(id);
  }

  async #save({ training: id, as, base }: Extract<Call, { type: "trainings.save" }>): Promise<SavedTraining> {
    const log = await this.#text(id);
    const name = `cat-lab-training-${id}`;
    if (as === "run") return { name: `${name}.jsonl`, bytes: new TextEncoder().encode(log).buffer };
    const { domain, weights } = await this.policy(id);
    const [{ hubZip, trainedGraph }, { fetchTrainable }] = await Promise.all([
      import("./save-training.ts"),
      import("./start-model.ts"),
    ]);
    const manifest = await fetchManifest(new URL("models/manifest.json", base));
    const options = { progress: () => undefined, stop: new AbortController().signal };
    const { files } = await fetchTrainable(base, manifest, domain, options);
    if (as === "onnx") return { name: `${name}.onnx`, bytes: ownBuffer(await trainedGraph(files, weights)) };
    return { name: `${name}.zip`, bytes: ownBuffer(await hubZip(files, weights, log)) };
  }
}

function firstLine(text: string): string {
  const end = text.indexOf("\n");
  return end === -1 ? text : text.slice(0, end);
}

/** Of just these bytes. */
function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
