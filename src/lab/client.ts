/** @file The page's end of the lab worker: posts commands, hands notices on, pairs calls with their answers, makes the frames that programs run in. Holds no state of a run. */
import type {
  Change,
  Command,
  DeviceChoice,
  DownloadState,
  Failure,
  FileAtHand,
  HubPlace,
  ImportedRun,
  ModelsCommand,
  ModelsReport,
  ModelState,
  ModelZip,
  Notice,
  PromptPlace,
  RoleChoice,
  RunRequest,
  RunSummary,
  ServedPlace,
  ServerReport,
  TokenLook,
  TokenQuestion,
  TrainingCommand,
  TrainingState,
} from "./protocol.ts";
import type { LoggedEvent } from "../run/event.ts";
import { answerFrames, documentFrames } from "../sandbox/frame-host.ts";
import workerAddress from "./lab.worker.ts?worker&url";
import { startWorker } from "./start-worker.ts";

/** What the page wants to hear. Called in the order of the notices. */
export interface LabListener {
  /** Of the policy, which is the anchor too. */
  model(state: ModelState): void;
  judge(state: ModelState): void;
  /** Of a hub model on its way. */
  download(model: string, state: DownloadState): void;
  events(run: string, events: readonly LoggedEvent[]): void;
  unsaved(run: string, failure: Failure): void;
  /** The run has ended without its last event. Not called when the worker died: then the model has failed. */
  lost(run: string, failure: Failure): void;
  /** Its events come as those of a run. */
  training(training: string, state: TrainingState): void;
  /** There is no worker, or it died, and whatever it was training with it. */
  gone(failure: Failure): void;
}

/** Outside a secure context there is no hash, no storage and no WebGPU: nothing of this page would work. */
function insecureOrigin(): Failure | null {
  if (isSecureContext) return null;
  const message = `Browsers lend a page storage, hashes and WebGPU only over https or from this machine, and this page came from ${location.origin}. Open it over https, or serve it on this machine and open it at http://localhost.`;
  return { code: "insecure-origin", message };
}

/** Rejection of a library call. */
export class LabError extends Error {
  readonly code: Failure["code"];
  constructor(failure: Failure) {
    super(failure.message);
    this.name = "LabError";
    this.code = failure.code;
  }
}

