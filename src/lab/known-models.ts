/** @file The models of a hub that can be asked for: the catalogue, and those whose ids a visitor typed. */
import { type Catalogue, fetchCatalogue, type HubModel, parseHubModel } from "../models/catalogue.ts";
import { typedModels } from "../store/model-texts.ts";

/** Typed ones first, without those that the catalogue has. @throws {ModelError} `file-missing`, `file-damaged`, `storage` */
export async function knownModels(base: string): Promise<Catalogue & { readonly typed: readonly string[] }> {
  const [catalogue, texts] = await Promise.all([fetchCatalogue(base), typedModels.list()]);
  const own = new Set(catalogue.models.map(({ id }) => id));
  const typed = texts.map(parseHubModel).filter((model): model is HubModel => model !== null && !own.has(model.id));
  return { ...catalogue, models: [...typed, ...catalogue.models], typed: typed.map(({ id }) => id) };
}

/** @param key "owner/name@dtype" @returns `null` if nobody typed its id */
export async function typedModel(key: string): Promise<HubModel | null> {
  const text = await typedModels.read(key.split("@")[0]!);
  return text === null ? null : parseHubModel(text);
}

/** On the list from now on. */
export async function keepTyped(model: HubModel): Promise<void> {
  await typedModels.keep(model.id, JSON.stringify(model));
}
