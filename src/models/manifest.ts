/** @file models/manifest.json: which models there are, with every file's size and hash. Leaves out where the files lie (source.ts). */
import * as v from "valibot";
import { ModelError } from "../cat/models.ts";

const tokens = v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.minLength(1));
export const count = v.pipe(v.number(), v.integer(), v.minValue(1));
export const name = v.pipe(v.string(), v.nonEmpty());
/** Below the model's folder, and never out of it. */
export const relative = v.pipe(
  v.string(),
  v.regex(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/, "must be a path inside the model's folder"),
);

export const fileSchema = v.object({
  path: relative,
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits")),
});

export const roles = v.pipe(v.array(v.picklist(["policy", "anchor", "judge"])), v.minLength(1));

const selfTestSchema = v.object({
  /** Rendered by the chat template. */
  prompt: name,
  greedyTokenIds: tokens,
  longPromptTokenIds33: v.pipe(tokens, v.length(33)),
  greedy33: tokens,
  longPromptTokenIds130: v.pipe(tokens, v.length(130)),
  greedy130: tokens,
});

const entrySchema = v.object({
  id: name,
  title: name,
  /** Folder below models/ when embedded. */
  path: relative,
  /** Commit or tag; `null` when the source has none. */
  revision: v.nullable(name),
  roles,
  /** Task domains it was made for; empty for a general model. */
  domains: v.array(name),
  promptSet: v.picklist(["default", "kitten", "kitten-judge"]),
  dtype: name,
  licence: name,
  /** Shipped with the page. */
  embedded: v.boolean(),
  parameters: count,
  contextLength: count,
  files: v.pipe(v.array(fileSchema), v.minLength(1)),
  /** The weights that a training starts from, fetched for one alone; left out where there are none. */
  trainable: v.optional(fileSchema),
  selfTest: v.optional(selfTestSchema),
});

const manifestSchema = v.object({ format: v.literal(1), models: v.array(entrySchema) });

export type ModelEntry = v.InferOutput<typeof entrySchema>;
export type Manifest = v.InferOutput<typeof manifestSchema>;

/** @throws {Error} naming the first field that is not as it should be */
export function parseManifest(json: unknown): Manifest {
  const result = v.safeParse(manifestSchema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(
    `models/manifest.json: ${v.getDotPath(issue) ?? "the whole"} is wrong: ${issue.message}. Mend the entry.`,
  );
}

/** @throws {Error} naming the models that there are */
export function findModel(manifest: Manifest, id: string): ModelEntry {
  const entry = manifest.models.find((model) => model.id === id);
  if (entry !== undefined) return entry;
  throw new Error(
    `There is no model "${id}". Known: ${manifest.models.map((model) => model.id).join(", ") || "none"}.`,
  );
}

/** The embedded model that plays policy and anchor in a domain. @throws {Error} when there is none */
export function embeddedPolicy({ models }: Manifest, domain: string): ModelEntry {
  const fits = ({ embedded, roles, domains }: ModelEntry) =>
    embedded && roles.includes("policy") && domains.includes(domain);
  const entry = models.find(fits);
  if (entry === undefined) throw new Error(`no embedded model answers ${domain}: see models/manifest.json`);
  return entry;
}

/** The same with the weights that a training starts from among its files. @throws {Error} when there are none */
export function trainablePolicy(manifest: Manifest, domain: string): ModelEntry {
  const entry = embeddedPolicy(manifest, domain);
  const { trainable } = entry;
  if (trainable === undefined) throw new Error(`${entry.id} has no weights to train: see models/manifest.json`);
  return { ...entry, files: [...entry.files, trainable] };
}

/** The judge of every policy: the embedded model that was made to be one. @throws {ModelError} `no-judge` */
export function embeddedJudge({ models }: Manifest): ModelEntry {
  const entry = models.find(({ embedded, roles }) => embedded && roles.includes("judge"));
  if (entry !== undefined) return entry;
  const message =
    "models/manifest.json names no embedded model with the role judge. Ask a question with a checkable answer.";
  throw new ModelError("no-judge", message);
}

/** @throws {ModelError} `file-missing`; Error as {@link parseManifest} */
export async function fetchManifest(url: URL): Promise<Manifest> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new ModelError("file-missing", `${url.pathname} could not be fetched. Check the connection and try again.`, {
      cause: error,
    });
  });
  if (!response.ok) {
    const message = `${url.pathname} is missing on the server (${response.status}). Ask whoever runs this page.`;
    throw new ModelError("file-missing", message);
  }
  return parseManifest(await response.json());
}
