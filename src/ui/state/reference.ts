/** @file A reference in words: how far it is, and what of it the rewards look at. */
import { finalProgram } from "../../cat/answer.ts";
import type { TaskKind } from "../../cat/types.ts";
import type { GroupState, ReferenceState } from "../../run/run.ts";
import { duration, tokenCount, wordCount } from "../numbers.ts";

type Finished = NonNullable<ReferenceState["finished"]>;

/**
 * "reading", "writing", "40 tokens in 1.2 s"; empty before the anchor was asked.
 * @param over the run has ended, so that a reference without its end never gets one.
 */
export function progressText(reference: ReferenceState | undefined, sent: boolean, over: boolean): string {
  const finished = reference?.finished;
  if (finished !== undefined) {
    const cut = finished.ended === "length" ? ", cut at the limit" : "";
    return `${tokenCount(finished.tokens)} in ${duration(finished.ms)}${cut}`;
  }
  if (over) return sent ? "not finished" : "";
  if (reference !== undefined) return "writing";
  return sent ? "reading" : "";
}

/** Name of what {@link foundText} says. */
export const foundNames: Readonly<Record<TaskKind, string>> = {
  math: "reference answer",
  code: "reference function",
  open: "length",
};

/**
 * What the rewards look at: of mathematics the final answer, of code the head of the function, of advice the length, since a longer one would win by
 * length alone. null: none was found.
 */
export function foundText(finished: Finished, { rollouts }: GroupState, kind: TaskKind): string | null {
  switch (kind) {
    case "math":
      return finished.extracted;
    case "code": {
      // Of the text: what was extracted has lost the fence that says it is code.
      const found = finalProgram(finished);
      return found === null ? null : `${found.name}(${found.parameters.join(", ")})`;
    }
    case "open": {
      const lengths = rollouts.map(({ text }) => wordCount(text));
      const mean = Math.round(lengths.reduce((a, b) => a + b, 0) / Math.max(1, lengths.length));
      return `${wordCount(finished.text)} words, the answers ${mean} on average`;
    }
  }
}
