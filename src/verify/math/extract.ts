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
  for (const { index, 0: opening } of [...text.matchAll(/\\(?:boxed|fbox)\s*\{/g)].reverse()) {
    const open = index + opening.length - 1;
    const close = closing(text, open);
    const content = close === -1 ? "" : text.slice(open + 1, close).trim();
    if (content !== "") return content;
  }
  return null;
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

/** Behind "answer is" the result follows at once, unless a calculation does: then it is what comes last. */
function afterAnswerIs(text: string): string | null {
  const said = [...text.matchAll(/answer(?: is|:)\s*([^\n]+)/gi)].at(-1)?.[1];
  if (said === undefined) return null;
  const sentence = said.split(/\.\s|\.$/)[0]!;
  return numbers(sentence).at(sentence.includes("=") ? -1 : 0) ?? null;
}

function lastNumber(text: string): string | null {
  return numbers(text).at(-1) ?? null;
}

/** A minus after a number or a bracket subtracts; it is no sign. */
const NUMBER =
  /(?:(?<![\d)]\s*)[-−–])?(?:\\[dtc]?frac\s*\{[^{}]+\}\s*\{[^{}]+\}|(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:\s*\/\s*\d+)?)/g;

function numbers(text: string): string[] {
  return [...text.matchAll(NUMBER)].map(([number]) => number.replace(/,+$/, ""));
}
