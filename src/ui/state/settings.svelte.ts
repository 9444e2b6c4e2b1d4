/** @file What the visitor has set: the domain, the question, how to run it, where they are, light or dark. Goes into the link; what outlasts a visit is in kept-settings.ts. */
import type { DeviceChoice, Domain } from "../../lab/protocol.ts";
import { applyTheme, saveTheme, savedTheme, type Theme } from "../theme.ts";
import { domains } from "./domains.ts";
import { keepSettings, type KeptSettings, readSettings } from "./kept-settings.ts";
import { formatLink, parseLink, type Link, type View } from "./link.ts";

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
    if (view !== "lab") return formatLink({ view });
    const { prompt, domain, item, seed, groupSize, device } = this;
    const link: Link = { view, prompt, domain, seed, groupSize, device };
    return formatLink(item === null ? link : { ...link, item });
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
    if (link.groupSize !== undefined) this.groupSize = link.groupSize;
    if (link.device !== undefined) this.device = link.device;
    return problems;
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
