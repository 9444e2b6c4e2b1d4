/** @file Joins the page's state: settings, model, library, the run on the stage, and the worker's client. Draws nothing. */
import { createContext } from "svelte";
import { LabClient } from "../../lab/client.ts";
import type { RunSummary } from "../../lab/protocol.ts";
import { parseRun } from "../../run/lines.ts";
import { heldOutProblems } from "./held-out.ts";
import { LabModel } from "./lab-model.svelte.ts";
import { Library } from "./library.svelte.ts";
import { fetchRecorded, fetchText, type Recorded } from "./recorded.ts";
import { RunView } from "./run-view.svelte.ts";
import { Settings } from "./settings.svelte.ts";

export interface Note {
  readonly id: number;
  readonly text: string;
}

export class Lab {
  readonly settings = new Settings();
  readonly model = new LabModel(() => this.#worker());
  readonly library = new Library(() => this.#worker());
  /** The run on the stage; `null` before there is any. */
  stage = $state.raw<RunView | null>(null);
  /** The last run of this page, on the stage or not. */
  live = $state.raw<RunView | null>(null);
  notes = $state.raw<readonly Note[]>([]);
  /** A run is going on. One whose worker died never ends by itself, hence the look at the model. */
  readonly running = $derived(this.live !== null && !this.live.complete && this.model.state.phase !== "failed");
  #starting = false;
  /** A recorded run is being fetched. */
  fetching = $state(false);
  /** Makes safe DOM of a model's text; `null` until loaded. */
  render = $state.raw<((text: string) => DocumentFragment) | null>(null);
  /** The recorded runs that came with the page; empty until fetched. */
  recorded = $state.raw<readonly Recorded[]>([]);
  #client: LabClient | undefined;
  #rendererAsked = false;
  #notes = 0;

  /** Starts the worker and the model; not before the first paint, which must not wait for it. */
  begin(): void {
    this.model.load(this.settings.device);
  }

  /** Takes over what a link says: into the settings, and whatever has to follow them. */
  followLink(hash: string): void {
    const { settings } = this;
    for (const problem of settings.follow(hash)) this.say(problem);
    if (settings.view === "runs") void this.library.refresh();
    if (settings.item !== null && settings.prompt === "") void this.#fetchPrompt(settings.item);
    const another = settings.device !== this.model.choice;
    if (another && this.#client !== undefined && !this.running) this.model.load(settings.device);
  }

  /** Starts a run of what is set. The model must be ready. */
  async start(): Promise<void> {
    if (this.running || this.#starting) return;
    this.#starting = true;
    const { prompt, domain, seed, groupSize } = this.settings;
    const item = await this.#heldOutItem();
    this.#starting = false;
    const request = { prompt: prompt.trim(), kind: "math" as const, domain, item, seed, groupSize };
    const view = new RunView(this.#worker().start(request), "live");
    this.live = view;
    this.show(view);
  }

  stop(): void {
    this.#client?.stop();
  }

  /** Puts a run on the stage. */
  show(view: RunView): void {
    if (this.stage !== view && this.stage !== this.live) this.stage?.dispose();
    else this.stage?.pause();
    this.stage = view;
  }

  /** Opens a kept run on the stage. */
  async open(summary: RunSummary): Promise<void> {
    if (this.live?.id === summary.id) this.show(this.live);
    else {
      const text = await this.library.read(summary.id);
      if (text === null) return;
      const { events, problem } = parseRun(text);
      if (problem !== null) this.say(`This run can be shown only in part: ${problem}.`);
      this.show(RunView.of(summary.id, "kept", events));
    }
    location.hash = this.settings.hashOf("lab");
  }

  /**
   * Puts a recorded run on the stage, unless something else came there meanwhile. Without any, the stage stays as it is.
   * @param file of {@link recorded}; the first one when left out.
   */
  async showRecorded(play: boolean, file?: string): Promise<void> {
    const before = this.stage;
    this.fetching = true;
    try {
      if (this.recorded.length === 0) this.recorded = await fetchRecorded();
      const chosen = this.recorded.find((r) => r.file === file) ?? this.recorded[0];
      if (chosen === undefined) return;
      const { events } = parseRun(await fetchText(`recorded/${chosen.file}`));
      if (events.length === 0 || this.stage !== before) return;
      const view = RunView.of(chosen.file, "recorded", events, chosen.why);
      view.speed = view.comfortableSpeed();
      this.show(view);
      if (play) view.play();
    } catch {
      // A page without recorded runs works all the same.
    } finally {
      this.fetching = false;
    }
  }

  /** Throws the dice: a random held-out problem as the question. */
  async throwDice(): Promise<void> {
    try {
      const problems = await heldOutProblems();
      const problem = problems[Math.floor(Math.random() * problems.length)];
      if (problem === undefined) return;
      this.settings.ask(problem.prompt);
      this.settings.item = problem.index;
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  say(text: string): void {
    this.notes = [...this.notes, { id: ++this.#notes, text }];
  }

  dismiss(note: Note): void {
    this.notes = this.notes.filter((n) => n !== note);
  }

  dispose(): void {
    this.stage?.dispose();
    this.live?.dispose();
    this.#client?.dispose();
  }

  /** The prompt of a held-out problem that a link names by its number alone. */
  async #fetchPrompt(index: number): Promise<void> {
    try {
      const problems = await heldOutProblems();
      const problem = problems[index];
      if (this.settings.item !== index || this.settings.prompt !== "") return;
      if (problem !== undefined) this.settings.prompt = problem.prompt;
      else {
        this.settings.item = null;
        this.say(`There is no held-out problem ${index}; they go from 0 to ${problems.length - 1}.`);
      }
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** The held-out problem that the question is, if it still is that problem word for word. */
  async #heldOutItem(): Promise<{ id: string; index: number } | null> {
    const { item, prompt } = this.settings;
    if (item === null) return null;
    const problem = await heldOutProblems().then(
      (problems) => problems[item],
      () => undefined,
    );
    if (problem?.prompt === prompt) return { id: problem.id, index: problem.index };
    this.settings.item = null;
    this.say(`Held-out problem ${item} reads differently, so this run counts as your own question.`);
    return null;
  }

  /** Fetches what sets maths and lists; texts stay plain without it. Not before the worker has answered: the engine goes first. */
  async #loadRenderer(): Promise<void> {
    if (this.#rendererAsked) return;
    this.#rendererAsked = true;
    try {
      this.render = (await import("../rich-text.ts")).render;
    } catch {
      this.#rendererAsked = false; // the next notice asks again
    }
  }

  #worker(): LabClient {
    this.#client ??= new LabClient({
      model: (state) => {
        this.model.state = state;
        void this.#loadRenderer();
      },
      events: (run, events) => {
        if (this.live?.id !== run) return;
        this.live.push(events);
        if (this.live.complete && this.library.runs !== null) void this.library.refresh();
      },
      unsaved: (_, failure) => {
        this.say(`This run could not be kept: ${failure.message} Export it if you need it.`);
      },
    });
    return this.#client;
  }
}

export const [getLab, setLab] = createContext<Lab>();
