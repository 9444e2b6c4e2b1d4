/** @file The final answer in something that a model wrote. One definition for rewards, votes and marks. */
import { extractAnswer, extractBoxed } from "../verify/math/extract.ts";
import { withoutThinking } from "./thinking.ts";

/**
 * Thinking parts do not count. A text that was cut off has only the answer that it boxed: its last number may be any step.
 * @returns null when there is none.
 */
export function finalAnswer({
  text,
  ended,
}: {
  readonly text: string;
  readonly ended: "stop" | "length";
}): string | null {
  const answer = withoutThinking(text);
  return ended === "length" ? extractBoxed(answer) : extractAnswer(answer);
}
