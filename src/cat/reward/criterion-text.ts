/** @file What counts as a criterion, for whoever reads a rubric and for whoever holds a model to its form. Leaves out how it is marked up. */

/** A rubric of fewer is none (v3 §3.2.2). */
export const FEWEST = 5;
export const MOST = 8;

/** The text of a criterion as it stands between its tags. */
export function criterionText(written: string): string {
  return unescapeXml(written).replaceAll(/\s+/g, " ").trim();
}

/** Criteria of one key are doubles. "": it says nothing. */
export function criterionKey(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

function unescapeXml(text: string): string {
  // Asked of every way to go on, and there is rarely one.
  if (!text.includes("&")) return text;
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");
}
