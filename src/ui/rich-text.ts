/** @file Safe DOM from a model's text: Markdown and maths, nothing that fetches, submits or styles. Loaded after the first paint. */
import DOMPurify from "dompurify";
import katex from "katex";
import "katex/dist/katex.min.css";
import { Marked } from "marked";

/** Model text is untrusted: these tags carry meaning, none carries an address, a style or a form. */
const TAGS = "p br strong em del code pre ul ol li blockquote hr table thead tbody tr th td sub sup".split(" ");

/** Longest formula, and most formulas of one text, that are set; the rest stays as written. */
const LONGEST_FORMULA = 1000;
const MOST_FORMULAS = 60;

/** Marks a formula's place through Markdown and cleaning; a private character, taken out of the text beforehand. */
const MARK = "\uE0F0";

const markdown = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // Shown as it was written: markup, addresses and pictures are never followed, not even by a parser.
    html: ({ text }) => escaped(text),
    link: ({ raw }) => escaped(raw),
    image: ({ raw }) => escaped(raw),
    // A model's headings would break the page's own outline.
    heading({ tokens }) {
      return `<p><strong>${this.parser.parseInline(tokens)}</strong></p>`;
    },
  },
});

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

interface Formula {
  readonly tex: string;
  readonly source: string;
  readonly display: boolean;
}

/** Never throws on any text: what cannot be set is shown as it was written. */
export function render(text: string): DocumentFragment {
  const formulas: Formula[] = [];
  const marked = extractFormulas(text.replaceAll(MARK, ""), formulas);
  const fragment = DOMPurify.sanitize(markdown.parse(marked, { async: false }), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["start"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  setFormulas(fragment, formulas);
  return fragment;
}

/** Replaces each formula by `MARK index MARK`. Code is not looked for: a dollar in code is rare, and only looks odd. */
function extractFormulas(text: string, formulas: Formula[]): string {
  const opening = /\$\$|\$|\\\(|\\\[|\\boxed\s*\{/g;
  let out = "";
  let at = 0;
  while (formulas.length < MOST_FORMULAS) {
    opening.lastIndex = at;
    const match = opening.exec(text);
    if (match === null) break;
    const start = match.index;
    const inner = start + match[0].length;
    const end = endOfFormula(text, match[0], inner);
    if (end === null) {
      out += text.slice(at, inner);
      at = inner;
      continue;
    }
    const source = text.slice(start, end.after);
    const tex = match[0].startsWith("\\boxed") ? source : text.slice(inner, end.before);
    out += `${text.slice(at, start)}${MARK}${formulas.length}${MARK}`;
    formulas.push({ tex, source, display: match[0] === "$$" || match[0] === "\\[" });
    at = end.after;
  }
  return out + text.slice(at);
}

/** `null` when it does not end, is too long, or is a price rather than a formula. */
function endOfFormula(text: string, opening: string, inner: number): { before: number; after: number } | null {
  const limit = inner + LONGEST_FORMULA;
  if (opening.startsWith("\\boxed")) {
    let depth = 1;
    for (let i = inner; i < Math.min(text.length, limit); i++) {
      if (text[i] === "\\") i++;
      else if (text[i] === "{") depth++;
      else if (text[i] === "}" && --depth === 0) return { before: i, after: i + 1 };
    }
    return null;
  }
  const closing = { $$: "$$", $: "$", "\\(": "\\)", "\\[": "\\]" }[opening] ?? opening;
  const before = text.indexOf(closing, inner);
  if (before <= inner || before > limit) return null;
  const tex = text.slice(inner, before);
  // "$3 and $4": a formula in single dollars hugs its dollars and stays on its line.
  if (opening === "$" && (/^\s|\s$|\n/.test(tex) || /\d/.test(text[before + 1] ?? ""))) return null;
  return { before, after: before + closing.length };
}

function setFormulas(fragment: DocumentFragment, formulas: readonly Formula[]): void {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const node of texts) {
    const parts = node.data.split(MARK);
    if (parts.length < 3) continue;
    node.replaceWith(...parts.map((part, i) => (i % 2 === 0 ? part : set(formulas[Number(part)]))));
  }
}

function set(formula: Formula | undefined): Node | string {
  if (formula === undefined) return "";
  const span = document.createElement("span");
  try {
    katex.render(formula.tex, span, {
      displayMode: formula.display,
      throwOnError: false,
      errorColor: "currentColor",
      trust: false,
      strict: "ignore",
      maxSize: 10,
      maxExpand: 1000,
    });
  } catch {
    span.textContent = formula.source;
  }
  return span;
}
