/**
 * @file Cuts a text into steps: sentences, items of a list, lines of a displayed formula, comments with the code below them.
 * Leaves out: what a step says (claim.ts), and any understanding: a step is where a person would put a finger.
 */

import { startOfAnswer } from "../thinking.ts";

/** A part of a text, [start, end), in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Step extends Span {
  readonly kind: "prose" | "formula" | "code";
  readonly text: string;
}

/** A displayed formula or a fenced program; what lies between is prose. */
const BLOCK =
  /```[^\n]*\n(?<code>[\s\S]*?)(?:```|$)|\$\$(?<dollars>[\s\S]+?)\$\$|\\\[(?<brackets>[\s\S]+?)\\\]|\\begin\{(?<name>align|aligned|gather|equation)\*?\}(?<lines>[\s\S]+?)\\end\{\k<name>\*?\}/dg;

/** From here on a program without a fence is code. */
const PROGRAM = /^(?:[ \t]*\/\/[^\n]*\n)*[ \t]*(?:function\b|(?:const|let|var)\s+\w+\s*=|def\s+\w+\()/m;

/** How a comment begins, in JavaScript and Python. */
const COMMENT = /^\s*(?:\/\/|#|\/\*|\*)/;

/** A dot after these ends no sentence. */
const SHORT = /\b(?:e\.g|i\.e|etc|vs|cf|approx|Dr|Mr|Mrs|Ms|St|No|Fig|Eq)$/;

/** Where a sentence ends: its mark with what closes behind it, or the line's end. */
const SENTENCE_END = /[.?!]+["')\]*_]*(?=\s|$)|\n/g;

/** The mark of a list's item, a heading's, a quotation's, or a table's. */
const LINE_MARK = /^[ \t]*(?:[-*•+]|\d{1,2}[.)]|#{1,6}|>|\|)[ \t]+/;

/**
 * The steps in order; they do not overlap. Thinking parts are passed over (thinking.ts), headings and what only leads in are none:
 * a sentence that goes on in a displayed formula ends with its first line.
 */
export function stepsOf(text: string): readonly Step[] {
  const steps: Step[] = [];
  let at = startOfAnswer(text);
  for (const match of text.matchAll(BLOCK)) {
    if (match.index < at) continue;
    steps.push(...plain(text, { start: at, end: match.index }));
    steps.push(...block(text, match, steps));
    at = match.index + match[0].length;
  }
  steps.push(...plain(text, { start: at, end: text.length }));
  return steps.filter((step) => /[\p{L}\p{N}]/u.test(step.text) && !leadsIn(step));
}

function block(text: string, { groups, indices, index }: RegExpExecArray, before: Step[]): readonly Step[] {
  const spans = indices!.groups!;
  const inside = (name: string): Span | null => {
    const found = spans[name];
    return groups![name] === undefined || found === undefined ? null : { start: found[0], end: found[1] };
  };
  const code = inside("code");
  if (code !== null) return codeSteps(text, code);
  const formula = inside("dollars") ?? inside("brackets") ?? inside("lines");
  if (formula === null) return [];
  const lines = cut(text, formula, /\\\\(?:\[[^\]]*\])?|\n/g).map((span) => step("formula", text, span));
  const [first] = lines;
  const last = before.at(-1);
  const goesOn = last !== undefined && !/[.?!]$/.test(last.text) && text.slice(last.end, index).trim() === "";
  if (first === undefined || !goesOn) return lines;
  before.pop();
  return [step("formula", text, { start: last.start, end: first.end }), ...lines.slice(1)];
}

/** Prose, and a program that nobody fenced. */
function plain(text: string, span: Span): readonly Step[] {
  const program = PROGRAM.exec(text.slice(span.start, span.end));
  if (program === null) return sentences(text, span);
  const start = span.start + program.index;
  return [...sentences(text, { start: span.start, end: start }), ...codeSteps(text, { start, end: span.end })];
}

function sentences(text: string, { start, end }: Span): readonly Step[] {
  const steps: Step[] = [];
  let from = start;
  const formulas = [...text.slice(start, end).matchAll(INLINE)].map(({ 0: { length }, index }) => ({
    start: start + index,
    end: start + index + length,
  }));
  const push = (to: number) => {
    const mark = LINE_MARK.exec(text.slice(from, to));
    const span = trimmed(text, { start: from + (mark?.[0].length ?? 0), end: to });
    if (span.start < span.end) steps.push(step("prose", text, span));
    from = to;
  };
  for (const match of text.slice(start, end).matchAll(SENTENCE_END)) {
    const to = start + match.index + match[0].length;
    const before = text.slice(from, start + match.index);
    if (match[0] === "\n" || !(isInside(formulas, to - 1) || SHORT.test(before) || /^\s*\d{1,2}$/.test(before)))
      push(to);
  }
  push(end);
  return steps.flatMap((sentence) => boxApart(text, sentence));
}

/** A formula within a line; between two prices there is prose, and so it is none. */
const INLINE =
  /\$(?![^$\n]*(?:\p{L}{3,}\s+\p{L}{2,}|[.?!]\s+\p{Lu})[^$\n]*\$)[^$\n]{1,300}\$|\\\((?:(?!\\\))[^\n]){0,300}\\\)/gu;

/** Whether a mark stands inside a formula: then it ends no sentence. */
function isInside(formulas: readonly Span[], at: number): boolean {
  return formulas.some(({ start, end }) => start < at && at < end);
}

/** A sentence that begins with the boxed answer and goes on holds two things. */
function boxApart(text: string, sentence: Step): readonly Step[] {
  const box = /^(\$?\\boxed\{[^{}]*\}\$?)\s+\S/.exec(sentence.text);
  if (box === null) return [sentence];
  const middle = sentence.start + box[1]!.length;
  return [
    step("prose", text, { start: sentence.start, end: middle }),
    step("prose", text, trimmed(text, { start: middle, end: sentence.end })),
  ];
}

/** A comment with the lines below it, up to the next; without comments, every line. The frame of a function is no step. */
function codeSteps(text: string, span: Span): readonly Step[] {
  const lines = cut(text, span, /\n/g).filter(({ start, end }) => !isFrame(text.slice(start, end)));
  const steps: Step[] = [];
  let open: Span | null = null;
  for (const line of lines) {
    const comment = COMMENT.test(text.slice(line.start, line.end));
    const onlyComments: boolean = open !== null && isComment(text.slice(open.start, open.end));
    if (open !== null && (comment ? onlyComments : isOpenComment(text.slice(open.start, open.end)))) {
      open = { start: open.start, end: line.end };
    } else {
      if (open !== null) steps.push(step("code", text, open));
      open = line;
    }
  }
  if (open !== null) steps.push(step("code", text, open));
  return steps;
}

function isFrame(line: string): boolean {
  return /^(?:function\b.*\{|[{}()[\];,\s]*|(?:const|let|var)\s+\w+\s*=\s*(?:function\b.*|\(.*\)\s*=>)\s*\{|def\s.*:)$/.test(
    line,
  );
}

function isComment(text: string): boolean {
  return text.split("\n").every((line) => COMMENT.test(line));
}

/** A comment waits for its code: everything up to the next comment is it. */
function isOpenComment(text: string): boolean {
  return COMMENT.test(text);
}

/** Headings, "Step 2:", "Here is how:". */
function leadsIn({ kind, text }: Step): boolean {
  return kind === "prose" && /:[*_]*$/.test(text) && !/[=≈]/.test(text);
}

/** The parts between the marks, trimmed, the empty ones left out. */
function cut(text: string, { start, end }: Span, marks: RegExp): readonly Span[] {
  const spans: Span[] = [];
  let from = start;
  for (const match of text.slice(start, end).matchAll(marks)) {
    spans.push({ start: from, end: start + match.index });
    from = start + match.index + match[0].length;
  }
  spans.push({ start: from, end });
  return spans.map((span) => trimmed(text, span)).filter((span) => span.start < span.end);
}

function trimmed(text: string, { start, end }: Span): Span {
  const part = text.slice(start, end);
  const left = part.length - part.trimStart().length;
  const from = start + left;
  return { start: from, end: Math.max(from, start + part.trimEnd().length) };
}

function step(kind: Step["kind"], text: string, { start, end }: Span): Step {
  return { kind, start, end, text: text.slice(start, end) };
}
