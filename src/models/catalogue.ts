/**
 * @file models/catalogue.json: models that a visitor may fetch from a hub, with what is known of them before. Lengths that nobody stated are asked of
 * the hub, and hashes that nobody stated are those of the first download. Models that ship with the page: manifest.ts.
 */
import * as v from "valibot";
import { ModelError } from "../cat/models.ts";
import { variantKey } from "./hub-key.ts";
import { count, fileSchema, name, relative, roles } from "./manifest.ts";

const hubFileSchema = v.object({
  path: relative,
  bytes: v.nullable(fileSchema.entries.bytes),
  sha256: v.nullable(fileSchema.entries.sha256),
  /** Not every export has it. */
  optional: v.optional(v.boolean(), false),
});

const variantSchema = v.object({
  dtype: name,
  /** Of all files, as others state it; for people. */
  aboutBytes: count,
  files: v.pipe(v.array(hubFileSchema), v.minLength(1)),
});

export const hubModelSchema = v.object({
  /** Of the hub: owner and name. */
  id: v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/, "must be owner/name")),
  title: name,
  family: name,
  /** A whole commit or a tag; `null`: the newest. */
  revision: v.nullable(name),
  /** Beginning of the commit that the sizes were seen at. */
  revisionSeen: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{7,40}$/))),
  licence: v.object({ name, url: v.pipe(v.string(), v.url(), v.regex(/^https?:/, "must be an address of the web")) }),
  roles,
  /** Rounded. */
  parameters: count,
  contextLength: v.nullable(count),
  /** Keys and values of all layers. */
  cacheNumbersPerToken: v.nullable(count),
  promptSet: v.picklist(["default", "kitten", "kitten-judge"]),
  /** Why our engine cannot; `null`: it should. */
  notRunnable: v.nullable(name),
  troubles: v.array(name),
  testedByUs: v.boolean(),
  /** Whatever the dtype. */
  files: v.array(hubFileSchema),
  variants: v.array(variantSchema),
});

const bundleSchema = v.object({ id: name, title: name, policy: name, judge: name });

const catalogueSchema = v.pipe(
  v.object({
    format: v.literal(1),
    /** Where a page from this server fetches models, relative to the page; left out: the Hugging Face Hub. */
    host: v.optional(v.string()),
    models: v.array(hubModelSchema),
    bundles: v.array(bundleSchema),
  }),
  v.check(({ models, bundles }) => {
    const keys = new Set(models.flatMap((model) => variantKeys(model)));
    return bundles.every(({ policy, judge }) => keys.has(policy) && keys.has(judge));
  }, "bundles must name models that can run here"),
);

export type HubModel = v.InferOutput<typeof hubModelSchema>;
export type HubVariant = v.InferOutput<typeof variantSchema>;
export type Catalogue = v.InferOutput<typeof catalogueSchema>;

/** Of what can run here. */
function variantKeys({ id, notRunnable, variants }: HubModel): string[] {
  return notRunnable === null ? variants.map(({ dtype }) => variantKey(id, dtype)) : [];
}

/** @throws {ModelError} `file-damaged` naming the first field that is not as it should be */
export function parseCatalogue(json: unknown): Catalogue {
  const result = v.safeParse(catalogueSchema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? "the whole";
  throw new ModelError("file-damaged", `models/catalogue.json: ${where} is wrong: ${issue.message}. Mend the entry.`);
}

/** One model, as it was noted before. @returns `null` for what is none, or none any more */
export function parseHubModel(text: string): HubModel | null {
  try {
    const result = v.safeParse(hubModelSchema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** @throws {ModelError} `file-missing` when there is none, or none that can run */
export function findVariant(
  { models }: Catalogue,
  key: string,
): { readonly model: HubModel; readonly variant: HubVariant } {
  for (const model of models) {
    if (model.notRunnable !== null) continue;
    const variant = model.variants.find(({ dtype }) => variantKey(model.id, dtype) === key);
    if (variant !== undefined) return { model, variant };
  }
  throw new ModelError("file-missing", `The catalogue has no ${key} that could run here. Choose another model.`);
}

/** @throws {ModelError} `file-missing`, `file-damaged` */
export async function fetchCatalogue(base: string): Promise<Catalogue> {
  const response = await fetch(new URL("models/catalogue.json", base)).catch(() => null);
  if (response?.ok === true) return parseCatalogue(await response.json());
  const message = "models/catalogue.json could not be fetched. Check the connection, then try again.";
  throw new ModelError("file-missing", message);
}
