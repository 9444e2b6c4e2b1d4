/** @file Takes from an answer what changes its look and not its meaning: sizing, spacing, fonts, dollar signs; turns Unicode signs into LaTeX. Reads nothing. */

const SIGNS: Readonly<Record<string, string>> = {
  "−": "-",
  "–": "-",
  "×": "\\times ",
  "⋅": "\\cdot ",
  "·": "\\cdot ",
  "∙": "\\cdot ",
  "÷": "\\div ",
  "±": "\\pm ",
  "∓": "\\mp ",
  "≤": "\\le ",
  "⩽": "\\le ",
  "≥": "\\ge ",
  "⩾": "\\ge ",
  "≠": "\\ne ",
  "≈": "\\approx ",
  "∈": "\\in ",
  "∪": "\\cup ",
  "∅": "\\emptyset ",
  "∞": "\\infty ",
  π: "\\pi ",
  ℝ: "\\mathbb{R}",
  ℤ: "\\mathbb{Z}",
  ℕ: "\\mathbb{N}",
  ℚ: "\\mathbb{Q}",
  ℂ: "\\mathbb{C}",
  "°": "^\\circ ",
  "…": "\\ldots ",
  "⋯": "\\cdots ",
  "½": "\\frac{1}{2}",
  "⅓": "\\frac{1}{3}",
  "⅔": "\\frac{2}{3}",
  "¼": "\\frac{1}{4}",
  "¾": "\\frac{3}{4}",
  "⌊": "\\lfloor ",
  "⌋": "\\rfloor ",
  "⌈": "\\lceil ",
  "⌉": "\\rceil ",
};
const GREEK: Readonly<Record<string, string>> = {
  α: "alpha",
  β: "beta",
  γ: "gamma",
  δ: "delta",
  ε: "epsilon",
  θ: "theta",
  λ: "lambda",
  μ: "mu",
  ρ: "rho",
  σ: "sigma",
  τ: "tau",
  φ: "phi",
  ω: "omega",
};
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Around what was set as text, so that its letters are not taken for unknowns. */
export const TEXT_BEGINS = "\uE000";
export const TEXT_ENDS = "\uE001";

export function tidy(answer: string): string {
  return punctuation(spacing(fonts(unicode(answer)))).trim();
}

function unicode(text: string): string {
  return text
    .replaceAll(/[\uE000\uE001]/g, "")
    .replaceAll(
      /[⁰¹²³⁴-⁹]+/g,
      (run) =>
        `^{${Array.from(run)
          .map((c) => RAISED.indexOf(c))
          .join("")}}`,
    )
    .replaceAll(/√\s*(\d+(?:\.\d+)?|[A-Za-z])/g, "\\sqrt{$1}")
    .replaceAll("√", "\\sqrt ")
    .replaceAll(/[\u0080-\uffff]/g, (c) => SIGNS[c] ?? (GREEK[c] === undefined ? c : `\\${GREEK[c]} `));
}

function fonts(text: string): string {
  return text
    .replaceAll(/\\(?:left|right)\s*\./g, "")
    .replaceAll(/\\(?:left|right|big|Big|bigg|Bigg|bigl|bigr|displaystyle|textstyle|limits|nolimits)(?![A-Za-z])/g, "")
    .replaceAll(/\\[dtc]frac(?![A-Za-z])/g, "\\frac")
    .replaceAll(/\\[dt]binom(?![A-Za-z])/g, "\\binom")
    .replaceAll(
      /\\(?:text|mbox|textbf|textit|textrm|textnormal|mathbf|mathit|mathrm|boldsymbol|operatorname)\s*\{([^{}]*)\}/g,
      (_, inner: string) => asText(inner),
    )
    .replaceAll(/\^\s*\{\s*\\circ\s*\}|\^\s*\\circ(?![A-Za-z])|\\degree(?![A-Za-z])/g, "\\degree ");
}

/** An upright e or i is the constant, an upright function name is the function. Everything else is words. */
function asText(inner: string): string {
  return /^\s*(?:[ei]|sin|cos|tan|ln|log|exp|arcsin|arccos|arctan)\s*$/.test(inner)
    ? ` ${inner} `
    : `${TEXT_BEGINS}${inner}${TEXT_ENDS}`;
}

function spacing(text: string): string {
  return text
    .replaceAll(/(?<=,)\s*\\!\s*(?=\d{3})|(?<!\\)\\!/g, "")
    .replaceAll(/(?<!\\)\\(?:[,;:> ]|quad(?![A-Za-z])|qquad(?![A-Za-z]))|~/g, " ")
    .replaceAll(/(?<!\\)\$/g, " ")
    .replaceAll(/(?<!\\)\\[()[\]]/g, " ")
    .replaceAll(/\s+/g, " ");
}

/** Marks of thousands and decimals that can be told apart; full stop and comma at the end. */
function punctuation(text: string): string {
  return text
    .replaceAll(/(?<=\d)\{,\}(?=\d{3}(?!\d))/g, "")
    .replaceAll(/(?<=\d)\{,\}(?=\d)/g, ".")
    .replaceAll(/(?<![\d.,])\d{1,3}(?:\.\d{3})+,\d{1,2}(?![\d.,])/g, (n) => n.replaceAll(".", "").replace(",", "."))
    .replaceAll(/(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d/])(?! \d)(?! ?\/)/g, (n) => n.replaceAll(" ", ""))
    .replace(/(?<!\\)[\s.,;]+$/, "")
    .replaceAll("\\%", "%");
}
