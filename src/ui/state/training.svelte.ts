/**
 * @file Trainings as the Train view has them: the choices of the next one, the one that is shown, the kept ones. Asks the worker, hears what comes of
 * it, and keeps the screen awake meanwhile. Trains nothing and draws nothing.
 */
import * as v from "valibot";
import { type LabClient, type LabListener, newId } from "../../lab/client.ts";
import type {
  Failure,
  SavedTraining,
  TrainingAnswers,
  TrainingPhase,
  TrainingState,
  TrainingSummary,
} from "../../lab/protocol.ts";
import { WakeLock } from "../../lab/wake-lock.ts";
import type { LoggedEvent } from "../../run/event.ts";
import { ChoiceForm } from "./choice-form.svelte.ts";
import { kept } from "./kept.ts";
import { saveFile } from "./library.svelte.ts";
import { OpenTraining } from "./open-training.svelte.ts";
import type { Settings } from "./settings.svelte.ts";

/** Larger files are refused before they are read: a policy of this page has ten. */
const LARGEST_FILE = 300e6;

/** Where a reload finds the training that was shown. */
const last = kept("sessionStorage", "cat-lab.training", v.nullable(v.string()), null);

interface Waiting {
  readonly training: OpenTraining;
  readonly wanted: (phase: TrainingPhase) => boolean;
  readonly done: () => void;
  readonly failed: (error: Error) => void;
}

export type SaveAs = "hub" | "onnx" | "run";

export class TrainingDesk implements Pick<LabListener, "training" | "events" | "unsaved" | "gone"> {
  readonly form = new ChoiceForm();
  /** On the screen; `null`: the choices are. */
  shown = $state.raw<OpenTraining | null>(null);
  /** In the worker, on the screen or not. */
  live = $state.raw<OpenTraining | null>(null);
  /** What the shown one is compared with. */
  other = $state.raw<OpenTraining | null>(null);
  /** Newest first; `null` until first listed. */
  kept = $state.raw<readonly TrainingSummary[] | null>(null);
  /** Why the last action failed; `null` when it did not. */
  problem = $state<string | null>(null);
  /** What is being made to take away. */
  saving = $state<SaveAs | null>(null);
  /** The one that was loaded back last: its row is marked. */
  loaded = $state<string | null>(null);
  readonly #client: () => LabClient;
  readonly #settings: Settings;
  readonly #awake = new WakeLock();
  /** Died with its worker: what its file says is to be read again. */
  #lost: OpenTraining | null = null;
  #waiting: readonly Waiting[] = [];

  constructor(client: () => LabClient, settings: Settings) {
    this.#client = client;
    this.#settings = settings;
  }

  /** As the page begins: the list, and what was on the screen before a reload. */
  async begin(): Promise<void> {
    const id = last.read();
    await this.refresh();
    if (id !== null && this.shown === null && this.kept?.some((one) => one.id === id) === true) await this.open(id);
  }

  /** A new one, by the choices. Nothing happens while something is wrong with them. */
  async start(): Promise<void> {
    const { choice } = this.form;
    if (choice === null) return;
    this.#show(new OpenTraining(newId(), choice));
    await this.goOn();
  }

