/** @file What the visitor has set: the domain, the question, how to run it, where they are, light or dark. Goes into the link; what outlasts a visit is in kept-settings.ts. */
import type { DeviceChoice, Domain } from "../../lab/protocol.ts";
import { applyTheme, saveTheme, savedTheme, type Theme } from "../theme.ts";
import { domains } from "./domains.ts";
import { keepSettings, type KeptSettings, readSettings } from "./kept-settings.ts";
import type { LessonStep } from "../lesson/steps.ts";
import { formatLink, type Gate, parseLink, type Link, type View } from "./link.ts";
import type { Part } from "./parts.ts";

/** What fits a projector. */
export const PRESENTED_GROUP = 4;

interface Asked {
  prompt: string;
  item: number | null;
}

export class Settings {
  view = $state<View>("lab");
  domain = $state<Domain>("sums");
  /** 0..2³²−1. */
  seed = $state(1);
  /** G, 1..16. */
  groupSize = $state(8);
  device = $state<DeviceChoice>("auto");
  theme = $state<Theme>(savedTheme());
  /** Step by step, and where the stage waits; `null`: it does not. */
  gate = $state<Gate | null>(null);
  /** `null`: the lesson's table of contents. */
  lesson = $state<LessonStep | null>(null);
  /** What is chosen for the next training, as a link says it: see training-choice.ts, which comes with the Train view. */
  training = $state("");
  /** For a projector: large type, one phase a screen. */
  presenting = $state(false);
  /** What a link has taken off the screen. */
  hidden = $state.raw<readonly Part[]>([]);
  #groupSizeBefore: number | null = null;
  /** Each domain keeps its question while another is looked at. */
  readonly #asked = $state(
    Object.fromEntries(domains.map(({ id, examples }) => [id, { prompt: examples[0].prompt, item: null }])) as Record<
      Domain,
      Asked
    >,
  );

  /** Begins with what this browser kept. */
  constructor() {
    const { domain, seed, groupSize, device } = readSettings();
    this.domain = domain ?? this.domain;
    this.seed = seed ?? this.seed;
    this.groupSize = groupSize ?? this.groupSize;
    this.device = device ?? this.device;
  }

  /** What is asked in the chosen domain. */
  get prompt(): string {
    return this.#asked[this.domain].prompt;
  }

  set prompt(prompt: string) {
    this.#asked[this.domain].prompt = prompt;
  }

  /** Index of the domain's held-out problem that the prompt is, from 0; `null` for any other prompt. */
  get item(): number | null {
    return this.#asked[this.domain].item;
  }

  set item(item: number | null) {
    this.#asked[this.domain].item = item;
  }

  /** The hash that brings somebody else here. */
  readonly hash = $derived(this.hashOf(this.view));

  /** The hash of a view with these settings. */
  hashOf(view: View): string {
    return formatLink(this.linkTo(view));
  }

  /** What the link of a view says. */
  linkTo(view: View): Link {
    const { prompt, domain, item, seed, groupSize, device, gate, lesson, training, presenting, hidden } = this;
    const hide = hidden.length === 0 ? {} : { hide: hidden };
    if (view === "runs" || view === "models") return { view, ...hide };
    if (view === "train") return { view, ...(training === "" ? {} : { training }), device, ...hide };
    if (view === "learn") return { view, ...(lesson === null ? {} : { lesson }), ...hide };
    const link: Link = { view, prompt, ...(item === null ? {} : { item }), domain, seed, groupSize, device };
    const shown = view === "lab" && presenting ? { present: true } : {};
    return { ...link, ...(gate === null ? {} : { gate }), ...shown, ...hide };
  }

  /** Takes over what a hash says; an item without its prompt leaves the prompt empty. @returns a sentence for each value that could not be used. */
  follow(hash: string): readonly string[] {
    const { link, problems } = parseLink(hash);
    this.view = link.view;
    if (link.domain !== undefined) this.domain = link.domain;
    // A question without a domain comes from the time when there was one.
    else if (link.prompt !== undefined || link.item !== undefined) this.domain = "sums";
    if (link.prompt !== undefined) this.ask(link.prompt);
    if (link.item !== undefined) {
      this.item = link.item;
      this.prompt = link.prompt ?? "";
    }
    if (link.seed !== undefined) this.seed = link.seed;
    if (link.device !== undefined) this.device = link.device;
    if (link.gate !== undefined) this.gate = link.gate;
    if (link.view === "train") this.training = link.training ?? "";
    if (link.view === "learn") this.lesson = link.lesson ?? null;
    if (link.hide !== undefined) this.hidden = link.hide;
    if (link.present !== undefined) this.present(link.present);
    // A link that says how many answers wants that many.
    if (link.groupSize !== undefined) this.groupSize = link.groupSize;
    return problems;
  }

  /** Turns the page into one for a projector, or back. Meanwhile there are four answers, unless a link or the visitor says otherwise. */
  present(on: boolean): void {
    if (on === this.presenting) return;
    this.presenting = on;
    if (on) {
      this.#groupSizeBefore = this.groupSize;
      this.groupSize = PRESENTED_GROUP;
    } else if (this.#groupSizeBefore !== null && this.groupSize === PRESENTED_GROUP) {
      this.groupSize = this.#groupSizeBefore;
    }
  }

  /** A prompt that somebody typed or picked, so no longer a held-out problem. */
  ask(prompt: string): void {
    this.prompt = prompt;
    this.item = null;
  }

  /** Of the visitor's own choice, so the next visit begins with it; a link's values are for this one. */
  choose(values: KeptSettings): void {
    Object.assign(this, values);
    keepSettings(values);
  }

  rerollSeed(): void {
    this.choose({ seed: Math.floor(Math.random() * 10_000) });
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    saveTheme(theme);
    applyTheme(theme);
  }
}
