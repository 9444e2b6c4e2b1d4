/** @file Finds the function in an answer: what is run when two answers are compared by behaviour. JavaScript alone. */
import { declaredFunctions, isBalanced, type Signature } from "./signature.ts";

/** A function that can be run: `source` declares `name` at its top level, and all its brackets are closed. */
export interface Program extends Signature {
  readonly source: string;
}

/**
 * The last function of the last fenced block that has one, with the rest of its block (helpers);
 * without such a block, the last `function name(…) {…}` that begins a line, alone.
 * @returns null when there is none, or none is complete.
 */
export function extractFunction(text: string): Program | null {
  const blocks = [...text.matchAll(/^[ \t]*```[^\n]*\n(.*?)^[ \t]*```/gms)].map((match) => match[1]!);
  for (const block of blocks.toReversed()) {
    const source = block.replaceAll(/^([ \t]*)export\s+(?:default\s+)?/gm, "$1").trim();
    const last = declaredFunctions(source).at(-1);
    if (last !== undefined && isBalanced(source)) return { name: last.name, parameters: last.parameters, source };
  }
  return lastUnfenced(text);
}

function lastUnfenced(text: string): Program | null {
  let found: Program | null = null;
  let end = 0;
  for (const { index } of text.matchAll(/^(?:async )?function\b/gm)) {
    if (index < end) continue;
    // Prose before the function is not code, so it must not be scanned: an apostrophe there is no string.
    const [first] = declaredFunctions(text.slice(index));
    if (first?.start !== 0) continue;
    end = index + first.end;
    found = { name: first.name, parameters: first.parameters, source: text.slice(index, end) };
  }
  return found;
}
