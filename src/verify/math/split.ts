/** @file Cuts tokens where brackets leave them open: lists at commas, relations at their signs. */
import type { Token } from "./lexer.ts";

const OPENING = new Set(["(", "[", "{", "\\{", "lfloor", "lceil", "begin"]);
const CLOSING = new Set([")", "]", "}", "\\}", "rfloor", "rceil", "end"]);

export function isSign(token: Token | undefined, ...texts: readonly string[]): boolean {
  return token?.type === "sign" && texts.includes(token.text);
}

/** +1 for what opens, −1 for what closes. Intervals may close with another bracket than they opened with. */
function step(token: Token): number {
  if (token.type !== "sign") return 0;
  return OPENING.has(token.text) ? 1 : CLOSING.has(token.text) ? -1 : 0;
}

/** @returns the runs between separators, and the separators. */
export function splitAt(
  tokens: readonly Token[],
  isSeparator: (token: Token, index: number) => boolean,
): { readonly runs: readonly (readonly Token[])[]; readonly separators: readonly Token[] } {
  const runs: Token[][] = [[]];
  const separators: Token[] = [];
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    depth += step(token);
    if (depth === 0 && step(token) === 0 && isSeparator(token, i)) {
      separators.push(token);
      runs.push([]);
    } else runs.at(-1)!.push(token);
  }
  return { runs, separators };
}

/** What stands between the first token and the last, when they are brackets that belong together. */
export function enclosed(tokens: readonly Token[]): readonly Token[] | null {
  if (tokens.length < 2 || step(tokens[0]!) !== 1) return null;
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    depth += step(token);
    if (depth === 0) return i === tokens.length - 1 ? tokens.slice(1, -1) : null;
  }
  return null;
}
