/** @file What the visitor has set: the question, how to run it, where they are, light or dark. Kept in the link; the theme in this browser. */
import type { DeviceChoice } from "../../lab/protocol.ts";
import { applyTheme, saveTheme, savedTheme, type Theme } from "../theme.ts";
import { formatLink, parseLink, type Link, type View } from "./link.ts";

export const FIRST_PROMPT = "What is the square root of 16?";

export class Settings {
  view = $state<View>("lab");
  prompt = $state(FIRST_PROMPT);
  /** Index of the held-out problem that the prompt is, from 0; `null` for any other prompt. */
  item = $state<number | null>(null);
  readonly domain = "sums";
  /** 0..2³²−1. */
  seed = $state(1);
  /** G, 1..16. */
  groupSize = $state(8);
  device = $state<DeviceChoice>("auto");
  theme = $state<Theme>(savedTheme());

  /** The hash that brings somebody else here. */
  readonly hash = $derived(this.hashOf(this.view));

  /** The hash of a view with these settings. */
  hashOf(view: View): string {
    if (view !== "lab") return formatLink({ view });
    const link: Link = {
      view,
      prompt: this.prompt,
      domain: this.domain,
      seed: this.seed,
      groupSize: this.groupSize,
      device: this.device,
    };
    return formatLink(this.item === null ? link : { ...link, item: this.item });
  }

  /** Takes over what a hash says; an item without its prompt leaves the prompt empty. @returns a sentence for each value that could not be used. */
  follow(hash: string): readonly string[] {
    const { link, problems } = parseLink(hash);
    this.view = link.view;
    if (link.prompt !== undefined) {
      this.prompt = link.prompt;
      this.item = null;
    }
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

  rerollSeed(): void {
    this.seed = Math.floor(Math.random() * 10_000);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    saveTheme(theme);
    applyTheme(theme);
  }
}
