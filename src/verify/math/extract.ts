/** @file Finds the final answer in a worked solution. Numbers and boxed text now; formulas and choices come with full algebra. */

/**
 * The final answer, by this order of trust: the last `\boxed{…}` or `\fbox{…}`; what follows the last
 * "answer is"; the last number.
 * @returns the answer as written, trimmed; null when there is none.
 */
export function extractAnswer(text: string): string | null {
  return extractBoxed(text) ?? afterAnswerIs(text) ?? lastNumber(text);
}

/** The content of the last box whose braces balance; null when there is none or it is empty. */
export function extractBoxed(text: string): string | null {
  for (let at = text.length; (at = lastBox(text, at)) !== -1;) {
    const open = text.indexOf("{", at);
    const close = closing(text, open);
    const content = close === -1 ? "" : text.slice(open + 1, close).trim();
    if (content !== "") return content;
  }
  return null;
}

/** Start of the last box that begins before `end`. */
function lastBox(text: string, end: number): number {
  if (end === 0) return -1;
  return Math.max(text.lastIndexOf("\\boxed{", end - 1), text.lastIndexOf("\\fbox{", end - 1));
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i;
  }
  return -1;
}

function afterAnswerIs(text: string): string | null {
  const said = [...text.matchAll(/answer(?: is|:)\s*([^\n]+)/gi)].at(-1)?.[1];
  return said === undefined ? null : lastNumber(said.split(/\.\s|\.$/)[0]!);
}

/** A minus after a number or a bracket subtracts; it is no sign. */
function lastNumber(text: string): string | null {
  return (
    [...text.matchAll(/(?:(?<![\d)]\s*)[-−])?\d[\d,]*(?:\.\d+)?(?:\s*\/\s*\d+)?/g)].at(-1)?.[0].replace(/,+$/, "") ??
    null
  );
}
