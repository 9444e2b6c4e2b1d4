/** @file Removes the thinking part of an answer (Qwen3, DeepSeek-R1 and kin write `<think>…</think>`). Extraction and synthesis never see it. */

/**
 * The answer alone. A part that never closes is all thinking, so nothing is left;
 * a part whose opening stood in the prompt ends at the last `</think>`.
 */
export function withoutThinking(text: string): string {
  const answer = text.slice(startOfAnswer(text));
  const begin = answer.indexOf("<think>");
  return (begin === -1 ? answer : answer.slice(0, begin)).trim();
}

/** Where the answer begins, as a place in the text: behind the last `</think>`. */
export function startOfAnswer(text: string): number {
  const end = text.lastIndexOf("</think>");
  return end === -1 ? 0 : end + "</think>".length;
}
