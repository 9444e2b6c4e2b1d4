/** @file The recorded runs that are shipped beside the page: what there is, and their texts. */

export interface Recorded {
  /** Below `recorded/`, relative to the page. */
  readonly file: string;
  /** What to call it. */
  readonly title: string;
  /** Why it was chosen: a curated example says so. `null` when nothing is said. */
  readonly why: string | null;
  /** "sums" where the list does not say: there was no other. */
  readonly domain: string;
}

/** @throws Error when the list cannot be fetched or read. */
export async function fetchRecorded(): Promise<readonly Recorded[]> {
  return parseRecorded(await fetchText("recorded/index.json"));
}

/** In the order of the list; the first of a domain is what it shows by itself. @throws SyntaxError for what is no JSON. */
export function parseRecorded(text: string): readonly Recorded[] {
  const { runs } = JSON.parse(text) as { runs: { file: string; title?: string; why?: string; domain?: string }[] };
  return runs.map(({ file, title, why, domain }) => ({
    file,
    title: title ?? file.replace(/\.jsonl$/, "").replaceAll("-", " "),
    why: why ?? null,
    domain: domain ?? "sums",
  }));
}

/** @throws Error for an answer that is not 200. */
export async function fetchText(path: string): Promise<string> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} could not be fetched (${response.status}).`);
  return response.text();
}
