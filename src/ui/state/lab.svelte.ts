/** @file Joins the page's state: settings, model, library, the run on the stage, and the worker's client. Draws nothing. */
import { createContext } from "svelte";
import { LabClient } from "../../lab/client.ts";
import {
  type Domain,
  KIND_OF,
  type ModelState,
  type RunSummary,
  type TokenLook,
  type TokenQuestion,
} from "../../lab/protocol.ts";
import { parseRun } from "../../run/lines.ts";
import { Corrections } from "./corrections.svelte.ts";
import { Depth } from "./depth.svelte.ts";
import { domains } from "./domains.ts";
import { EditedPrompts } from "./edited-prompts.svelte.ts";
import { heldOutProblems } from "./held-out.ts";
import type { HubModels } from "./hub-models.svelte.ts";
import { LabModel } from "./lab-model.svelte.ts";
import { MethodSettings } from "./method-settings.svelte.ts";
import { Library } from "./library.svelte.ts";
import { Predictions } from "./predictions.svelte.ts";
import { fetchRecorded, fetchText, type Recorded } from "./recorded.ts";
import type { Offline } from "./offline.svelte.ts";
import type { Preparation } from "./preparation.svelte.ts";
import type { ServedRoles } from "./served-roles.svelte.ts";
import { RunView } from "./run-view.svelte.ts";
import { SealedKey } from "./sealed-key.svelte.ts";
import { Settings } from "./settings.svelte.ts";
import { Stepping } from "./stepping.svelte.ts";
import { SessionTally } from "./tally.svelte.ts";
import type { TrainingDesk } from "./training.svelte.ts";

export interface Note {
  readonly id: number;
  readonly text: string;
}

export class Lab {
  readonly settings = new Settings();
  readonly model = new LabModel(() => this.worker());
  /** Where the judge stands; it is asked for with the first open question, or ahead of it. */
  judge = $state.raw<ModelState>({ phase: "absent" });
  readonly depth = new Depth((prompt) => this.worker().place(prompt));
  readonly prompts = new EditedPrompts();
  readonly library = new Library(() => this.worker());
  /** How random problems went, as far as their keys were opened. */
  readonly tally = new SessionTally();
  readonly key = new SealedKey(this, () => this.worker(), this.tally);
  /** How the next run rewards. */
  readonly method = new MethodSettings();
  /** What the visitor does with the run on the stage once it has ended. */
  readonly corrections = new Corrections(this, () => this.worker());
  /** The run on the stage; `null` before there is any. */
  stage = $state.raw<RunView | null>(null);
  readonly predictions = new Predictions();
  readonly stepping = new Stepping(this.settings, () => this.stage);
  /** The last run of this page, on the stage or not. */
  live = $state.raw<RunView | null>(null);
  notes = $state.raw<readonly Note[]>([]);
  /** A run is going on. */
  readonly running = $derived(this.live?.going === true || this.stage?.going === true);
  #starting = false;
  /** A recorded run is being fetched. */
  fetching = $state(false);
  /** Makes safe DOM of a model's text; `null` until loaded. */
  render = $state.raw<((text: string) => DocumentFragment) | null>(null);
  /** The recorded runs that came with the page; empty until fetched. */
  recorded = $state.raw<readonly Recorded[]>([]);
  /** A training is going on. */
  training = $state(false);
  /** Models that can be fetched, and those that were. Made with their view, which downloads outlast. */
  hub: HubModels | null = null;
  /** Does the page open without a network? `null` until it was to be kept. */
  offline = $state.raw<Offline | null>(null);
  /** Who plays anchor and judge, where it is not as at first. Made with the same view. */
  roles = $state.raw<ServedRoles | null>(null);
  /** Addresses of the servers that play a part: what is asked goes there. */
  readonly servers = $derived(
    [this.model.served, this.roles?.placeOf("anchor"), this.roles?.placeOf("judge")]
      .flatMap((place) => place?.server ?? [])
      .filter((server, i, all) => all.indexOf(server) === i),
  );
  /** Of this machine for a class; made with the Models view, which it outlasts. */
  preparation: Preparation | null = null;
  /** Made with the Train view, which is loaded when it is first looked at. */
  trainings = $state.raw<TrainingDesk | null>(null);
  #client: LabClient | undefined;
  #rendererAsked = false;
  #notes = 0;
  /** Counts the recorded runs asked for, and the changes of domain: only the last may change the stage. */
  #wanted = 0;

