/**
 * @file Are two final answers the same? Decided by our own reader and arithmetic, synchronously: numbers exactly, expressions by identity testing,
 * everything else part by part. What that leaves open may be settled by settle.ts.
 */
import { readAnswer } from "./read.ts";
import type { Answer } from "./answer.ts";
import { compare } from "./compare.ts";
import type { Verdict } from "./identity.ts";
import { TooMuchWork, Work } from "./work.ts";
import { writeAnswer } from "./write-answer.ts";

export interface Equivalence {
  /** null: could not be decided, which is not "no". */
  readonly equal: boolean | null;
  /** Which rule decided, for people. */
  readonly rule: string;
  /** Normal forms of the two. */
  readonly a: string;
  readonly b: string;
}

export interface AlternativeOptions {
  /** Where one says "4 or −4" and the other names one value, the first-named is accepted. */
  readonly acceptAlternative?: boolean;
}

/** Symmetric and reflexive; never throws; evaluates nothing; takes at most MOST_WORK operations. */
export function sameAnswer(a: string, b: string, options: AlternativeOptions = {}): Equivalence {
  const { equal, rule, a: x, b: y } = decide(a, b, options);
  return { equal, rule, a: x, b: y };
}

export interface Decision extends Equivalence {
  /** Undecided because one of the two is a formula that our reader lacks, while nothing speaks for two readings. */
  readonly isUnreadFormula: boolean;
  readonly work: number;
}

/** {@link sameAnswer} with what the caller needs to go on. */
export function decide(a: string, b: string, { acceptAlternative = false }: AlternativeOptions = {}): Decision {
  // One order for both, so that neither rounding nor the budget can tell them apart.
  if (b < a) {
    const turned = decide(b, a, { acceptAlternative });
    return { ...turned, a: turned.b, b: turned.a };
  }
  const work = new Work();
  try {
    const [x, y] = [readAnswer(a, work), readAnswer(b, work)];
    const forms = { a: formOf(a, x), b: formOf(b, y) };
    const verdict = plainText(a) === plainText(b) ? sameText(x) : compareWith(x, y, acceptAlternative, work);
    const open = verdict.equal === null && (isFormula(x) || isFormula(y)) && !isWords(x) && !isWords(y);
    return { ...verdict, ...forms, isUnreadFormula: open, work: work.spent };
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
    const equal = plainText(a) === plainText(b) ? true : null;
    const rule = equal ? "same text" : "too much work to decide";
    return { equal, rule, a: plainText(a), b: plainText(b), isUnreadFormula: false, work: work.spent };
  }
}

function sameText(read: Answer): Verdict {
  const isNumber = read.kind === "value" && read.tree.type === "number" && read.unit === null;
  return { equal: true, rule: isNumber ? "same number" : "same text" };
}

function compareWith(a: Answer, b: Answer, acceptAlternative: boolean, work: Work): Verdict {
  const verdict = compare(a, b, work);
  if (!acceptAlternative || verdict.equal === true) return verdict;
  for (const [many, one] of [
    [a, b],
    [b, a],
  ] as const) {
    const first = firstNamed(many);
    if (first !== null && firstNamed(one) === null && compare(first, one, work).equal === true) {
      return { equal: true, rule: "the first of the alternatives" };
    }
  }
  return verdict;
}

/** Of "4 or −4" and "x = 4 or x = −4". */
function firstNamed(answer: Answer): Answer | null {
  if (answer.kind === "named") {
    const first = firstNamed(answer.value);
    return first === null ? null : { ...answer, value: first };
  }
  return answer.kind === "list" ? (answer.items[0] ?? null) : null;
}

function isFormula(answer: Answer): boolean {
  return answer.kind === "text" && answer.isFormula;
}

function isWords(answer: Answer): boolean {
  return answer.kind === "text" && !answer.isFormula;
}

function formOf(text: string, answer: Answer): string {
  return answer.kind === "text" ? plainText(text) : writeAnswer(answer);
}

/** Spacing, dollar signs and a final full stop do not tell answers apart. */
function plainText(answer: string): string {
  return answer
    .replaceAll("$", "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/\s*\.$/, "");
}
