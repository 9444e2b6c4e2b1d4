/** @file Where the steps of a reference come from, in words and marks for the screen: who says a step, who says otherwise, who is silent. Aligns nothing (src/cat/provenance). */
import type { Stance, StepProvenance } from "../../cat/provenance/provenance.ts";
import type { Span } from "../../cat/provenance/steps.ts";
import type { Light } from "../lit-text.ts";

/** What of one answer is lit. */
export interface Mark {
  /** null: of a criterion, which nobody supports or contradicts. */
  readonly stance: Stance | null;
  /** Places in the answer's text; none where it says nothing about it. */
  readonly spans: readonly Span[];
}

/** "says it", "says otherwise", "silent". */
export const stanceText: Record<Stance, string> = {
  supports: "says it",
  contradicts: "says otherwise",
  silent: "silent",
};

/** A step's sources in a sentence: "Said by 1, 4; otherwise in 2; silent: 3." */
export function sourcesText({ dots, nobodySaidIt }: StepProvenance): string {
  const of = (stance: Stance) => dots.flatMap((dot, i) => (dot.stance === stance ? [i + 1] : []));
  const [said, denied, silent] = [of("supports"), of("contradicts"), of("silent")];
  const parts = [
    nobodySaidIt ? "Nobody said it" : `Said by ${said.join(", ")}`,
    ...(denied.length === 0 ? [] : [`otherwise in ${denied.join(", ")}`]),
    ...(silent.length === 0 ? [] : [`silent: ${silent.join(", ")}`]),
  ];
  return `${parts.join("; ")}.`;
}

/** What a step lights in each answer. */
export function marksOfStep({ dots }: StepProvenance): readonly Mark[] {
  return dots.map(({ stance, at }) => ({ stance, spans: at === null ? [] : [at] }));
}

/** Numbers of the answers, from 1, that have nothing alike. */
export function withoutMark(marks: readonly Mark[]): readonly number[] {
  return marks.flatMap(({ spans }, i) => (spans.length === 0 ? [i + 1] : []));
}

/** What a card says of itself while something is lit. */
export function markText({ stance, spans }: Mark): string {
  if (stance !== null)
    return stance !== "silent" && spans.length === 0 ? `${stanceText[stance]} in other words` : stanceText[stance];
  return spans.length === 0 ? "nothing alike" : "most alike";
}

/** In what way the words are lit. */
export function lightOf({ stance }: Mark): Light {
  if (stance === "contradicts") return "denies";
  return stance === "supports" ? "says" : "alike";
}

/** In what way the card is lit: by what it says, whether or not words of it can be shown. */
export function cardLightOf(mark: Mark): Light | "none" {
  const { stance, spans } = mark;
  return spans.length === 0 && (stance === null || stance === "silent") ? "none" : lightOf(mark);
}

/** The text of a step on one line, marks of formatting left out; a boxed answer as what it is. */
export function stepText(text: string, { start, end }: Span): string {
  const line = text.slice(start, end).replaceAll(/\s+/g, " ").replaceAll("**", "").trim();
  return line.replaceAll(/\$?\\boxed\{([^{}]*)\}\$?/g, "answer $1");
}