  /** Starts the worker and the model; not before the first paint, which must not wait for it. */
  begin(): void {
    this.model.load(this.settings.device);
    if (this.settings.domain === "advice") this.loadJudge();
  }

  /** Asks for the judge ahead of time. It waits for the policy by itself. */
  loadJudge(): void {
    this.worker().loadJudge();
  }

  /** Keeps the page and its small models for use without a network. Not before the model is ready: its files go first. */
  async keepOffline(): Promise<void> {
    const { Offline } = await import("./offline.svelte.ts");
    this.offline ??= new Offline();
    await this.offline.keep(this.model.state.phase === "ready" && this.model.state.record.device === "webgpu");
  }

  /** The visitor turns to a domain: its question, and on the stage its last run or else a recorded one, unless a run is going on. */
  choose(domain: Domain, play: boolean): void {
    this.settings.choose({ domain });
    this.#arrange(play);
  }

  /** What is chosen has another domain than before. */
  #arrange(play: boolean): void {
    const { domain } = this.settings;
    // A recorded run that is on its way is of the domain of before, and would turn the question bar back to it.
    this.#wanted++;
    this.fetching = false;
    if (domain === "advice" && this.#client !== undefined) this.loadJudge();
    if (this.running || this.stage?.domain === domain) return;
    if (this.live?.domain === domain) this.show(this.live);
    else void this.showRecorded(play);
  }

