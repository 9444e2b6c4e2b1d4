/** @file What a harness has sent so far, read as the outcomes of one program. Takes its messages alone, and each in its turn. */
import type { Outcome } from "../verify/code/outcome.ts";
import { allFailed, allThrew, BEGINS } from "./harness.ts";
import { readOutcome } from "./read-outcome.ts";

export class Reading {
  /** The program has begun, or could not even be parsed. */
  began = false;
  #parsed = true;
  readonly #inputs: readonly unknown[];
  readonly #seal: string;
  readonly #outcomes: Outcome[] = [];
  /** Stands in for what never came. */
  #rest: readonly Outcome[];

  constructor(inputs: readonly unknown[], seal: string) {
    this.#inputs = inputs;
    this.#seal = seal;
    this.#rest = allFailed(inputs, "timeout");
  }

  /** Every input has its outcome: nothing more will come. */
  get whole(): boolean {
    return this.began && (!this.#parsed || this.#outcomes.length === this.#inputs.length);
  }

  /** @param message anything at all. */
  take(message: unknown): void {
    if (!Array.isArray(message) || message.length !== 3) return;
    const [seal, index, text] = message as readonly unknown[];
    if (seal !== this.#seal || this.whole) return;
    if (!this.began) {
      this.began = index === BEGINS;
      return;
    }
    if (index !== this.#outcomes.length) return;
    const outcome = readOutcome(text);
    if (outcome !== null) this.#outcomes.push(outcome);
  }

  /** Before it began: the text does not parse. After: the worker broke, out of memory for one. */
  broke(why: string): void {
    this.#parsed = this.began;
    this.#rest = this.began ? allFailed(this.#inputs, "crashed") : allThrew(this.#inputs, why);
    this.began = true;
  }

  /** [inputs] */
  outcomes(): readonly Outcome[] {
    return [...this.#outcomes, ...this.#rest.slice(this.#outcomes.length)];
  }
}
