/** @file The recorded runs that are shipped beside the page: what there is, and their texts. */

export interface Recorded {
  /** Below `recorded/`, relative to the page. */
  readonly file: string;
  /** What to call it. */
  readonly title: string;
  /** Why it was chosen: a curated example says so. `null` when nothing is said. */
  readonly why: string | null;
}

/** @throws Error when the list cannot be fetched or read. */
export async function fetchRecorded(): Promise<readonly Recorded[]> {
  const { runs } = JSON.parse(await fetchText("recorded/index.json")) as {
    runs: { file: string; title?: string; why?: string }[];
  };
  return runs.map(({ file, title, why }) => ({
    file,
    title: title ?? file.replace(/\.jsonl$/, "").replaceAll("-", " "),
    why: why ?? null,
  }));
}

/** @throws Error for an answer that is not 200. */
export async function fetchText(path: string): Promise<string> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} could not be fetched (${response.status}).`);
  return response.text();
}
