/** @file The final answer, or the program, in something that a model wrote. One definition for rewards, votes and marks. */
import { extractFunction, type Program } from "../verify/code/extract.ts";
import { extractAnswer, extractBoxed } from "../verify/math/extract.ts";
import { withoutThinking } from "./thinking.ts";

/** A rollout or a reference. */
export interface Written {
  readonly text: string;
  readonly ended: "stop" | "length";
}

/**
 * Thinking parts do not count. A text that was cut off has only the answer that it boxed: its last number may be any step.
 * @returns null when there is none.
 */
export function finalAnswer({ text, ended }: Written): string | null {
  const answer = withoutThinking(text);
  return ended === "length" ? extractBoxed(answer) : extractAnswer(answer);
}

/** Thinking parts do not count. @returns null when there is none, and when the text was cut off: what is missing may be any line. */
export function finalProgram({ text, ended }: Written): Program | null {
  return ended === "length" ? null : extractFunction(withoutThinking(text));
}
