/** @file Normal forms of answers for people: values in lowest terms, sets in alphabetical order, inequalities as intervals. Nothing compares these. */
import type { Answer, Interval } from "./answer.ts";
import type { Tree } from "./tree.ts";
import { writeTree } from "./write.ts";

export function writeAnswer(answer: Answer): string {
  switch (answer.kind) {
    case "value":
      return answer.unit === null ? writeTree(answer.tree) : `${writeTree(answer.tree)} ${answer.unit.text}`;
    case "tuple":
      return `${answer.open}${answer.items.map(writeAnswer).join(", ")}${answer.close}`;
    case "set":
    case "list":
      return `{${[...new Set(answer.items.map(writeAnswer))].sort().join(", ")}}`;
    case "region":
      return answer.intervals.length === 0 ? "{}" : answer.intervals.map(writeInterval).join(" ∪ ");
    case "matrix":
      return `[${answer.rows.map((row) => row.map(writeTree).join(", ")).join("; ")}]`;
    case "equation":
      return `${writeTree(answer.tree)} = 0`;
    case "inequality":
      return `${writeTree(answer.tree)} ${answer.orZero ? "≥" : ">"} 0`;
    case "named":
      return `${answer.name} ${answer.value.kind === "region" ? "∈" : "="} ${writeAnswer(answer.value)}`;
    case "assignments":
      return [...answer.values].map(([name, value]) => `${name} = ${writeAnswer(value)}`).join(", ");
    case "ratio":
      return answer.terms.map(writeTree).join(" : ");
    case "choice":
      return `(${answer.letter})`;
    case "numbers":
      return { Z: "ℤ", N: "ℕ", Q: "ℚ", C: "ℂ" }[answer.letter] ?? answer.letter;
    case "text":
      return answer.text;
    default:
      return answer satisfies never;
  }
}

function writeInterval({ low, lowClosed, high, highClosed }: Interval): string {
  const end = (tree: Tree | null, infinite: string) => (tree === null ? infinite : writeTree(tree));
  return `${lowClosed ? "[" : "("}${end(low, "-∞")}, ${end(high, "∞")}${highClosed ? "]" : ")"}`;
}
