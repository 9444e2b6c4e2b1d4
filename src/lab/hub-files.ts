/** @file What a hub model consists of, as the downloader wants it: addresses, and lengths and hashes from the catalogue or from its first download. Fetches nothing. */
import type { ModelFile } from "../cat/models.ts";
import type { Catalogue, HubModel, HubVariant } from "../models/catalogue.ts";
import type { HubFile } from "../models/hub-download.ts";
import { variantKey } from "../models/hub-key.ts";
import type { ModelEntry } from "../models/manifest.ts";
import { hubSource } from "../models/source.ts";
import type { HubPlace } from "./protocol.ts";

interface Variant {
  readonly model: HubModel;
  readonly variant: HubVariant;
}

/** @param recorded of an earlier download; what it found is what is wanted. */
export async function wantedFiles(
  { model, variant }: Variant,
  { host, layout }: HubPlace,
  recorded: readonly ModelFile[],
): Promise<HubFile[]> {
  const address = hubSource(host, layout);
  const files = [...model.files, ...variant.files].map(async (file): Promise<HubFile> => {
    const known = recorded.find(({ path }) => path === file.path);
    const { bytes, sha256 } = known ?? file;
    return { ...file, bytes, sha256, url: address(model, file.path), name: await partName(model, file.path) };
  });
  return Promise.all(files);
}

/** Of every file of a variant on its way: the same whatever host it is fetched from. */
export function partNames({ model, variant }: Variant): Promise<string[]> {
  return Promise.all([...model.files, ...variant.files].map(({ path }) => partName(model, path)));
}

export function runnableVariants({ models }: Catalogue): (Variant & { readonly key: string })[] {
  return models
    .filter(({ notRunnable }) => notRunnable === null)
    .flatMap((model) =>
      model.variants.map((variant) => ({ key: variantKey(model.id, variant.dtype), model, variant })),
    );
}

/** As if it stood in the manifest. @param commit that its files are of, where the catalogue names no revision */
export function entryOf({ model, variant }: Variant, files: readonly ModelFile[], commit: string | null): ModelEntry {
  const { id, title, roles, promptSet, licence, parameters, contextLength } = model;
  return {
    ...{ id, title, revision: model.revision ?? commit, roles, promptSet, parameters },
    path: "",
    domains: [],
    dtype: variant.dtype,
    licence: licence.name,
    embedded: false,
    contextLength: contextLength ?? LEAST_CONTEXT,
    files: [...files],
  };
}

/** Where nobody stated it. */
const LEAST_CONTEXT = 2048;

async function partName({ id, revision }: HubModel, path: string): Promise<string> {
  const text = new TextEncoder().encode(`${id}@${revision ?? "newest"}/${path}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
