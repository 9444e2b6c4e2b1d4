/** @file Normal forms for people: an expression in one line of plain text, its sums and products in alphabetical order. Nothing compares these. */
import { writeRational } from "./rational.ts";
import type { Tree } from "./tree.ts";

const CONSTANTS = { pi: "π", e: "e", i: "i", infinity: "∞" } as const;

export function writeTree(tree: Tree): string {
  switch (tree.type) {
    case "number":
      return writeRational(tree.value);
    case "constant":
      return CONSTANTS[tree.name];
    case "name":
      return tree.name;
    case "sum":
      return tree.terms.map(writeTree).sort(byText).join(" + ").replaceAll("+ -", "- ");
    case "product": {
      const factors = tree.factors.map((f) => wrapped(f)).sort(byText);
      return factors[0] === "(-1)"
        ? `-${factors.slice(1).join("·")}`
        : factors.join("·").replace(/^\((-[\d]+)\)/, "$1");
    }
    case "quotient":
      return `${wrapped(tree.over)}/${wrapped(tree.under)}`;
    case "power":
      return `${wrapped(tree.base)}^${wrapped(tree.exponent)}`;
    case "root":
      return tree.degree === 2 ? `√(${writeTree(tree.of)})` : `root${tree.degree}(${writeTree(tree.of)})`;
    case "call":
      return tree.name === "abs" ? `|${writeTree(tree.of)}|` : `${tree.name}(${writeTree(tree.of)})`;
    default:
      return tree satisfies never;
  }
}

/** In brackets unless it is one thing. */
function wrapped(tree: Tree): string {
  const text = writeTree(tree);
  const single = tree.type === "number" ? /^\d+$/.test(text) : !["sum", "product", "quotient"].includes(tree.type);
  return single ? text : `(${text})`;
}

/** By code unit: the same everywhere. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
