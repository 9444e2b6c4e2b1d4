/** @file What a parameter takes, guessed from its place and its name, as a reader of the signature would. Types that are written down are not read. */

export type ParameterKind = "number" | "list" | "text" | "words" | "matrix" | "flag";

const NUMBER = /^(?:n|k|m|x|y|i|j|num|number|count|size|limit|target|value|index|threshold)$/;
/** By the last word of a name: `inputStr`, `word_list`, `nums1`. */
const NAMES: readonly (readonly [ParameterKind, RegExp])[] = [
  ["number", NUMBER],
  ["list", /^(?:list|lists|arr|array|nums|numbers|values|items|xs|ys|a|b)$/],
  [
    "text",
    /^(?:s|t|str|string|text|word|sentence|phrase|name|char|character|letter|prefix|suffix|separator|delimiter)$/,
  ],
  ["words", /^(?:words|strings|names|texts|sentences|lines)$/],
  ["matrix", /^(?:matrix|grid|rows|table)$/],
  ["flag", /^(?:flag|ascending|descending|asc|desc|reverse|reversed|inclusive|strict)$/],
];

/** @param place from 0. The first parameter is a list unless its name says otherwise, later ones numbers. */
export function parameterKind(name: string, place: number): ParameterKind {
  if (/^is[A-Z]/.test(name)) return "flag";
  const words = name.replaceAll(/\d+$/g, "").match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [];
  const last = words.at(-1)?.toLowerCase() ?? "";
  // A list of words is one of texts, whichever way round it is named.
  if (/^(?:list|arr|array)$/.test(last) && /^(?:word|str|string|name|text)s?$/i.test(words.at(-2) ?? ""))
    return "words";
  return NAMES.find(([, pattern]) => pattern.test(last))?.[0] ?? (place === 0 ? "list" : "number");
}
