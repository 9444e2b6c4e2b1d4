/** @file The choices of the next training, while they are made: what is in each field, what is wrong with it, and the link that carries them. */
import type { TrainingChoice } from "../../lab/protocol.ts";
import {
  choiceOf,
  type ChoiceTexts,
  firstTexts,
  formatChoice,
  obstacleTo,
  parseChoice,
  problemsOf,
} from "./training-choice.ts";
import type { ChoiceName } from "./training-fields.ts";

export class ChoiceForm {
  texts = $state.raw<ChoiceTexts>(firstTexts);
  /** By field. */
  readonly problems = $derived(problemsOf(this.texts));
  readonly choice = $derived<TrainingChoice | null>(
    Object.keys(this.problems).length === 0 ? choiceOf(this.texts) : null,
  );
  /** Other than at first. */
  readonly changed = $derived(formatChoice(this.texts) !== "");

  set(name: ChoiceName, text: string): void {
    const texts = { ...this.texts, [name]: text };
    // Who turns to another domain keeps what it allows.
    const barred = name === "domain" && obstacleTo("aggregator", texts.aggregator, text) !== null;
    this.texts = barred ? { ...texts, aggregator: firstTexts.aggregator } : texts;
  }

  reset(): void {
    this.texts = firstTexts;
  }

  /** Takes over what a link says. @returns a sentence for each value that could not be used */
  follow(query: string): readonly string[] {
    const { texts, problems } = parseChoice(query);
    this.texts = texts;
    return problems;
  }

  /** For a link; `null` while something is wrong. */
  readonly query = $derived(this.choice === null ? null : formatChoice(this.texts));
}
