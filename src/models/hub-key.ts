/** @file What a model of the hub is called here: its id and the dtype of its weights. Leaves out what there is of them (catalogue.ts). */

/** "owner/name@dtype". */
export function variantKey(id: string, dtype: string): string {
  return `${id}@${dtype}`;
}

/** No model that ships with the page has a slash in its name. */
export function isHubKey(model: string): boolean {
  return model.includes("/");
}