  /** Lets the shown one go on. @param steps `null`: until it is paused */
  async goOn(steps: number | null = null): Promise<void> {
    await this.#attempt("It cannot go on", async (shown) => {
      await this.#bring(shown);
      this.#client().train({ type: "training.run", steps });
    });
  }

  /** The step that is under way is given up, and comes again to the same numbers. */
  pause(): void {
    if (this.live === null) return;
    this.live.asked = "pause";
    this.#client().train({ type: "training.pause" });
  }

  /** Pauses the shown one if it goes on, and waits for that. */
  async rest(): Promise<void> {
    const { shown } = this;
    if (shown === null || shown !== this.live || !shown.busy) return;
    const rested = this.#until(shown, (phase) => phase === "paused" || phase === "ended");
    this.pause();
    await rested.catch(() => undefined);
    shown.flush();
  }

  /** To a checkpoint of the shown one. */
  async back(step: number): Promise<void> {
    await this.#attempt("It cannot go back", async (shown) => {
      await this.#bring(shown);
      shown.asked = "back";
      this.#client().train({ type: "training.back", step });
    });
  }

  /** For good, after a last evaluation. */
  async end(): Promise<void> {
    await this.#attempt("It cannot be ended", async (shown) => {
      await this.#bring(shown);
      shown.asked = "end";
      this.#client().train({ type: "training.end" });
    });
  }

  /** What the policy says to a prompt, as it started and now. Loads it, if need be. `null` (and {@link problem}) where it cannot. */
  ask(prompt: string): Promise<TrainingAnswers | null> {
    return this.#attempt("The two cannot be asked", async (shown) => {
      await this.#bring(shown);
      await this.#until(shown, (phase) => phase !== "loading");
      const answers = await this.#client().askTraining((call) => ({ type: "training.answers", call, prompt }));
      return answers as TrainingAnswers;
    });
  }

  async refresh(): Promise<void> {
    try {
      this.kept = (await this.#client().askTraining((call) => ({ type: "trainings.list", call }))) as TrainingSummary[];
    } catch (error) {
      this.#say("The kept trainings cannot be listed", error);
    }
  }

  /** Puts a kept one on the screen. It is not loaded before it is wanted. */
  async open(id: string): Promise<void> {
    const opened = await this.#read(id);
    if (opened !== null) this.#show(opened);
  }

  /** Beside the shown one; `null`: none. */
  async compare(id: string | null): Promise<void> {
    this.other = id === null ? null : await this.#read(id);
  }

  /** Back to the choices; what goes on goes on. */
  close(): void {
    this.#show(null);
  }

  /** With all of its checkpoints, for good. */
  async remove(id: string): Promise<void> {
    this.problem = null;
    try {
      await this.#client().askTraining((call) => ({ type: "trainings.remove", call, training: id }));
      if (this.shown?.id === id) this.#show(null);
      if (this.other?.id === id) this.other = null;
      if (this.live?.id === id) this.#setLive(null);
    } catch (error) {
      this.#say("The training cannot be deleted", error);
    }
    await this.refresh();
  }

  /** Makes a file of the shown one and hands it to the browser. */
  async save(as: SaveAs): Promise<void> {
    this.saving = as;
    await this.#attempt("It cannot be saved", async ({ id }) => {
      const base = pageFolder();
      const made = await this.#client().askTraining((call) => ({
        type: "trainings.save",
        call,
        training: id,
        as,
        base,
      }));
      const { name, bytes } = made as SavedTraining;
      saveFile(name, new Blob([bytes], { type: as === "hub" ? "application/zip" : "application/octet-stream" }));
    });
    this.saving = null;
  }

  /** Keeps hub zips that were saved before, and shows the last of them. */
  async load(files: Iterable<File>): Promise<void> {
    this.problem = null;
    let id: string | null = null;
    for (const file of files) {
      try {
        if (file.size > LARGEST_FILE)
          throw new Error(`It has ${Math.round(file.size / 1e6)} MB; at most 300 are read.`);
        const bytes = await file.arrayBuffer();
        const found = await this.#client().askTraining((call) => ({ type: "trainings.load", call, bytes }));
        ({ id } = found as TrainingSummary);
      } catch (error) {
        this.#say(`“${file.name}” was not loaded`, error);
        break;
      }
    }
    const { problem } = this;
    await this.refresh();
    this.loaded = id;
    if (id !== null) await this.open(id);
    this.problem ??= problem;
  }

  training(id: string, state: TrainingState): void {
    const one = this.#find(id);
    if (one === null) return;
    const before = one.phase;
    one.tell(state);
    if (this.live === one) this.#hold();
    this.#settle(one, state);
    const rests = state.phase === "paused" || state.phase === "ended" || state.phase === "failed";
    if (rests && before !== state.phase) void this.refresh();
  }

  events(id: string, events: readonly LoggedEvent[]): void {
    this.#find(id)?.push(events);
  }

  unsaved(id: string, failure: Failure): void {
    const one = this.#find(id);
    if (one !== null) one.unsaved = failure.message;
  }

  gone(failure: Failure): void {
    const { live } = this;
    if (live === null) return;
    this.#lost = live;
    const { checkpoints = [], device = null, kept: isKept = true } = live.state ?? {};
    const state: TrainingState = { phase: "failed", failure, device, kept: isKept, checkpoints };
    live.tell(state);
    this.#settle(live, state);
    this.#setLive(null);
  }

  /** Into the worker, where it may be already. Another one that goes on there is paused. */
  async #bring(training: OpenTraining): Promise<void> {
    const { id } = training;
    if (this.#lost === training) {
      this.#lost = null;
      if (training.log.header !== undefined) training.reread(await this.#text(id));
    }
    // What goes on stays where it is; what failed may do better elsewhere.
    if (this.live !== training || training.phase === "failed") training.device = this.#settings.device;
    this.#setLive(training);
    const { choice, device } = training;
    const begun = training.log.header !== undefined;
    const place = { training: id, device, base: pageFolder() };
    if (begun || choice === null) this.#client().train({ type: "training.continue", ...place });
    else this.#client().train({ type: "training.start", choice, ...place });
  }

  /** Until the worker says such a phase. @throws if it fails */
  #until(training: OpenTraining, wanted: Waiting["wanted"]): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting = [...this.#waiting, { training, wanted, done, failed }];
    });
  }

  #settle(training: OpenTraining, { phase, failure }: TrainingState): void {
    const met = (one: Waiting) => one.training === training && (phase === "failed" || one.wanted(phase));
    for (const { done, failed } of this.#waiting.filter(met)) {
      if (phase === "failed") failed(new Error(failure?.message));
      else done();
    }
    this.#waiting = this.#waiting.filter((one) => !met(one));
  }

  #find(id: string): OpenTraining | null {
    return [this.live, this.shown, this.other].find((one) => one?.id === id) ?? null;
  }

  #show(training: OpenTraining | null): void {
    this.shown = training;
    if (this.other !== null && this.other.id === training?.id) this.other = null;
    last.write(training?.id ?? null);
  }

  #setLive(training: OpenTraining | null): void {
    this.live = training;
    this.#hold();
  }

  #hold(): void {
    if (this.live?.busy === true) this.#awake.hold();
    else this.#awake.release();
  }

  /** One that is open already is that one: what goes on has more than its file. */
  async #read(id: string): Promise<OpenTraining | null> {
    this.problem = null;
    const open = this.#find(id);
    if (open !== null) return open;
    try {
      const read = OpenTraining.read(id, await this.#text(id));
      if (read.problem !== null) this.problem = `This training can be shown only in part: ${read.problem}.`;
      return read;
    } catch (error) {
      this.#say("The training cannot be opened", error);
      return null;
    }
  }

  async #text(id: string): Promise<string> {
    return (await this.#client().askTraining((call) => ({ type: "trainings.read", call, training: id }))) as string;
  }

  /** With the shown one; `null` (and {@link problem}) when it fails. */
  async #attempt<T>(what: string, action: (shown: OpenTraining) => Promise<T>): Promise<T | null> {
    const { shown } = this;
    if (shown === null) return null;
    this.problem = null;
    try {
      return await action(shown);
    } catch (error) {
      this.#say(what, error);
      return null;
    }
  }

  #say(what: string, error: unknown): void {
    this.problem = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function pageFolder(): string {
  return new URL(".", document.baseURI).href;
}
