/**
 * @file The second opinion: a checker that shares nothing with the first. It rewrites LaTeX to plain text by patterns, evaluates that with two stacks in
 * floating point, at fixed values of the letters, and compares. It knows numbers, expressions, tuples and lists of numbers; of all else it says null.
 */

const LONGEST = 300;
const MOST_ROUNDS = 40;
/** Letters take other values at each of these. */
const SETTINGS = [0.61, -1.37, 2.23, -0.83, 0.17];
/** Relative. In between nothing is said. */
const NEAR = 1e-12;
const FAR = 1e-8;
/** Above, neighbouring whole numbers are one double. */
const LARGEST = 2 ** 53;

/** By value alone. @returns null when either cannot be read, and when values are too close or too few to tell. */
export function equalByValue(a: string, b: string): boolean | null {
  const [named, other] = [nameOf(a), nameOf(b)];
  if (named !== undefined && other !== undefined && named !== other) return null;
  const [x, y] = [partsOf(a), partsOf(b)];
  if (x === null || y === null || x.ordered !== y.ordered) return null;
  if (x.parts.length !== y.parts.length) return false;
  if (x.ordered) return all(x.parts.map((part, i) => samePart(part, y.parts[i]!)));
  const sorted = ({ parts }: Parts) =>
    parts.map((part) => ({ part, at: evaluate(part, 0) ?? NaN })).sort((p, q) => p.at - q.at);
  const [p, q] = [sorted(x), sorted(y)];
  if ([...p, ...q].some(({ at }) => Number.isNaN(at))) return null;
  return all(p.map(({ part }, i) => samePart(part, q[i]!.part)));
}

/** Of "x = …". */
function nameOf(answer: string): string | undefined {
  return /^\s*([A-Za-z])\s*=/.exec(answer)?.[1];
}

/** Units that two or one letters make, and choices. */
const NO_VALUE =
  /(?<![A-Za-z])(?:km|cm|mm|kg|mg|ml|mL|ft|lb|oz|in|hr|mi|yd)(?![A-Za-z])|\d\s+[mgshlL]$|^\(?[A-J]\)?$|^[A-Za-z]{2,}$/;

function all(verdicts: readonly (boolean | null)[]): boolean | null {
  return verdicts.includes(false) ? false : verdicts.includes(null) ? null : true;
}

interface Parts {
  readonly parts: readonly string[];
  readonly ordered: boolean;
}

function partsOf(answer: string): Parts | null {
  const plain = answer.length > LONGEST ? null : rewritten(answer);
  if (plain === null) return null;
  const inner = /^\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/.exec(plain)?.[1];
  const ordered = inner?.includes(",") ?? false;
  const parts = (ordered ? inner! : plain).split(",").map((part) => part.trim());
  // A comma inside of brackets that are inside is no separator.
  if (parts.some((part) => part === "" || part.split("(").length !== part.split(")").length)) return null;
  return { parts, ordered: ordered || parts.length === 1 };
}

/** LaTeX as one line of calculator text. @returns null for words, units, relations and everything else that is more than a value. */
function rewritten(answer: string): string | null {
  let text = answer
    .replaceAll(/\\(?:left|right|!|,|;|:)|(?<!\\)\$|\\\$/g, "")
    .replaceAll(/\\[dtc]frac/g, "\\frac")
    .replaceAll("−", "-")
    .replaceAll(/\\(?:cdot|times)(?![a-z])|[×·]/g, "*")
    .replaceAll(/\\pi(?![a-z])|π/g, " P ")
    .replaceAll(/\\%|%/g, "/100")
    .replaceAll(/\\frac\s*(\d)\s*(\d)/g, "(($1)/($2))")
    .replaceAll(/\\sqrt\s*(\d)(?!\d)/g, "R(($1))")
    .replaceAll(/(?<![\d,])(\d{1,3}(?:,\d{3})+)(?![\d,])/g, (n) => n.replaceAll(",", ""))
    .trim()
    .replace(/\.$/, "")
    .replace(/^[a-zA-Z]\s*=(?!.*=)/, "");
  for (let round = 0; round < MOST_ROUNDS && text.includes("\\"); round++) {
    const before = text;
    text = text
      .replaceAll(/\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, "(($1)/($2))")
      .replaceAll(/\\sqrt\s*\{([^{}]*)\}/g, "R(($1))")
      .replaceAll(/\^\s*\{([^{}]*)\}/g, "^($1)");
    if (text === before) break;
  }
  text = text.replaceAll(/\^\s*\{([^{}]*)\}/g, "^($1)");
  // A mixed number is a sum: only the first checker knows them.
  if (NO_VALUE.test(text)) return null;
  return /[^\d.\sA-Za-z()+\-*/^,!]|[A-QS-Z]{2}|[a-z]{3}|\d\s*\(\(\d+\)\/\(\d+\)\)|\d\s+\d/.test(text) ? null : text;
}