/** Of a run or a training; in the order of time. */
export function newId(): string {
  const mark = crypto.getRandomValues(new Uint16Array(1))[0]!.toString(16).padStart(4, "0");
  return `${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${mark}`;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class LabClient {
  /** `undefined` until there is something to do, and after it died. */
  #worker: Worker | undefined;
  readonly #insecure = insecureOrigin();
  readonly #listener: LabListener;
  readonly #pending = new Map<number, Pending>();
  readonly #frames = answerFrames(documentFrames());
  #calls = 0;
  #roles: RoleChoice | null = null;

  /** The first command starts the worker; the first after its death starts another. Ends with {@link dispose}. */
  constructor(listener: LabListener) {
    this.#listener = listener;
  }

  /** Loads a policy; progress and outcome come as `model` notices. A model already loaded is kept. @param served where it is, if it is on a server */
  load(model: string, device: DeviceChoice, served: ServedPlace | null = null): void {
    const place = served === null ? {} : { served };
    if (this.#insecure !== null) this.#listener.model({ phase: "failed", failure: this.#insecure });
    else this.#post({ type: "model.load", model, device, base: this.#base, ...place });
  }

  /** Who plays anchor and judge from now on, also in a worker that takes the place of one that died. */
  choose(roles: RoleChoice): void {
    this.#roles = roles;
    if (this.#worker !== undefined) this.#post({ type: "roles.choose", roles });
  }

  /** Asks a server whether it would do. @throws LabError */
  async check(place: ServedPlace): Promise<ServerReport> {
    return (await this.#call((call) => ({ type: "server.check", call, place }))) as ServerReport;
  }

  /** Loads the judge ahead of the first open question. Nothing happens when it is there or on its way; without a policy neither. */
  loadJudge(): void {
    if (this.#insecure === null) this.#post({ type: "judge.load" });
  }

  /** Where a prompt belongs in the embedded models' small world. Needs no model. */
  async place(prompt: string): Promise<PromptPlace> {
    return (await this.#call((call) => ({ type: "prompt.place", call, prompt }))) as PromptPlace;
  }

  /** What else the loaded policy could have said at each token. @throws LabError without a model, or if another one wrote the rollout. */
  async look(question: TokenQuestion): Promise<TokenLook> {
    return (await this.#call((call) => ({ type: "tokens.look", call, question }))) as TokenLook;
  }

  /** Starts a run once the model is ready. @returns the run's id, under which its events come. */
  start(request: RunRequest): string {
    const run = newId();
    this.#post({ type: "run.start", run, request });
    return run;
  }

  /** Stops the run in progress; its log ends with `run.stopped`. Nothing happens when none is. */
  stop(): void {
    this.#post({ type: "run.stop" });
  }

  /**
   * A person's change of a run that has ended; its events come to the listener first.
   * @param log the run as the page has it, for one that is not kept.
   * @returns whether the run's file has it too. @throws LabError
   */
  async change(run: string, log: string, change: Change): Promise<boolean> {
    return (await this.#call((call) => ({ type: "run.change", call, run, log, change }))) as boolean;
  }

  /** The kept runs, newest first. */
  async list(): Promise<readonly RunSummary[]> {
    return (await this.#call((call) => ({ type: "runs.list", call }))) as readonly RunSummary[];
  }

  /** The whole file of one kept run, as JSON lines. */
  async read(run: string): Promise<string> {
    return (await this.#call((call) => ({ type: "runs.read", call, run }))) as string;
  }

  async remove(run: string): Promise<void> {
    await this.#call((call) => ({ type: "runs.remove", call, run }));
  }

  /** Puts a removed run back: the same id, the same text. */
  async restore(run: string, text: string): Promise<void> {
    await this.#call((call) => ({ type: "runs.restore", call, run, text }));
  }

  /** Keeps a run file from elsewhere. @throws LabError naming the line that is not valid. */
  async import(text: string): Promise<ImportedRun> {
    return (await this.#call((call) => ({ type: "runs.import", call, text }))) as ImportedRun;
  }

  /** What is answered by notices alone. */
  train(command: Exclude<TrainingCommand, { call: number }>): void {
    if (this.#insecure !== null) this.#listener.gone(this.#insecure);
    else this.#post(command);
  }

  /** What is answered once. @returns as the protocol says of that command. @throws LabError */
  askTraining(command: (call: number) => Extract<TrainingCommand, { call: number }>): Promise<unknown> {
    return this.#call(command);
  }

  /** Where hub models come from, from now on. */
  fetchFrom(place: HubPlace): void {
    this.#post({ type: "models.place", place });
  }

  async models(): Promise<ModelsReport> {
    return (await this.#call((call) => ({ type: "models.list", call, base: this.#base }))) as ModelsReport;
  }

  /** Looks a hub model up and lists it. @throws LabError saying why it would not do */
  async lookUp(id: string): Promise<void> {
    await this.#call((call) => ({ type: "models.lookUp", call, id }));
  }

  /** Takes a model that was looked up off the list. */
  async forgetModel(id: string): Promise<void> {
    await this.#call((call) => ({ type: "models.forget", call, id }));
  }

  /** Begins a download or goes on with it; how it goes comes as `download`. */
  download(model: string): void {
    this.#post({ type: "models.download", model, base: this.#base });
  }

  pauseDownload(model: string): void {
    this.#post({ type: "models.pause", model });
  }

  async cancelDownload(model: string): Promise<void> {
    await this.#call((call) => ({ type: "models.cancel", call, model, base: this.#base }));
  }

  /** @returns paths of damaged files, which are gone now. */
  async verifyModel(model: string): Promise<readonly string[]> {
    return (await this.#call((call) => ({ type: "models.verify", call, model }))) as readonly string[];
  }

  /** Folders and zips of models, verified and kept. @returns the models that are here now. @throws LabError naming the file */
  async importModels(files: readonly FileAtHand[]): Promise<readonly string[]> {
    return (await this.#call((call) => ({
      type: "models.import",
      call,
      files,
      base: this.#base,
    }))) as readonly string[];
  }

  /** @returns a zip in the layout of the hub, of verified files; `null` if it was stopped. @throws LabError naming a damaged one */
  async exportModel(model: string): Promise<ModelZip | null> {
    return (await this.#call((call) => ({ type: "models.export", call, model }))) as ModelZip | null;
  }

  async removeModel(model: string): Promise<void> {
    await this.#call((call) => ({ type: "models.remove", call, model }));
  }

  dispose(): void {
    this.#end(new Error("the lab was closed"));
  }

  #open(): Worker {
    const worker = startWorker(workerAddress, import.meta.url, "lab");
    worker.onmessage = (message: MessageEvent<Notice>) => {
      this.#receive(message.data);
    };
    worker.onerror = (event) => {
      if (this.#worker !== worker) return; // a second error of one that has been replaced
      const message = `The worker could not start or stopped (${event.message || "no reason given"}). Reload the page.`;
      const failure: Failure = { code: "unexpected", message };
      this.#end(new LabError(failure));
      this.#listener.model({ phase: "failed", failure });
      this.#listener.judge({ phase: "absent" });
      this.#listener.gone(failure);
    };
    return worker;
  }

  /** A worker that is gone answers no call. */
  #end(reason: Error): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#frames.closeAll();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  /** Address of the page's folder, which a worker cannot know. */
  get #base(): string {
    return new URL(".", document.baseURI).href;
  }

  #post(command: Command | ModelsCommand): void {
    if (this.#worker === undefined) {
      this.#worker = this.#open();
      if (this.#roles !== null)
        this.#worker.postMessage({ type: "roles.choose", roles: this.#roles } satisfies Command);
    }
    this.#worker.postMessage(command);
  }

  #call(command: (call: number) => Command | ModelsCommand): Promise<unknown> {
    if (this.#insecure !== null) return Promise.reject(new LabError(this.#insecure));
    const call = ++this.#calls;
    return new Promise((resolve, reject) => {
      this.#pending.set(call, { resolve, reject });
      this.#post(command(call));
    });
  }

  #receive(notice: Notice): void {
    switch (notice.type) {
      case "model":
        this.#listener[notice.role === "policy" ? "model" : "judge"](notice.state);
        return;
      case "events":
        this.#listener.events(notice.run, notice.events);
        return;
      case "download":
        this.#listener.download(notice.model, notice.state);
        return;
      case "training":
        this.#listener.training(notice.training, notice.state);
        return;
      case "unsaved":
        this.#listener.unsaved(notice.run, notice.failure);
        return;
      case "run.lost":
        this.#listener.lost(notice.run, notice.failure);
        return;
      case "frame":
        this.#frames.take(notice.request);
        return;
      case "answer":
      case "refused": {
        const pending = this.#pending.get(notice.call);
        this.#pending.delete(notice.call);
        if (notice.type === "answer") pending?.resolve(notice.value);
        else pending?.reject(new LabError(notice.failure));
      }
    }
  }
}
