/** @file Units of measure: which are the same, which convert, which are only words. Temperatures and money of different countries do not convert. */
import { ONE, over, power, ratio, times, whole } from "./arithmetic.ts";
import type { Rational } from "./rational.ts";

export interface Unit {
  /** As written, for comparison of units that no table knows; lower case, singular. */
  readonly text: string;
  /** null: not in the table. */
  readonly known: Measure | null;
}

interface Measure {
  /** Dimension → exponent, none zero, sorted: "length^2 time^-1". */
  readonly dimension: string;
  /** How many of the dimension's first unit. */
  readonly factor: Rational;
}

/** dimension: unit (and its other names) = factor. The first of each line is the measure. */
const TABLE = `
length: m meter metre = 1; km kilometer kilometre = 1000; dm = 1/10; cm centimeter centimetre = 1/100; mm millimeter millimetre = 1/1000; in inch inches = 127/5000; ft foot feet = 381/1250; yd yard = 1143/1250; mi mile = 201168/125
mass: kg kilogram = 1; g gram = 1/1000; mg milligram = 1/1000000; t ton tonne = 1000; lb lbs pound = 45359237/100000000; oz ounce = 45359237/1600000000
time: s sec second = 1; ms millisecond = 1/1000; min minute = 60; h hr hour = 3600; day = 86400; week = 604800
volume: L l liter litre = 1; mL ml milliliter millilitre = 1/1000
money: dollar usd = 1; cent ¢ = 1/100
euro: euro eur = 1
pound-sterling: gbp = 1
yen: yen = 1
angle: degree deg ° = 1; arcminute = 1/60
radian: rad radian = 1
`;

/** What names no measure: "6 units" is 6. */
const EMPTY = new Set(["unit", "square unit", "cubic unit", "unit^2", "unit^3", "sq unit"]);
export const CURRENCIES: Readonly<Record<string, string>> = { $: "dollar", "€": "euro", "£": "gbp", "¥": "yen" };

const KNOWN = new Map<string, Measure>();
for (const line of TABLE.trim().split("\n")) {
  const [dimension = "", units = ""] = line.split(": ");
  for (const unit of units.split("; ")) {
    const [names = "", factor = ""] = unit.split(" = ");
    const [top = "1", bottom = "1"] = factor.split("/");
    for (const name of names.split(" ")) {
      KNOWN.set(name, { dimension: `${dimension}^1`, factor: ratio(BigInt(top), BigInt(bottom))! });
    }
  }
}

/**
 * @param words of the unit in order, with "/", "*" and "^" between them; exponents are digits.
 * @returns null for "units" and the like, which say nothing; undefined for what is no unit at all.
 */
export function readUnit(words: readonly string[]): Unit | null | undefined {
  const text = words
    .map((w) => (/^[A-Za-z]{3,}$/.test(w) ? singular(w.toLowerCase()) : w))
    .join(" ")
    .replaceAll(" ^ ", "^");
  if (EMPTY.has(text)) return null;
  if (words.length > 9 || words.some((w) => MULTIPLIERS.has(w.toLowerCase()))) return undefined;
  const known = measure(words);
  // A letter alone is an unknown, not a word.
  if (known === null && words.some((w) => !/^[A-Za-z'°-]{2,}$/.test(w)) && words[0] !== "degree") return undefined;
  return { text, known };
}

/** Words that change the number before them. */
const MULTIPLIERS = new Set(
  (
    "dozen dozens hundred thousand million billion trillion half halves third thirds quarter quarters fourths fifth fifths sixths sevenths eighths ninths tenth tenths " +
    "hundredth hundredths thousandth thousandths pair pairs score squared cubed factorial root less more fewer than plus minus times over under divided multiplied by mod modulo " +
    "remainder not no wrong false negative least most about approximately between to choose base power"
  ).split(" "),
);
const MODIFIERS: Readonly<Record<string, number>> = { square: 2, sq: 2, cubic: 3, cu: 3 };
const SPEEDS: Readonly<Record<string, readonly string[]>> = { mph: ["mile", "/", "hour"], kph: ["km", "/", "hour"] };

function measure(words: readonly string[]): Measure | null {
  const expanded = words.flatMap((w) => SPEEDS[w] ?? [w]);
  const exponents = new Map<string, number>();
  let factor = ONE;
  let direction = 1;
  let next = 1;
  for (let i = 0; i < expanded.length; i++) {
    const word = expanded[i]!;
    if (word === "/" || word === "per") {
      direction = -1;
      continue;
    }
    if (word === "*") continue;
    const modifier = MODIFIERS[word.toLowerCase()];
    if (modifier !== undefined) {
      next = modifier;
      continue;
    }
    const unit = KNOWN.get(word) ?? KNOWN.get(singular(word.toLowerCase())) ?? KNOWN.get(word.toLowerCase());
    if (unit === undefined) return null;
    let exponent = next;
    next = 1;
    if (expanded[i + 1] === "^") {
      exponent *= Number(expanded[i + 2]);
      i += 2;
    }
    if (!Number.isInteger(exponent) || Math.abs(exponent) > 9) return null;
    const name = unit.dimension.slice(0, -2);
    exponents.set(name, (exponents.get(name) ?? 0) + direction * exponent);
    const scaled = power(unit.factor, whole(exponent));
    if (scaled === null) return null;
    factor = direction === 1 ? times(factor, scaled) : over(factor, scaled)!;
  }
  const dimension = [...exponents]
    .filter(([, e]) => e !== 0)
    .map(([name, e]) => `${name}^${e}`)
    .sort()
    .join(" ");
  return dimension === "" ? null : { dimension, factor };
}

function singular(word: string): string {
  if (word === "feet" || word === "inches") return word;
  return word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}