  /** Takes over what a link says: into the settings, and whatever has to follow them. */
  followLink(hash: string): void {
    const { settings } = this;
    const before = settings.domain;
    const { gate } = settings;
    for (const problem of settings.follow(hash)) this.say(problem);
    this.stepping.follow(gate);
    if (settings.view === "runs") void this.library.refresh();
    if (settings.item !== null && settings.prompt === "") void this.askItem(settings.item);
    const arranged = this.#client !== undefined || this.#wanted > 0;
    if (settings.domain !== before && arranged) this.#arrange(false);
    if (this.#client !== undefined && !this.running) this.#loadChosen();
  }

  /**
   * Starts a run of what is set. The model must be ready.
   * A question that turns out only now to be out of the model's depth is not asked yet: first the visitor is told.
   */
  async start(): Promise<void> {
    if (this.running || this.#starting) return;
    this.#starting = true;
    const { prompt, domain, seed, groupSize } = this.settings;
    const item = await this.#heldOutItem();
    const told = this.depth.knows(prompt);
    await this.depth.look(prompt);
    this.#starting = false;
    if (!told && this.model.small && this.depth.isOutside(prompt)) return;
    this.#loadChosen();
    const kind = KIND_OF[domain];
    const { edits: prompts } = this.prompts;
    const method = this.method.requestFor(kind);
    const request = { prompt: prompt.trim(), kind, domain, item, seed, groupSize, prompts, ...method };
    if (this.training) this.say("The training is paused for this run. It goes on when you let it, under Train.");
    const view = new RunView(this.worker().start(request), "live");
    this.tally.start(view.id, domain, item?.index ?? null);
    this.live = view;
    this.show(view);
  }

  /** What else the policy could have said at each token of a rollout. */
  look(question: TokenQuestion): Promise<TokenLook> {
    return this.worker().look(question);
  }

  stop(): void {
    this.#client?.stop();
  }

  /** Puts a run on the stage, or clears it. */
  show(view: RunView | null): void {
    if (this.stage !== view && this.stage !== this.live) this.stage?.dispose();
    else this.stage?.pause();
    this.stage = view;
    this.stepping.attach(view);
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
    this.#turnTo(this.stage?.domain);
    location.hash = this.settings.hashOf("lab");
  }

  /**
   * Puts a recorded run on the stage, unless something else came there meanwhile. Where there is none, the stage is cleared.
   * @param file of {@link recorded}; the first one of the chosen domain when left out.
   */
  async showRecorded(play: boolean, file?: string): Promise<void> {
    const before = this.stage;
    const mine = ++this.#wanted;
    const overtaken = () => this.#wanted !== mine || this.stage !== before;
    this.fetching = true;
    try {
      if (this.recorded.length === 0) this.recorded = await fetchRecorded();
      if (overtaken()) return;
      const { domain } = this.settings;
      const chosen = this.recorded.find((r) => (file === undefined ? r.domain === domain : r.file === file));
      const events = chosen === undefined ? [] : parseRun(await fetchText(`recorded/${chosen.file}`)).events;
      if (overtaken()) return;
      if (chosen === undefined || events.length === 0) {
        this.show(null);
        return;
      }
      this.#turnTo(chosen.domain);
      const view = RunView.of(chosen.file, "recorded", events, chosen.why);
      view.speed = view.comfortableSpeed();
      this.show(view);
      if (play) view.play();
    } catch {
      // A page without recorded runs works all the same.
      if (!overtaken()) this.show(null);
    } finally {
      if (this.#wanted === mine) this.fetching = false;
    }
  }

  /** Throws the dice: a random held-out problem as the question, run at once if the model is ready. The seed stays. */
  async throwDice(): Promise<void> {
    try {
      const { domain } = this.settings;
      const problems = await heldOutProblems(domain);
      const problem = problems[Math.floor(Math.random() * problems.length)];
      if (problem === undefined || this.settings.domain !== domain) return;
      this.settings.ask(problem.prompt);
      this.settings.item = problem.index;
      this.tally.draw(domain, problem.index);
      if (this.model.ready && !this.running) await this.start();
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** Asks a held-out problem of the domain by its number, from 0; says so where there is none. */
  async askItem(index: number): Promise<void> {
    const { settings } = this;
    const { domain, prompt } = settings;
    try {
      const problems = await heldOutProblems(domain);
      // Something else was asked meanwhile.
      if (settings.domain !== domain || settings.prompt !== prompt) return;
      const problem = problems[index];
      if (problem !== undefined) settings.ask(problem.prompt);
      settings.item = problem?.index ?? null;
      if (problem === undefined) {
        this.say(`There is no held-out problem ${index}; they go from 0 to ${problems.length - 1}.`);
      }
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** For a projector, or back: presented, a run goes step by step. */
  present(on: boolean): void {
    this.settings.present(on);
    if (on) this.stepping.enter();
    else this.stepping.leave();
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

  /** A link may have named another device while a run was going on. The worker lets a run wait for its model. */
  #loadChosen(): void {
    if (this.settings.device !== this.model.choice) this.model.load(this.settings.device);
  }

  /** The question bar follows a run that was opened, so that both are of one domain. */
  #turnTo(name: string | null | undefined): void {
    const known = domains.find(({ id }) => id === name);
    if (known !== undefined) this.settings.domain = known.id;
  }

  /** The held-out problem that the question is, if it still is that problem word for word. */
  async #heldOutItem(): Promise<{ id: string; index: number } | null> {
    const { item, prompt, domain } = this.settings;
    if (item === null) return null;
    const problem = await heldOutProblems(domain).then(
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

  #afterRun(): void {
    if (this.library.runs !== null) void this.library.refresh();
    if (this.model.state.phase !== "failed") this.#loadChosen();
  }

  /** Counts the live run as over; one without a single event has nothing to show. */
  #lose(): void {
    const { live } = this;
    if (live === null) return;
    live.lost = true;
    if (live.length > 0) return;
    if (this.stage === live) this.stage = null;
    this.live = null;
  }

  /** The one worker of the page. */
  worker(): LabClient {
    this.#client ??= new LabClient({
      model: (state) => {
        this.model.state = state;
        // If the worker lives, the last event still comes; if it died, none does.
        if (state.phase === "failed") this.#lose();
        void this.#loadRenderer();
      },
      judge: (state) => {
        this.judge = state;
      },
      download: (model, state) => {
        this.hub?.hear(model, state);
      },
      events: (run, events) => {
        this.trainings?.events(run, events);
        if (this.live?.id !== run) {
          // A person's change of another run; one that has left the stage is read anew when it comes back.
          if (this.stage?.id === run) this.stage.push(events);
          return;
        }
        const before = this.live.complete;
        this.live.push(events);
        if (this.live.complete && !before) this.#afterRun();
      },
      unsaved: (run, failure) => {
        this.trainings?.unsaved(run, failure);
        if (this.live?.id !== run) return;
        this.say(`This run could not be kept: ${failure.message} Export it if you need it.`);
      },
      lost: (run, failure) => {
        this.say(`The run could not go on: ${failure.message}`);
        if (this.live?.id === run) this.#lose();
        this.#afterRun();
      },
      training: (id, state) => {
        this.training = ["loading", "evaluating", "running"].includes(state.phase);
        this.trainings?.training(id, state);
      },
      gone: (failure) => {
        this.training = false;
        this.trainings?.gone(failure);
      },
    });
    return this.#client;
  }
}

export const [getLab, setLab] = createContext<Lab>();
