/**
 * @file The verdict of a reward: our own checker has the last word wherever it has one. A formula that it cannot read may be put to a symbolic checker behind a
 * port; a second checker, by value alone, looks at every pair, and where it sees a difference, a symbolic "equal" does not count.
 */
import { type AlternativeOptions, decide, type Equivalence } from "./equivalent.ts";
import { equalByValue } from "./second.ts";

/** A computer algebra system, outside of the core. */
export interface SymbolicChecker {
  /** Are two LaTeX formulas identically equal? Never rejects. @returns null when it cannot tell, or not in time. */
  check(a: string, b: string): Promise<boolean | null>;
}

export interface SettleOptions extends AlternativeOptions {
  readonly symbolic?: SymbolicChecker | null;
}

export interface Settled extends Equivalence {
  /** What the second checker says; null when it cannot tell. It never changes `equal`, except against a symbolic "equal". */
  readonly second: boolean | null;
}

/** Two answers, as extracted. Symmetric and reflexive if the symbolic checker is. Asks it last, so numbers never wait for it. */
export async function settleAnswers(
  a: string,
  b: string,
  { symbolic = null, ...options }: SettleOptions = {},
): Promise<Settled> {
  const { equal, rule, isUnreadFormula, ...decided } = decide(a, b, options);
  const forms = { a: decided.a, b: decided.b };
  const second = a < b ? equalByValue(a, b) : equalByValue(b, a);
  if (symbolic === null || !isUnreadFormula || !isPlainlyClosed(a) || !isPlainlyClosed(b))
    return { equal, rule, ...forms, second };
  const proved = a < b ? await symbolic.check(a, b) : await symbolic.check(b, a);
  if (proved === true && second !== false) return { equal: true, rule: "same by computer algebra", ...forms, second };
  if (proved === false && second !== true)
    return { equal: false, rule: "different by computer algebra", ...forms, second };
  return { equal, rule, ...forms, second };
}

/**
 * Computer algebra cancels x/x and drops the constant of an integral: it is asked only where neither can happen.
 * Sums and limits have letters that are bound; quotients and roots of letters may have gaps.
 */
function isPlainlyClosed(formula: string): boolean {
  const letters = /[A-Za-z]/.test(formula.replaceAll(/\\[A-Za-z]+/g, " "));
  const mayHaveGaps = /\\[dtc]?frac|\/|\\sqrt|\\ln|\\log|\\tan|\\cot|\\sec|\\csc|\^\s*\{?\s*-|!/.test(formula);
  const isIndefinite = /\\int(?!\s*(?:\\limits\s*)?[_^])/.test(formula);
  return !isIndefinite && !(letters && mayHaveGaps);
}
