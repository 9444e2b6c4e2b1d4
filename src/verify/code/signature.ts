/** @file The functions that a piece of JavaScript declares at its top level: names, parameters, extent. Does not run or judge them. */
import { afterClosing, blank } from "./blank.ts";

export interface Signature {
  readonly name: string;
  /** Names in order; "" for one that is taken apart (`{ a, b }`). Defaults and rest dots are left out. */
  readonly parameters: readonly string[];
}

export interface Declared extends Signature {
  /** Where the declaration begins and ends: [start, end). */
  readonly start: number;
  readonly end: number;
}

const DECLARATION = /(?:async\s+)?function\s*\*?\s*([\w$]+)\s*(?=\()/y;
const ASSIGNED = /(?:const|let|var)\s+([\w$]+)\s*=\s*(?:async\s+)?(?:function\s*\*?\s*[\w$]*\s*)?(?=\(|[\w$]+\s*=>)/y;

/** Complete functions outside of all brackets, in order. Stops where a bracket is never closed. */
export function declaredFunctions(code: string): readonly Declared[] {
  const blanked = blank(code);
  const found: Declared[] = [];
  for (let at = 0; at < blanked.length;) {
    const declared = startsWord(blanked, at) ? declaredAt(blanked, at) : null;
    if (declared !== null) found.push(declared);
    const next = declared?.end ?? (/[([{]/.test(blanked[at]!) ? afterClosing(blanked, at) : at + 1);
    if (next === -1) break;
    at = next;
  }
  return found;
}

/** True when every bracket of the code is closed by its own kind: such code cannot end what it is put into. */
export function isBalanced(code: string): boolean {
  // A text or comment that never ends would blank the semicolon.
  const blanked = blank(`${code}\n;`);
  return blanked.endsWith(";") && afterClosing(`{${blanked}}`, 0) === blanked.length + 2;
}

function startsWord(text: string, at: number): boolean {
  return /[a-z]/.test(text[at]!) && !/[\w$.]/.test(text[at - 1] ?? " ");
}

function declaredAt(blanked: string, start: number): Declared | null {
  const match = matchAt(DECLARATION, blanked, start) ?? matchAt(ASSIGNED, blanked, start);
  if (match === null) return null;
  const open = start + match[0].length;
  const afterParameters = blanked[open] === "(" ? afterClosing(blanked, open) : blanked.indexOf("=>", open);
  if (afterParameters === -1) return null;
  const [arrow = ""] = matchAt(/\s*=>\s*/y, blanked, afterParameters) ?? [];
  const body = blanked.startsWith("{", afterParameters + arrow.length)
    ? afterParameters + arrow.length
    : blanked.slice(afterParameters).search(/\S/) + afterParameters;
  const isBlock = blanked[body] === "{";
  if (!isBlock && arrow === "") return null;
  const end = isBlock ? afterClosing(blanked, body) : endOfExpression(blanked, body);
  if (end === -1) return null;
  const inside =
    blanked[open] === "(" ? blanked.slice(open + 1, afterParameters - 1) : blanked.slice(open, afterParameters);
  return { name: match[1]!, parameters: parameterNames(inside), start, end };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The body of an arrow function without braces ends at a semicolon or a line that brackets do not continue. */
function endOfExpression(blanked: string, from: number): number {
  for (let i = from; i < blanked.length; i++) {
    if (/[([{]/.test(blanked[i]!)) {
      const after = afterClosing(blanked, i);
      if (after === -1) return -1;
      i = after - 1;
    } else if (blanked[i] === ";" || (blanked[i] === "\n" && !/^\s*[.?:+\-*/%&|<>=]/.test(blanked.slice(i)))) return i;
  }
  return blanked.length;
}

/** Names of the parameters in a signature such as `f(list, n)` or `function f(list, n)`; undefined when it is none. */
export function signatureParameters(signature: string): readonly string[] | undefined {
  const inside = /^[^(]*(\(.*\))[^)]*$/s.exec(signature)?.[1];
  return inside === undefined ? undefined : declaredFunctions(`function f${inside} {}`).at(0)?.parameters;
}

function parameterNames(inside: string): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  let part = "";
  for (const char of `${inside},`) {
    if (/[([{]/.test(char)) depth++;
    if (/[)\]}]/.test(char)) depth--;
    if (char !== "," || depth > 0) {
      part += char;
      continue;
    }
    if (part.trim() !== "") names.push(/^\s*(?:\.\.\.)?\s*([\w$]+)\s*(?:=|$)/.exec(part)?.[1] ?? "");
    part = "";
  }
  return names;
}
