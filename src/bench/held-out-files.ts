/** @file The held-out items of a domain, labels and all, from wherever the files of models/ can be read. Nobody else names the labels' files. */
import { type Item, readItems } from "./item.ts";

/** @param read gives the text of a file below models/ @throws what `read` throws; Error as `readItems` */
export async function heldOutItems(
  domain: string,
  isAdvice: boolean,
  read: (path: string) => Promise<string>,
): Promise<Item[]> {
  const folder = `items/${domain}`;
  const [tasks, labels, key] = await Promise.all([
    read(`${folder}/tasks.jsonl`),
    read(`${folder}/labels.jsonl`),
    isAdvice ? read(`${folder}/key.jsonl`) : null,
  ]);
  return readItems({ tasks, labels, key });
}
