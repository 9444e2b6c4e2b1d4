/** @file Where the question belongs in the small world of the embedded models, as far as somebody typed it. Says it; does not keep anybody from asking. */
import type { PromptPlace } from "../../lab/protocol.ts";
import { isExample } from "./domains.ts";

/** Long enough not to look at each letter. */
export const LOOK_MS = 200;

export class Depth {
  /** The question that was looked at last, and its place; `null` place: it is one of ours, or could not be looked at. */
  #seen = $state.raw<{ readonly prompt: string; readonly place: PromptPlace | null } | null>(null);
  readonly #place: (prompt: string) => Promise<PromptPlace>;

  constructor(place: (prompt: string) => Promise<PromptPlace>) {
    this.#place = place;
  }

  /** Looks where a question belongs. Examples and held-out problems are within the world, so they are not looked at. */
  async look({ prompt, item }: { readonly prompt: string; readonly item: number | null }): Promise<void> {
    if (this.knows(prompt)) return;
    const ours = item !== null || isExample(prompt) || prompt.trim() === "";
    // A worker that cannot answer now is no reason not to ask.
    const place = ours ? null : await this.#place(prompt).catch(() => null);
    this.#seen = { prompt, place };
  }

  /** The question has been looked at. */
  knows(prompt: string): boolean {
    return this.#seen?.prompt === prompt;
  }

  /** Where it belongs; `null` while that is not known, and for questions of ours. */
  placeOf(prompt: string): PromptPlace | null {
    return this.#seen?.prompt === prompt ? this.#seen.place : null;
  }

  /** It was looked at and is nowhere in the small world. */
  isOutside(prompt: string): boolean {
    return this.placeOf(prompt)?.inside === false;
  }
}
