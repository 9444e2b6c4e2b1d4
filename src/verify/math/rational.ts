/** @file Exact rational numbers read from plain or LaTeX text. No algebra: anything but one number is not read. */

export interface Rational {
  readonly numerator: bigint;
  /** Positive; shares no factor with the numerator. */
  readonly denominator: bigint;
}

/** "7", "−3", "1,234", "0.5", "5/10", "\frac{1}{2}", "50%" as one number; null for anything else. */
export function readRational(text: string): Rational | null {
  const plain = text
    .replaceAll(/\\(?:d|t|c)?frac\s*\{([^{}]+)\}\s*\{([^{}]+)\}/g, "($1)/($2)")
    .replaceAll(/\\[!,;: ]|\\left|\\right|[$\s()]/g, "")
    .replaceAll("−", "-")
    .replace(/\.$/, "");
  const match = /^([-+]?)([\d,]*(?:\.\d+)?)(?:\/([-+]?)([\d,]*(?:\.\d+)?))?(\\?%)?$/.exec(plain);
  if (match === null) return null;
  const [, sign, top, bottomSign, bottom, percent] = match;
  const numerator = readDecimal(top!);
  const denominator = bottom === undefined ? { numerator: 1n, denominator: 1n } : readDecimal(bottom);
  if (numerator === null || denominator === null || denominator.numerator === 0n) return null;
  const negative = (sign === "-") !== (bottomSign === "-");
  const n = numerator.numerator * denominator.denominator * (negative ? -1n : 1n);
  const d = numerator.denominator * denominator.numerator * (percent === undefined ? 1n : 100n);
  return reduced(n, d);
}

export function writeRational({ numerator, denominator }: Rational): string {
  return denominator === 1n ? String(numerator) : `${numerator}/${denominator}`;
}

function readDecimal(text: string): Rational | null {
  const [whole = "", fraction = ""] = text.split(".");
  // A comma marks thousands only where it parts groups of three.
  if (whole.includes(",") && !/^\d{1,3}(?:,\d{3})+$/.test(whole)) return null;
  const digits = whole.replaceAll(",", "") + fraction;
  return digits === "" ? null : { numerator: BigInt(digits), denominator: 10n ** BigInt(fraction.length) };
}

function reduced(numerator: bigint, denominator: bigint): Rational {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
