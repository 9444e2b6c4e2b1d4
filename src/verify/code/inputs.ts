/** @file What functions are tried on: inputs made from a signature and a seed. The fixed ones come first (inputs.json, where it says why). */
import { philox4x32 } from "../../run/seed.ts";
import fixed from "./inputs.json" with { type: "json" };

/** One argument. Lists hold whole numbers. */
export type Argument = number | readonly number[];

const RANDOM_CASES = 8;
/** Part of every draw's key, so that inputs share no chance with tokens. */
const INPUTS_KEY = 0x6c697374;
const LONGEST = 12;

/**
 * The fixed cases, then eight random ones: empty, single, sorted, with doubles, with negatives, of one to three digits.
 * The first parameter is a list unless its name says number; later ones are numbers unless their names say list. No strings, no records.
 * @param seed 0..2³²−1
 * @returns [cases][parameters]
 */
export function makeInputs(parameters: readonly string[], seed: number): readonly (readonly Argument[])[] {
  const isList = parameters.map((name, i) => (i === 0 ? !NUMBER.test(name) : LIST.test(name)));
  const { cases } = fixed;
  const first = cases.map((_, t) =>
    isList.map((list, p) => {
      const given = cases[(t + 5 * p) % cases.length]!;
      return list ? given.list : cases[(t + (p > 1 ? 5 * p : 0)) % cases.length]!.n;
    }),
  );
  const random = Array.from({ length: RANDOM_CASES }, (_, t) =>
    isList.map((list, p) => {
      const draw = draws(seed, t, p);
      return list ? randomList(draw) : draw(10);
    }),
  );
  return [...first, ...random];
}

const NUMBER = /^(?:n|k|m|x|y|i|j|num|number|count|size|limit|target|value|index|threshold)$/i;
const LIST = /^(?:list|lists|arr|array|nums|numbers|values|items|xs|ys|a|b)\d*$/i;

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

function randomList(draw: (below: number) => number): readonly number[] {
  const size = 10 ** (1 + draw(3));
  const list = Array.from({ length: draw(LONGEST + 1) }, () => draw(2 * size) - size);
  // A short list repeated has doubles at a distance, which random numbers of three digits hardly ever have.
  const doubled = draw(3) === 0 ? [...list, ...list.slice(0, 3)] : list;
  return draw(4) === 0 ? doubled.toSorted((a, b) => a - b) : doubled;
}
