/** @file JavaScript cut into lines and parts to show: what is a comment, what a keyword. Knows just enough to tell plan from work; parses nothing. */

export interface CodePart {
  readonly text: string;
  readonly kind: "comment" | "keyword" | "plain";
}

export interface CodeLine {
  /** Characters of white space before it: a line that wraps goes on behind them. */
  readonly indent: number;
  readonly parts: readonly CodePart[];
}

const KEYWORDS =
  "async|await|break|case|const|continue|do|else|for|function|if|in|let|new|null|of|return|switch|throw|true|false|typeof|undefined|var|while";

/** Comments and texts first, so that what stands in them is nothing else. An unfinished one reaches to its end. */
const TOKEN = new RegExp(
  `(\\/\\/.*|\\/\\*[^]*?(?:\\*\\/|$))|"(?:\\\\.|[^"\\\\\\n])*"?|'(?:\\\\.|[^'\\\\\\n])*'?|\`(?:\\\\.|[^\`\\\\])*\`?|(?<![\\w$.])(${KEYWORDS})(?![\\w$])`,
  "g",
);

/** The parts, joined with line breaks between the lines, are the code. */
export function linesOf(code: string): readonly CodeLine[] {
  const lines: CodePart[][] = [[]];
  const add = (text: string, kind: CodePart["kind"]): void => {
    for (const [i, piece] of text.split("\n").entries()) {
      if (i > 0) lines.push([]);
      const line = lines.at(-1)!;
      const last = line.at(-1);
      if (piece === "") continue;
      if (last?.kind === kind) line[line.length - 1] = { text: last.text + piece, kind };
      else line.push({ text: piece, kind });
    }
  };
  let at = 0;
  for (const match of code.matchAll(TOKEN)) {
    add(code.slice(at, match.index), "plain");
    add(match[0], match[1] !== undefined ? "comment" : match[2] !== undefined ? "keyword" : "plain");
    at = match.index + match[0].length;
  }
  add(code.slice(at), "plain");
  return lines.map((parts) => ({ indent: /^\s*/.exec(parts.map((p) => p.text).join(""))![0].length, parts }));
}

/** Whether a text is a function and nothing else, as the small models write it; prose with fenced code is not. */
export function isBareCode(text: string): boolean {
  return /^\s*(?:(?:async\s+)?function\b|(?:const|let|var)\s+[\w$]+\s*=|\/\/)/.test(text) && !text.includes("```");
}