function samePart(a: string, b: string): boolean | null {
  let compared = 0;
  for (const [setting] of SETTINGS.entries()) {
    const [x, y] = [evaluate(a, setting), evaluate(b, setting)];
    if (x === null || y === null) return null;
    if (Number.isNaN(x) !== Number.isNaN(y)) return null;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    const [distance, size] = [Math.abs(x - y), Math.max(Math.abs(x), Math.abs(y))];
    if (distance > FAR * size && size > 1e-12) return false;
    if (distance > NEAR * size && size > 1e-12) return null;
    if (size > LARGEST) return null;
    if (size <= 1e-12 && distance > 0 && x * y !== 0) return null;
    compared++;
  }
  return compared >= 2 ? true : null;
}

const RANK: Readonly<Record<string, number>> = { "+": 1, "-": 1, "*": 2, "/": 2, "~": 3, "^": 4, R: 5 };

/** Two stacks: values and signs (Dijkstra 1961). @returns null for text that is no expression; NaN where it has no real value. */
function evaluate(text: string, setting: number): number | null {
  const tokens = text.match(/\d+(?:\.\d*)?|\.\d+|[A-Za-z]|[()+\-*/^!]/g) ?? [];
  if (tokens.join("") !== text.replaceAll(/\s/g, "")) return null;
  const values: number[] = [];
  const signs: string[] = [];
  let before = "";
  let slashed = false;
  const reduce = (rank: number): boolean => {
    while (signs.length > 0 && signs.at(-1) !== "(" && RANK[signs.at(-1)!]! >= rank)
      if (!apply(signs.pop()!, values)) return false;
    return true;
  };
  for (const token of tokens) {
    const isValue = /^[\d.A-Za-z(]/.test(token);
    const follows = /^[\d.A-QS-Za-z)!]/.test(before);
    if (isValue && follows) {
      // Digits behind a value, and a product behind a slash, have two readings.
      if (/^[\d.]/.test(token) || slashed || !reduce(2)) return null;
      signs.push("*");
    }
    if (token === "(" || token === "R") signs.push(token);
    else if (isValue) values.push(valueOf(token, setting));
    else if (token === ")") {
      if (!reduce(1) || signs.pop() !== "(") return null;
      slashed = false;
    } else if (token === "!") return null;
    else if ((token === "-" || token === "+") && !follows) {
      if (token === "-") signs.push("~");
    } else {
      if (!follows) return null;
      // Powers bind to the right.
      if (!reduce(token === "^" ? 5 : RANK[token]!)) return null;
      signs.push(token);
      slashed = token === "/" || (slashed && token !== "+" && token !== "-" && token !== "*");
    }
    before = token;
  }
  return reduce(1) && signs.length === 0 && values.length === 1 ? values[0]! : null;
}

/** P is π; e is Euler's number; i is no real number; every other letter has a value of its own. */
function valueOf(token: string, setting: number): number {
  if (/^[\d.]/.test(token)) return Number(token);
  if (token === "P") return Math.PI;
  if (token === "e") return Math.E;
  if (token === "i") return NaN;
  return SETTINGS[setting]! + 0.0731 * ((token.charCodeAt(0) * 17) % 53) * (setting % 2 === 0 ? 1 : -1);
}

function apply(sign: string, values: number[]): boolean {
  const b = values.pop();
  if (b === undefined) return false;
  if (sign === "~" || sign === "R") {
    values.push(sign === "~" ? -b : Math.sqrt(b));
    return true;
  }
  const a = values.pop();
  if (a === undefined) return false;
  values.push(sign === "+" ? a + b : sign === "-" ? a - b : sign === "*" ? a * b : sign === "/" ? a / b : a ** b);
  return true;
}
