/** @file The note beside a model's files in a zip of this page: which model they are, their hashes, and what is known of it, for pages that do not know it. */
import * as v from "valibot";
import { ModelError } from "../cat/models.ts";
import { type Catalogue, type HubModel, hubModelSchema } from "../models/catalogue.ts";
import { variantKey } from "../models/hub-key.ts";
import { fileSchema } from "../models/manifest.ts";
import type { Content } from "../models/take-files.ts";
import type { KeptModel } from "../store/model-files.ts";

const noteSchema = v.object({
  format: v.literal(1),
  /** "owner/name@dtype". */
  model: v.string(),
  revision: v.nullable(v.string()),
  files: v.array(fileSchema),
  /** As in the catalogue, of a model that is not in every page's. Read only where it is needed. */
  entry: v.optional(v.unknown()),
});

type Note = v.InferOutput<typeof noteSchema>;

export function noteName(dtype: string): string {
  return `cat-lab-${dtype}.json`;
}

/** @param entry of a model that others may not know; `null`: everybody does */
export function noteText({ model, revision, files }: KeptModel, entry: HubModel | null): string {
  return JSON.stringify({ format: 1, model, revision, files, ...(entry === null ? {} : { entry }) }, null, 2);
}

/** @param whose for the message @throws {ModelError} `file-damaged` */
export async function readNote(content: Content, whose: string): Promise<Note> {
  try {
    return v.parse(noteSchema, await new Response(content.stream()).json());
  } catch (error) {
    const message = `The note of ${whose} in its zip cannot be read. Export the model again, or import it from a folder without the note.`;
    throw new ModelError("file-damaged", message, { cause: error });
  }
}

/**
 * Models that a catalogue lacks and a note describes. Nobody here has looked at them: whatever the note says of that.
 * @throws {ModelError} `file-damaged` naming the field that no catalogue could have
 */
export async function carriedModels(
  found: readonly { readonly path: string; readonly content: Content }[],
  { models }: Catalogue,
): Promise<HubModel[]> {
  const carried = new Map<string, HubModel>();
  for (const { path, content } of found) {
    if (!/(^|\/)cat-lab-[\w.-]+\.json$/.test(path)) continue;
    const { model: key, entry } = await readNote(content, path);
    if (entry === undefined || models.some(({ id }) => key.startsWith(`${id}@`))) continue;
    const model = { ...readEntry(entry, key), testedByUs: false };
    carried.set(model.id, model);
  }
  return [...carried.values()];
}

function readEntry(entry: unknown, key: string): HubModel {
  const result = v.safeParse(hubModelSchema, entry);
  const isIts =
    result.success && result.output.variants.some(({ dtype }) => variantKey(result.output.id, dtype) === key);
  if (isIts) return result.output;
  const [issue] = result.issues ?? [];
  const why =
    issue === undefined ? "it is of another model" : `${v.getDotPath(issue) ?? "it"} is wrong: ${issue.message}`;
  const message = `What the zip says of ${key} cannot be used: ${why}. Export the model again, or look its id up here first.`;
  throw new ModelError("file-damaged", message);
}
