/** @file Answers by chance for property tests: any text, scraps of LaTeX in any order, and expressions that make sense. */
import fc from "fast-check";

const SCRAPS = [
  ..."0123456789".split(""),
  ..."+-*/^_=<>()[]{}|,;:!%&$'. \n".split(""),
  ..."xyzabceiknABCEU".split(""),
  ..."√π∞±≤∪°½²".split(""),
  ..."\\frac \\frac{ }{ \\sqrt{ \\sqrt[3]{ \\left( \\right) \\pm \\mp \\cup \\in \\le \\ge \\ne \\infty \\pi \\cdot \\times \\div \\text{ cm \\{ \\} \\binom{ \\ln \\log_2 \\sin \\cos^2 \\tan^{-1} \\overline{3} ^\\circ \\emptyset \\mathbb{R} \\sum \\ldots".split(
    " ",
  ),
  ..."\\begin{pmatrix} \\end{pmatrix} \\\\ \\lfloor \\rfloor \\boxed{ or and seven hundred half apples dollars \\$ {,} (A)".split(
    " ",
  ),
];

const scraps = fc.array(fc.constantFrom(...SCRAPS), { maxLength: 24 }).map((parts) => parts.join(""));
export const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ maxLength: 60 }),
  scraps,
  scraps,
  scraps,
);

/** Expressions in LaTeX, small enough to have values. */
export const expressions = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.integer({ min: 0, max: 30 }).map(String),
    fc.constantFrom("x", "y", "\\pi", "0.5"),
    fc.tuple(tie("e"), fc.constantFrom("+", "-", "\\cdot "), tie("e")).map(([a, op, b]) => `(${a})${op}(${b})`),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => `\\frac{${a}}{${b}}`),
    fc.tuple(tie("e"), fc.integer({ min: -3, max: 4 })).map(([a, n]) => `(${a})^{${n}}`),
    tie("e").map((a) => `\\sqrt{${a}}`),
    fc.tuple(fc.constantFrom("\\sin", "\\cos", "\\ln", "\\exp"), tie("e")).map(([f, a]) => `${f}(${a})`),
    tie("e").map((a) => `|${a}|`),
  ),
})).e;
