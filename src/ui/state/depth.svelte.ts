/** @file Where the question belongs in the small world of the embedded models, wherever it came from. Says it; does not keep anybody from asking. */
import type { PromptPlace } from "../../lab/protocol.ts";

/** Long enough not to look at each letter. */
export const LOOK_MS = 200;

export class Depth {
  /** The question that was looked at last, and its place; `null` place: the box was empty, or it could not be looked at. */
  #seen = $state.raw<{ readonly prompt: string; readonly place: PromptPlace | null } | null>(null);
  readonly #place: (prompt: string) => Promise<PromptPlace>;

  constructor(place: (prompt: string) => Promise<PromptPlace>) {
    this.#place = place;
  }

  /** Looks where a question belongs; examples and held-out problems too, since they may be asked in another domain, and a link may call anything one. */
  async look(prompt: string): Promise<void> {
    if (this.knows(prompt)) return;
    // A worker that cannot answer now is no reason not to ask.
    const place = prompt.trim() === "" ? null : await this.#place(prompt).catch(() => null);
    this.#seen = { prompt, place };
  }

  /** The question has been looked at. */
  knows(prompt: string): boolean {
    return this.#seen?.prompt === prompt;
  }

  /** Where it belongs; `null` while that is not known. */
  placeOf(prompt: string): PromptPlace | null {
    return this.#seen?.prompt === prompt ? this.#seen.place : null;
  }

  /** It was looked at and is nowhere in the small world. */
  isOutside(prompt: string): boolean {
    return this.placeOf(prompt)?.inside === false;
  }
}
