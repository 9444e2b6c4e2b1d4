/**
 * @file Reads an answer: what kind of thing it is, and its parts. Outermost first: alternatives and lists, relations, unions, matrices, sets, ±,
 * brackets, ratios, at last one expression with its unit. What has two readings, or none, is left as text.
 */
import { type Answer, value } from "./answer.ts";
import { readExpression } from "./expression.ts";
import { infinity, intervalOf, readMatrix } from "./brackets.ts";
import { continued, joinNamed, plainList } from "./join.ts";
import { lex, type Token } from "./lexer.ts";
import { readRational } from "./rational.ts";
import { readValue } from "./read-value.ts";
import { isRelation, readRelation } from "./relation.ts";
import { enclosed, isSign, splitAt } from "./split.ts";
import { tidy } from "./tidy.ts";
import { number } from "./tree.ts";
import { LONGEST, MOST_MEMBERS, type Work } from "./work.ts";
import { readWords } from "./words.ts";

/** Signs to choose in one answer. */
const MOST_SIGNS = 4;
const MOST_DEPTH = 8;

/** Never fails: what cannot be read is text. */
export function readAnswer(answer: string, work: Work): Answer {
  work.spend(answer.length);
  const exact = answer.length <= LONGEST ? readRational(answer) : null;
  if (exact !== null) return value(number(exact));
  const text = answer.length <= LONGEST ? tidy(answer) : answer;
  const unread = (isFormula: boolean): Answer => ({ kind: "text", text: answer, isFormula });
  if (answer.length > LONGEST || text === "") return unread(false);
  const words = readWords(text);
  if (words !== null) return words;
  const tokens = lex(text);
  if (tokens === null) return unread(false);
  const read = new Reader(text, work).read(tokens, 0);
  if (read !== null) return read;
  // Dots stand for what the reader is to guess, and words for anything.
  return unread(!tokens.some((t) => t.type === "word" || isSign(t, "dots", "pm", "mp", ",", ";", ":", "approx")));
}

/** Reads tokens at a depth of nesting. @returns null when they are nothing that is known. */
export type Read = (tokens: readonly Token[], depth: number) => Answer | null;

class Reader {
  private readonly text: string;
  private readonly work: Work;

  constructor(text: string, work: Work) {
    this.text = text;
    this.work = work;
  }

  readonly read: Read = (tokens, depth) => {
    this.work.spend(tokens.length);
    if (tokens.length === 0 || depth > MOST_DEPTH) return null;
    const joined = asUnions(tokens);
    const { runs, separators } = splitAt(joined, isListSeparator);
    if (separators.length > 0) return this.list(runs, separators, depth);
    if (splitAt(joined, isRelation).separators.length > 0) {
      return readRelation(joined, (inner) => this.read(inner, depth + 1), this.work);
    }
    const union = splitAt(joined, (t) => isSign(t, "cup"));
    if (union.separators.length > 0) return this.union(union.runs, depth);
    if (joined.some((t) => isSign(t, "begin"))) return readMatrix(joined);
    if (isSign(joined[0], "\\{") || (isSign(joined[0], "{") && joined.some((t) => isSign(t, ","))))
      return this.set(joined, depth);
    if (joined.some((t) => isSign(t, "pm", "mp"))) return this.signs(joined, depth);
    const inner = isSign(joined[0], "(", "[") ? enclosed(joined) : null;
    if (inner !== null) return this.bracket(joined, inner, depth);
    const terms = splitAt(joined, (t) => isSign(t, ":"));
    if (terms.separators.length > 0) return readRatio(terms.runs);
    return readValue(joined);
  };

  private members(runs: readonly (readonly Token[])[], depth: number): Answer[] | null {
    const items: Answer[] = [];
    for (const run of runs) {
      const item = this.read(run, depth + 1);
      if (item === null || items.length >= MOST_MEMBERS) return null;
      items.push(item);
    }
    return items;
  }

