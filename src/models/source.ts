/** @file Where the files of a model lie: shipped with the page, or on a hub. Leaves out fetching. */
import type { ModelEntry } from "./manifest.ts";

/** The address of one file. */
export type ModelSource = (entry: ModelEntry, path: string) => string;

/** @param base address of the page's folder, absolute, with its closing slash */
export function embeddedSource(base: string): ModelSource {
  return (entry, path) => new URL(`models/${entry.path}/${path}`, base).href;
}

/** Below a host, of one file of one revision; a hub's mirrors may have another. */
const HUB_PATH = "{id}/resolve/{revision}/{path}";

/** The layout of the Hugging Face Hub and its mirrors. @param host such as "https://huggingface.co" */
export function hubSource(
  host: string,
  layout = HUB_PATH,
): (model: { readonly id: string; readonly revision: string | null }, path: string) => string {
  return ({ id, revision }, path) => {
    const below = layout
      .replace("{id}", id)
      .replace("{revision}", revision ?? "main")
      .replace("{path}", path);
    return `${host.replace(/\/+$/, "")}/${below.replace(/^\/+/, "")}`;
  };
}
