/**
 * @file Compares two answers that were read, kind by kind. Kinds that never mean the same differ; kinds that may mean the same to one reader and not to
 * another stay undecided.
 */
import { whole } from "./arithmetic.ts";
import type { Answer } from "./answer.ts";
import { both, compareItems, compareMembers } from "./collections.ts";
import { compareEquations, compareInequalities } from "./equations.ts";
import { identical, type Verdict } from "./identity.ts";
import { compareIntervals, compareRegions } from "./regions.ts";
import { negative, number, product, sum, type Tree } from "./tree.ts";
import { compareValues } from "./values.ts";
import type { Work } from "./work.ts";

type Of<K extends Answer["kind"]> = Extract<Answer, { kind: K }>;

const undecided = (rule: string): Verdict => ({ equal: null, rule });
const differ = (rule: string): Verdict => ({ equal: false, rule });

/** Symmetric in what it decides. */
export function compare(a: Answer, b: Answer, work: Work): Verdict {
  work.spend(10);
  const again = (x: Answer, y: Answer) => compare(x, y, work);
  if (a.kind === "text" || b.kind === "text") return compareTexts(a, b);
  if (a.kind === "named" || b.kind === "named") return compareNamed(a, b, again, work);
  if (a.kind !== b.kind) {
    return (
      compareKinds(a, b, again, work) ?? compareKinds(b, a, again, work) ?? undecided("different kinds of answers")
    );
  }
  switch (a.kind) {
    case "value":
      return compareValues(a, b as Of<"value">, work);
    case "tuple": {
      const other = b as Of<"tuple">;
      const items = compareItems(a.items, other.items, again);
      if (items.equal !== true || (a.open === other.open && a.close === other.close)) return items;
      return undecided("the same items in other brackets");
    }
    case "set":
      return compareMembers(a.items, (b as Of<"set">).items, false, again);
    case "list":
      return compareMembers(a.items, (b as Of<"list">).items, true, again);
    case "region":
      return compareRegions(a.intervals, (b as Of<"region">).intervals, work);
    case "matrix":
      return compareMatrices(a.rows, (b as Of<"matrix">).rows, work);
    case "equation":
      return compareEquations(a.tree, (b as Of<"equation">).tree, work);
    case "inequality": {
      const other = b as Of<"inequality">;
      return compareInequalities(a, other, work);
    }
    case "assignments":
      return compareAssignments(a.values, (b as Of<"assignments">).values, again);
    case "ratio":
      return compareRatios(a.terms, (b as Of<"ratio">).terms, work);
    case "choice":
    case "numbers": {
      const equal = a.letter === (b as Of<"choice" | "numbers">).letter;
      return equal ? { equal, rule: "same letter" } : differ("different letters");
    }
    default:
      return a satisfies never;
  }
}

function compareTexts(a: Answer, b: Answer): Verdict {
  if (a.kind !== "text" || b.kind !== "text") return undecided("one of the two could not be read");
  // Case says nothing in words and much in mathematics.
  const [x, y] = [words(a.text), words(b.text)];
  if (x !== null && x === y) return { equal: true, rule: "same words" };
  return undecided("different texts, not both numbers");
}

