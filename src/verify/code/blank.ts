/**
 * @file JavaScript with everything blanked in which a bracket or a word means nothing: strings, comments, regular expressions, template texts.
 * A scanner, not a parser: whether a slash divides or begins a regular expression is guessed from what stands before it.
 */

/** A regular expression can begin after these; after a name, a number or a closing bracket a slash divides. */
const BEFORE_REGEX = /(?:^|[=(,:;!&|?{}[+\-*%~^<>]|\b(?:return|typeof|case|in|of|delete|void|throw|do|else))\s*$/;

/** Same length, same line breaks. What never ends is blanked to the end. */
export function blank(code: string): string {
  let out = "";
  /** Open braces inside each `${…}` that we are in. */
  const templates: number[] = [];
  const skip = (to: number) => {
    out += code.slice(out.length, to).replaceAll(/[^\n]/g, " ");
  };
  while (out.length < code.length) {
    const at = out.length;
    const char = code[at]!;
    const two = code.slice(at, at + 2);
    if (two === "//") skip(find(code, "\n", at));
    else if (two === "/*") skip(find(code, "*/", at + 2) + 2);
    else if (char === '"' || char === "'") skip(end(code, at + 1, (c) => c === char || c === "\n") + 1);
    else if (char === "/" && BEFORE_REGEX.test(out)) skip(endOfRegex(code, at));
    else if (char === "`" || (char === "}" && templates.at(-1) === 0)) {
      if (char === "}") {
        templates.pop();
        out += char;
      }
      const stop = end(code, at + 1, (c, i) => c === "`" || (c === "$" && code[i + 1] === "{"));
      skip(stop + 1);
      if (code[stop] === "$") {
        templates.push(0);
        out += "{";
      }
    } else {
      if (templates.length > 0 && char === "{") templates.push(templates.pop()! + 1);
      if (templates.length > 0 && char === "}") templates.push(templates.pop()! - 1);
      out += char;
    }
  }
  return out;
}

/** Position after the bracket that closes the one at `open` in blanked code; −1 when brackets cross or one stays open. */
export function afterClosing(blanked: string, open: number): number {
  const expected: string[] = [];
  for (let i = open; i < blanked.length; i++) {
    const char = blanked[i]!;
    const closes = { "(": ")", "[": "]", "{": "}" }[char];
    if (closes !== undefined) expected.push(closes);
    else if (char === ")" || char === "]" || char === "}") {
      if (expected.pop() !== char) return -1;
      if (expected.length === 0) return i + 1;
    }
  }
  return -1;
}

function find(code: string, what: string, from: number): number {
  const at = code.indexOf(what, from);
  return at === -1 ? code.length : at;
}

/** First unescaped position from `from` at which `ends`; the length of the code if there is none. */
function end(code: string, from: number, ends: (char: string, at: number) => boolean): number {
  for (let i = from; i < code.length; i++) {
    if (code[i] === "\\") i++;
    else if (ends(code[i]!, i)) return i;
  }
  return code.length;
}

function endOfRegex(code: string, from: number): number {
  let inClass = false;
  const close = end(code, from + 1, (c) => {
    if (c === "[") inClass = true;
    if (c === "]") inClass = false;
    return c === "\n" || (c === "/" && !inClass);
  });
  return code[close] === "/" ? close + 1 : from + 1;
}
