/** @file What a step says, as far as it can be compared without understanding it: its work, its numbers, its words, whether it denies. Leaves out: comparing (compare.ts). */
import type { Step } from "./steps.ts";

export interface Claim {
  /** The lines of code without comments, spacing and semicolons; null where there are none. */
  readonly code: readonly string[] | null;
  /** The boxed answer, or what is called the answer, without spacing; null where there is none. */
  readonly answer: string | null;
  /** What stands between equals signs, in one notation: `3 × 4 = 12` is [3×4, 12]. In order. */
  readonly equations: readonly (readonly string[])[];
  /** One notation, in order, doubles stay; number words up to twelve too. */
  readonly numbers: readonly string[];
  /** Signs of arithmetic, in order. */
  readonly signs: readonly string[];
  /** Stems of the words that carry meaning, each once; of code, its comment's. */
  readonly words: ReadonlySet<string>;
  /** Names, numbers and operators of the code, each once. */
  readonly tokens: ReadonlySet<string>;
  /** Whether the main clause says no. */
  readonly denies: boolean;
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|^\s*#[^\n]*/gm;
const NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const NUMBER = new RegExp(`\\d+(?:[.,]\\d+)*|\\b(?:${NUMBER_WORDS.join("|")})\\b`, "gi");
const ANSWER =
  /\\boxed\{((?:[^{}]|\{[^{}]*\})*)\}|\b(?:answer|result|total) (?:is|comes to|equals)\b[^\d−-]*([−-]?\d+(?:[.,]\d+)*)/i;

/** Words that tell a sentence's form and not its matter. */
const FORM = new Set(
  (
    "a an the and or but if then so as that this these those it its is are be was were been being to of in on at for with from by " +
    "you your yours we our us they them their he she his her i my do does did done can could will would may might shall should must " +
    "have has had having when while than because since also too very just only even there here what which who whom how why more most " +
    "much many some any each every all both other such own same up down out off into about after before again once now first second " +
    "next last finally therefore thus hence get gets let need make makes not no never nor neither"
  ).split(" "),
);

/** Denials, and advice against something: "leave out coffee" is "do not drink coffee". */
const NO =
  /\b(?:not|never|none|nothing|neither|nor|cannot|unnecessary|needless|pointless|useless|ignore|avoid|skip|leave out|(?:stay|keep) (?:away|off)|(?<!\b(?:say|saying|said|your|a) )no)\b|n't\b/i;
/** Where a reason or a condition begins: what is denied there is not the claim. */
const REASON = /,? (?:because|since|so that|if|when|unless|until)\b|, (?:as|so|for)\b/i;

export function claimOf({ kind, text }: Step): Claim {
  const comments = kind === "code" ? (text.match(COMMENT)?.join(" ") ?? "") : "";
  const code = kind === "code" ? text.replaceAll(COMMENT, " ") : "";
  const formula = kind === "code" ? "" : oneNotation(text);
  const [, boxed, called] = ANSWER.exec(text) ?? [];
  const answer = boxed ?? called;
  return {
    code: code.trim() === "" ? null : linesOf(code),
    answer: answer === undefined ? null : oneNotation(answer).replaceAll(/\s+/g, ""),
    equations: equationsIn(formula),
    numbers: (formula.match(NUMBER) ?? []).map(plainNumber),
    signs: formula.match(/[+×÷√=]|(?<=[\d)] *)-(?= *[\d(])/g) ?? [],
    words: kind === "code" ? stems(comments) : stems(text.replaceAll(/\\[a-z]+/gi, " "), FORM),
    tokens: new Set(code.match(/[\p{L}_]\w*|\d+(?:\.\d+)?|[^\s\w;]+/gu) ?? []),
    denies: NO.test(text.split(REASON)[0]!),
  };
}

/** LaTeX and keyboard signs as one notation: `\frac{a}{b}`, `a \cdot b`, `$…$`. */
function oneNotation(text: string): string {
  return text
    .replaceAll(/\\d?t?frac\{([^{}]*)\}\{([^{}]*)\}/g, "$1 ÷ $2")
    .replaceAll(/\\sqrt\{([^{}]*)\}/g, "√$1")
    .replaceAll(/\\(?:times|cdot)\b|[*·∙x](?=\s*\d)|(?<=\d\s*)[*·∙]/g, "×")
    .replaceAll(/\\div\b|(?<=\d\s*)[/:](?=\s*\d)/g, "÷")
    .replaceAll(/[−–]/g, "-")
    .replaceAll(/(?<=\d),(?=\d{3}\b)/g, "")
    .replaceAll(/\\(?:text|mathrm|left|right|boxed|quad|[,;! ])|\\[()[\]]|[${}]|\*\*|&/g, " ");
}

function linesOf(code: string): readonly string[] {
  return code
    .split("\n")
    .map((line) => line.replaceAll(/\s+|;\s*$/g, ""))
    .filter((line) => line !== "");
}

/** In one pass, since the text may be hostile: an expression goes on over a sign, and ends at a space between two names or numbers. */
function equationsIn(formula: string): string[][] {
  const equations: string[][] = [];
  let expression = "";
  const end = () => {
    if (expression.includes("=") && /\d/.test(expression)) equations.push(expression.split("="));
    expression = "";
  };
  let signBefore = true;
  for (const [token, space = "", part = ""] of formula.matchAll(/(\s*)(\d+(?:\.\d+)?|\p{L}+|\S)/gu)) {
    const isSign = /^[-+×÷√^=]$/.test(part);
    if (/^[,;:.?!≈<>]$/.test(part) || token === "") end();
    else {
      if (space !== "" && !isSign && !signBefore) end();
      expression += part;
    }
    signBefore = isSign || expression === "";
  }
  end();
  return equations;
}

function plainNumber(digits: string): string {
  const word = NUMBER_WORDS.indexOf(digits.toLowerCase());
  if (word !== -1) return String(word + 2);
  const value = Number(digits.replaceAll(",", "."));
  return Number.isNaN(value) ? digits : String(value);
}

/** @param without words that do not count. */
function stems(text: string, without: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const words = text.toLowerCase().match(/\p{L}+(?:['’]\p{L}+)*/gu) ?? [];
  return new Set(words.filter((word) => word.length > 1 && !without.has(word)).map(stem));
}

/** English endings off, so that "smoking" and "smokes" meet; crude, since only equality counts. */
function stem(word: string): string {
  const base = word.replace(/['’]s?$/, "").replace(/(?<=.{3})(?:ing|ies|ied|ed|es|s|ly)$/, "");
  return base.replace(/(.)\1$/, "$1").replace(/(?<=.{2})[ey]$/, "");
}
