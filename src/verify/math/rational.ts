/** @file Exact rational numbers read from plain or LaTeX text. No algebra: anything but one number is not read, rather than guessed at. */

export interface Rational {
  readonly numerator: bigint;
  /** Positive; shares no factor with the numerator. */
  readonly denominator: bigint;
}

/** Commas and spaces mark thousands only where they part groups of three. */
const WHOLE = String.raw`(?:\d{1,3}(?:[, ]\d{3})+|\d+)`;
const DECIMAL = String.raw`(?:${WHOLE}(?:\.\d*)?|\.\d+)`;
const SIGN = "[-+]?";
const PLAIN = String.raw`(?<top>${DECIMAL})(?:\s*/\s*(?<bottom>${SIGN}${DECIMAL}))?`;
const MIXED = String.raw`(?<whole>\d+)\s+(?<part>\d+)\s*/\s*(?<parts>\d+)`;
const FRACTION = String.raw`(?<wholes>\d+)?\s*\\[dtc]?frac\s*\{\s*(?<over>${SIGN}${DECIMAL})\s*\}\s*\{\s*(?<under>${SIGN}${DECIMAL})\s*\}`;
const NUMBER = new RegExp(String.raw`^(?<sign>${SIGN})\s*(?:${PLAIN}|${MIXED}|${FRACTION})\s*(?<percent>\\?%)?$`);

/** "7", "−3", "1,234", "0.5", "5/10", "1 1/2", "\frac{1}{2}", "50%" as one number; null for anything else. */
export function readRational(text: string): Rational | null {
  const found = NUMBER.exec(plain(text))?.groups;
  if (found === undefined) return null;
  const { sign, top, bottom = "1", whole, part, parts, wholes = "0", over, under, percent } = found;
  const size =
    top !== undefined
      ? quotient(top, bottom)
      : whole !== undefined
        ? sum(readDecimal(whole), quotient(part!, parts!))
        : sum(readDecimal(wholes), quotient(over!, under!));
  if (size === null) return null;
  const n = sign === "-" ? -size.numerator : size.numerator;
  return reduced(n, size.denominator * (percent === undefined ? 1n : 100n));
}

export function writeRational({ numerator, denominator }: Rational): string {
  return denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;
}

/** Without what changes no value: dollar signs, sizing, LaTeX spaces, a final full stop, one pair of brackets around it all. */
function plain(text: string): string {
  const bare = text
    .replaceAll(/\\left|\\right|\$|\\!/g, "")
    .replaceAll(/\\[,;: ]|\s+/g, " ")
    .replaceAll(/[−–]/g, "-")
    .trim()
    .replace(/\s*\.$/, "");
  const inner = /^\(([^(),]*)\)$/.exec(bare)?.[1];
  return (inner ?? bare).trim();
}

function quotient(top: string, bottom: string): Rational | null {
  const [a, b] = [readDecimal(top), readDecimal(bottom)];
  if (b.numerator === 0n) return null;
  const n = a.numerator * b.denominator;
  const d = a.denominator * b.numerator;
  return d < 0n ? { numerator: -n, denominator: -d } : { numerator: n, denominator: d };
}

function sum(a: Rational, b: Rational | null): Rational | null {
  if (b === null) return null;
  return {
    numerator: a.numerator * b.denominator + b.numerator * a.denominator,
    denominator: a.denominator * b.denominator,
  };
}

/** A text that matches SIGN and DECIMAL. */
function readDecimal(text: string): Rational {
  const [whole = "", fraction = ""] = text.replaceAll(/[, +-]/g, "").split(".");
  const size = BigInt(whole + fraction);
  return { numerator: text.startsWith("-") ? -size : size, denominator: 10n ** BigInt(fraction.length) };
}

function reduced(numerator: bigint, denominator: bigint): Rational {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