/** Lower case, without fonts. @returns null for what is more than words. */
function words(text: string): string | null {
  const plain = text
    .replaceAll(/\\(?:text|mbox|textbf|textit|textrm|mathrm|mathbf)\s*\{([^{}]*)\}/g, "$1")
    .replaceAll("$", "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/\s*\.$/, "");
  return /^[\p{L}][\p{L} ,'-]+$/u.test(plain) ? plain.toLowerCase() : null;
}

type Again = (a: Answer, b: Answer) => Verdict;

function compareNamed(a: Answer, b: Answer, again: Again, work: Work): Verdict {
  if (a.kind === "named" && b.kind === "named") {
    if (a.name === b.name) return again(a.value, b.value);
    if (a.isFunction !== b.isFunction) {
      const values = again(a.value, b.value);
      return values.equal === true ? undecided("the same, under different names") : values;
    }
    const [x, y] = [equationOf(a), equationOf(b)];
    if (x === null || y === null) return differ("different unknowns");
    const verdict = compareEquations(x, y, work);
    return verdict.equal === null && isConstant(a.value) && isConstant(b.value)
      ? differ("different unknowns")
      : verdict;
  }
  const [named, other] = a.kind === "named" ? [a, b] : [b as Of<"named">, a];
  if (other.kind === "equation") {
    const tree = equationOf(named);
    return tree === null ? undecided("an equation and what solves it") : compareEquations(tree, other.tree, work);
  }
  if (other.kind === "assignments") return differ("one unknown against several");
  if (other.kind === "inequality") return undecided("different kinds of answers");
  return again(named.value, other);
}

/** The named value as an equation. */
function equationOf(answer: Of<"named">): Tree | null {
  if (answer.value.kind !== "value" || answer.isFunction || answer.name.startsWith("(")) return null;
  return sum([{ type: "name", name: answer.name }, negative(answer.value.tree)]);
}

function isConstant(answer: Answer): boolean {
  return answer.kind === "value" && answer.tree.type === "number";
}

/** One direction; null: not this pair of kinds. */
function compareKinds(a: Answer, b: Answer, again: Again, work: Work): Verdict | null {
  switch (a.kind) {
    case "value":
      return compareValueWith(a, b, again);
    case "tuple":
      return compareTupleWith(a, b, again, work);
    case "set":
      if (b.kind === "list") return compareMembers(a.items, b.items, false, again);
      if (b.kind === "region")
        return a.items.length === 0 || b.intervals.length > 0 ? differ("single points against an interval") : null;
      return b.kind === "matrix" || b.kind === "numbers" ? differ("different kinds of answers") : null;
    case "list":
      return b.kind === "region" || b.kind === "matrix" ? differ("different kinds of answers") : null;
    case "region":
      return b.kind === "matrix" || b.kind === "numbers" ? differ("different kinds of answers") : null;
    case "matrix":
    case "equation":
    case "inequality":
    case "assignments":
    case "ratio":
    case "choice":
    case "numbers":
    case "named":
    case "text":
      return null;
    default:
      return a satisfies never;
  }
}

function compareValueWith(a: Of<"value">, b: Answer, again: Again): Verdict | null {
  switch (b.kind) {
    case "choice": {
      if (a.tree.type !== "name" || a.unit !== null) return undecided("a choice and a value");
      return a.tree.name === b.letter ? { equal: true, rule: "same letter" } : differ("different letters");
    }
    case "list":
      return b.ambiguous ? undecided("two numbers or a decimal comma") : manyAgainstOne(a, b.items, again);
    case "set":
      return b.items.length === 1 ? undecided("a number or a set of one") : manyAgainstOne(a, b.items, again);
    case "tuple":
      return b.ambiguous ? undecided("brackets that can be read in two ways") : differ("one number against several");
    case "matrix":
    case "region":
    case "numbers":
      return differ("different kinds of answers");
    case "value":
    case "equation":
    case "inequality":
    case "assignments":
    case "ratio":
    case "named":
    case "text":
      return null;
    default:
      return b satisfies never;
  }
}

/** Members that are all the same are one. */
function manyAgainstOne(a: Answer, items: readonly Answer[], again: Again): Verdict {
  const verdicts = items.map((item) => again(item, a).equal);
  return items.length > 0 && verdicts.every((v) => v !== false)
    ? undecided("the same value several times")
    : differ("one value against another number of them");
}

function compareTupleWith(a: Of<"tuple">, b: Answer, again: Again, work: Work): Verdict | null {
  switch (b.kind) {
    case "set":
      return differ("in order against without order");
    case "list": {
      const items = compareMembers(a.items, b.items, true, again);
      return items.equal === false ? items : undecided("in order or not: brackets were left out");
    }
    case "region":
      return compareIntervals(a, b.intervals, again, work);
    case "matrix": {
      const entries = b.rows.flat().map((tree): Answer => ({ kind: "value", tree, unit: null, digits: null }));
      const isVector = b.rows.length === 1 || b.rows[0]!.length === 1;
      const items = isVector ? compareItems(a.items, entries, again) : differ("a tuple against a matrix");
      return items.equal === true ? undecided("a tuple and a row or column") : items;
    }
    case "assignments": {
      const names = [...b.values.keys()].sort();
      return compareItems(
        a.items,
        names.map((name) => b.values.get(name)!),
        again,
      );
    }
    case "value":
    case "tuple":
    case "equation":
    case "inequality":
    case "ratio":
    case "choice":
    case "numbers":
    case "named":
    case "text":
      return null;
    default:
      return b satisfies never;
  }
}

function compareMatrices(a: readonly (readonly Tree[])[], b: readonly (readonly Tree[])[], work: Work): Verdict {
  if (a.length !== b.length || a[0]!.length !== b[0]!.length) return differ("matrices of different sizes");
  let result: Verdict = { equal: true, rule: "same entries" };
  for (const [i, row] of a.entries()) {
    for (const [j, entry] of row.entries()) {
      result = both(result, identical(entry, b[i]![j]!, work), `row ${i + 1}, column ${j + 1}`);
    }
  }
  return result;
}

function compareAssignments(a: ReadonlyMap<string, Answer>, b: ReadonlyMap<string, Answer>, again: Again): Verdict {
  if (a.size !== b.size || [...a.keys()].some((name) => !b.has(name))) return differ("different unknowns");
  let result: Verdict = { equal: true, rule: "same value for each unknown" };
  for (const [name, value] of a) result = both(result, again(value, b.get(name)!), name);
  return result;
}

/** Equal up to a factor: all products of a term with a term of the other, crosswise. */
function compareRatios(a: readonly Tree[], b: readonly Tree[], work: Work): Verdict {
  if (a.length !== b.length) return differ("ratios of different lengths");
  let result: Verdict = { equal: true, rule: "same ratio" };
  const isZero = (t: Tree) => identical(t, number(whole(0)), work).equal !== false;
  if (a.every(isZero) || b.every(isZero)) return undecided("a ratio of nothing");
  for (const [i, term] of a.entries()) {
    for (const [j, other] of a.entries()) {
      if (j > i)
        result = both(
          result,
          identical(product([term, b[j]!]), product([other, b[i]!]), work),
          `terms ${i + 1} and ${j + 1}`,
        );
    }
  }
  return result;
}
