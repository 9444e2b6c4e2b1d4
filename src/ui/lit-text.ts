/**
 * @file Lights places of a model's text in what the page made of it (Markdown, formulas, lines of code), without touching the DOM: the CSS
 * Custom Highlight API. A place is found by its letters and digits, since marks, spaces and brackets may be gone. Where the browser lacks it, nothing is lit.
 */
import type { Span } from "../cat/provenance/steps.ts";

/** Names of the highlights in theme.css. */
export type Light = "says" | "denies" | "alike" | "step";

/** What is compared: letters, digits, and the signs of sums. */
const SIGN = /[\p{L}\p{N}+=×÷%<>−-]/u;

/** The text as it is compared. */
export function signsOf(text: string): string {
  let signs = "";
  for (const sign of text) if (SIGN.test(sign)) signs += sign.toLowerCase();
  return signs;
}

/**
 * Where the signs of a span of `source` stand in `shown`, the signs of what is on the screen: of several places the one nearest to where it was.
 * @returns [from, to) in `shown`; null where they are not.
 */
export function findSigns(source: string, { start, end }: Span, shown: string): readonly [number, number] | null {
  const wanted = signsOf(source.slice(start, end));
  if (wanted === "") return null;
  const expected = signsOf(source.slice(0, start)).length;
  let best: number | null = null;
  for (let at = shown.indexOf(wanted); at !== -1; at = shown.indexOf(wanted, at + 1)) {
    if (best === null || Math.abs(at - expected) < Math.abs(best - expected)) best = at;
  }
  return best === null ? null : [best, best + wanted.length];
}

/** Lights the spans below a node, and scrolls the first into the node's own view. @returns what puts them out again. */
export function light(node: HTMLElement, source: string, spans: readonly Span[], name: Light): () => void {
  if (!("highlights" in CSS) || spans.length === 0) return () => undefined;
  const { signs, places } = read(node);
  const ranges = spans.flatMap((span) => {
    const found = findSigns(source, span, signs);
    if (found === null) return [];
    const [first, last] = [places[found[0]]!, places[found[1] - 1]!];
    const range = new Range();
    range.setStart(first.node, first.from);
    range.setEnd(last.node, last.to + endMark(last));
    return [range];
  });
  const highlight = CSS.highlights.get(name) ?? new Highlight();
  CSS.highlights.set(name, highlight);
  for (const range of ranges) highlight.add(range);
  const [first] = ranges;
  if (first !== undefined) reveal(node, first);
  return () => {
    for (const range of ranges) highlight.delete(range);
  };
}

interface Place {
  readonly node: Node;
  readonly from: number;
  readonly to: number;
}

/** A sentence ends with its mark, which is no sign. */
function endMark({ node, to }: Place): number {
  return node instanceof Text ? (/^[.?!]/.exec(node.data.slice(to))?.[0].length ?? 0) : 0;
}

/** The signs of what is shown, each with its place; a formula is one place for all of its source. */
function read(root: HTMLElement): { signs: string; places: Place[] } {
  let signs = "";
  const places: Place[] = [];
  const add = (text: string, place: (offset: number, length: number) => Place) => {
    let offset = 0;
    for (const sign of text) {
      if (SIGN.test(sign)) {
        for (const lower of sign.toLowerCase()) {
          signs += lower;
          for (let unit = 0; unit < lower.length; unit++) places.push(place(offset, sign.length));
        }
      }
      offset += sign.length;
    }
  };
  const walk = (node: Node): void => {
    if (node instanceof Text) add(node.data, (from, length) => ({ node, from, to: from + length }));
    else if (node instanceof Element && node.classList.contains("katex")) {
      const tex = node.querySelector("annotation")?.textContent ?? node.textContent;
      add(tex, () => ({ node, from: 0, to: node.childNodes.length }));
    } else for (const child of node.childNodes) walk(child);
  };
  walk(root);
  return { signs, places };
}

/** In the node's own scrolling only: the page stays where it is. */
function reveal(node: HTMLElement, range: Range): void {
  const [box, place] = [node.getBoundingClientRect(), range.getBoundingClientRect()];
  const margin = 12;
  if (place.top < box.top + margin) node.scrollTop -= box.top + margin - place.top;
  else if (place.bottom > box.bottom - margin) {
    node.scrollTop += Math.min(place.bottom - box.bottom + margin, place.top - box.top - margin);
  }
}
