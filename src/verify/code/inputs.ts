/** @file What functions are tried on: inputs made from a signature and a seed. The fixed ones come first (inputs.json, where it says why). */
import { philox4x32 } from "../../run/seed.ts";
import fixed from "./inputs.json" with { type: "json" };
import { type ParameterKind, parameterKind } from "./parameter-kind.ts";

/** One argument. Lists hold whole numbers or texts. */
export type Argument = number | string | boolean | readonly Argument[];

const RANDOM_CASES = 8;
/** Part of every draw's key, so that inputs share no chance with tokens. */
const INPUTS_KEY = 0x6c697374;
const LONGEST = 12;
const ALPHABET = "abcdeABC 012,.-";

/**
 * The fixed cases, then eight random ones: empty, single, sorted, with doubles, with negatives, of one to three digits.
 * What a parameter takes is read from its name ({@link parameterKind}); there are no records.
 * @param seed 0..2³²−1
 * @returns [cases][parameters]
 */
export function makeInputs(parameters: readonly string[], seed: number): readonly (readonly Argument[])[] {
  const kinds = parameters.map(parameterKind);
  const first = fixed.cases.map((_, t) => kinds.map((kind, p) => fixedArgument(kind, t, p)));
  const random = Array.from({ length: RANDOM_CASES }, (_, t) =>
    kinds.map((kind, p) => randomArgument(kind, draws(seed, t, p))),
  );
  return [...first, ...random];
}

/** Of two parameters of one kind, the second takes another case's. */
function fixedArgument(kind: ParameterKind, t: number, p: number): Argument {
  const { cases, texts } = fixed;
  const other = (t + 5 * p) % cases.length;
  switch (kind) {
    case "list":
      return cases[other]!.list;
    case "number":
      return cases[(t + (p > 1 ? 5 * p : 0)) % cases.length]!.n;
    case "text":
      return texts[other]!;
    case "words":
      return texts.slice(other, other + (t % 6));
    case "flag":
      return (t + p) % 2 === 0;
    case "matrix":
      return rows(t % 4, 1 + ((t % 5) % 3), (i) => cases[6]!.list[(t + i) % 9]!);
  }
}

/** Whole numbers from 0 to below a bound, named by (seed, case, parameter, position). */
function draws(seed: number, t: number, parameter: number): (below: number) => number {
  const key = Uint32Array.of(seed, INPUTS_KEY);
  const out = new Uint32Array(4);
  let position = 0;
  return (below) => {
    philox4x32(Uint32Array.of(t, parameter, position++, 0), key, out);
    return out[0]! % below;
  };
}

function randomArgument(kind: ParameterKind, draw: (below: number) => number): Argument {
  switch (kind) {
    case "list":
      return randomList(draw);
    case "number":
      return draw(10);
    case "text":
      return randomText(draw);
    case "words":
      return Array.from({ length: draw(6) }, () => randomText(draw));
    case "flag":
      return draw(2) === 0;
    case "matrix":
      return rows(draw(4), 1 + draw(3), () => draw(40) - 20);
  }
}

function randomList(draw: (below: number) => number): readonly number[] {
  const size = 10 ** (1 + draw(3));
  const list = Array.from({ length: draw(LONGEST + 1) }, () => draw(2 * size) - size);
  // A short list repeated has doubles at a distance, which random numbers of three digits hardly ever have.
  const doubled = draw(3) === 0 ? [...list, ...list.slice(0, 3)] : list;
  return draw(4) === 0 ? doubled.toSorted((a, b) => a - b) : doubled;
}

function randomText(draw: (below: number) => number): string {
  const half = Array.from({ length: draw(LONGEST + 1) }, () => ALPHABET[draw(ALPHABET.length)]!);
  // Else no random text would ever read the same from both ends.
  return [...half, ...(draw(3) === 0 ? half.toReversed() : [])].join("");
}

function rows(count: number, columns: number, value: (i: number) => number): readonly (readonly number[])[] {
  return Array.from({ length: count }, (_, r) => Array.from({ length: columns }, (__, c) => value(r * columns + c)));
}