  private list(runs: readonly (readonly Token[])[], separators: readonly Token[], depth: number): Answer | null {
    // A comma before "and" makes an empty run.
    const filled = runs.filter((run) => run.length > 0);
    if (filled.length < 2) return filled.length === 1 ? this.read(filled[0]!, depth + 1) : null;
    const items = this.members(filled, depth);
    if (items === null) return null;
    const isOr = separators.some((t) => t.text === "or");
    if (items.every((item) => item.kind === "named")) return joinNamed(items, isOr);
    return continued(items) ?? plainList(items, /^-?\d+,\d+$/.test(this.text));
  }

  private union(runs: readonly (readonly Token[])[], depth: number): Answer | null {
    const items = this.members(runs, depth);
    const intervals = items?.map((item) => (item.kind === "region" ? item.intervals : intervalOf(item)));
    if (intervals === undefined || intervals.some((i) => i === null)) return null;
    return { kind: "region", intervals: intervals.flatMap((i) => i!) };
  }

  private set(tokens: readonly Token[], depth: number): Answer | null {
    const inner = enclosed(tokens);
    if (inner === null) return null;
    if (inner.length === 0) return { kind: "set", items: [] };
    const items = this.members(splitAt(inner, (t) => isSign(t, ",", ";")).runs, depth);
    if (items === null || items.some(isStatement)) return null;
    return { kind: "set", items: items.flatMap((item) => (item.kind === "list" ? item.items : [item])) };
  }

  /** ± stands for both signs; with a ∓ beside it, all signs go together. */
  private signs(tokens: readonly Token[], depth: number): Answer | null {
    const places = tokens.flatMap((t, i) => (isSign(t, "pm", "mp") ? [i] : []));
    const together = places.length > 1 && tokens.some((t) => isSign(t, "mp"));
    const free = together ? 1 : places.length;
    if (free > MOST_SIGNS) return null;
    const runs = Array.from({ length: 2 ** free }, (_, choice) =>
      tokens.map((token, i): Token => {
        const place = places.indexOf(i);
        if (place === -1) return token;
        const second = (choice >> (together ? 0 : free - 1 - place)) & 1;
        return { type: "sign", text: isSign(token, "pm") === (second === 0) ? "+" : "-" };
      }),
    );
    const items = this.members(runs, depth);
    return items === null ? null : { kind: "list", items, ambiguous: false };
  }

  private bracket(tokens: readonly Token[], inner: readonly Token[], depth: number): Answer | null {
    const { runs } = splitAt(inner, (t) => isSign(t, ",", ";"));
    const [open, close] = [tokens[0]!.text, tokens.at(-1)!.text];
    const items = this.members(runs, depth);
    if (items === null || items.some(isStatement)) return null;
    if (items.length === 1 && open === "(" && close === ")") return items[0]!;
    const ambiguous = items.length === 1 || /^\(-?\d{1,3}(?:,\d{3})+\)$/.test(this.text);
    const tuple: Answer = { kind: "tuple", open, close, items, ambiguous };
    const interval = open === "(" && close === ")" && !items.some(isInfinite) ? null : intervalOf(tuple);
    return interval === null ? tuple : { kind: "region", intervals: interval };
  }
}

function isListSeparator(token: Token): boolean {
  return (
    isSign(token, ",", ";", "and", "or") || (token.type === "word" && (token.text === "and" || token.text === "or"))
  );
}

/** What says something about an unknown is no member of a set and no coordinate. */
function isStatement({ kind }: Answer): boolean {
  return kind === "named" || kind === "equation" || kind === "inequality" || kind === "assignments";
}

function isInfinite(item: Answer): boolean {
  return item.kind === "value" && infinity(item.tree) !== 0;
}

/** A capital U between two intervals is a union. */
function asUnions(tokens: readonly Token[]): readonly Token[] {
  return tokens.map((t, i) =>
    t.type === "name" && t.text === "U" && isSign(tokens[i - 1], ")", "]") && isSign(tokens[i + 1], "(", "[")
      ? { type: "sign", text: "cup" }
      : t,
  );
}

function readRatio(runs: readonly (readonly Token[])[]): Answer | null {
  const terms = runs.map((run) => readExpression(run));
  return terms.some((t) => t === null) ? null : { kind: "ratio", terms: terms.map((t) => t!) };
}
