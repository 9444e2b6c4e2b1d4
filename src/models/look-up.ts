/**
 * @file Any model of a hub by its id, looked at before it is fetched: is it there, can our engine run it, which files in which sizes, under which
 * licence? What comes of it is like an entry of the catalogue. Fetches no weights.
 */
import * as v from "valibot";
import { ModelError } from "../cat/models.ts";
import type { HubModel, HubVariant } from "./catalogue.ts";
import { readDecoderConfig } from "./decoder-config.ts";
import { AbsentError, type HubToken, PassingError, requestFile } from "./file-request.ts";
import { Attempts, PATIENCE } from "./patience.ts";
import { hubSource } from "./source.ts";

export interface LookUpOptions {
  /** Such as "https://huggingface.co". */
  readonly host: string;
  readonly layout: string;
  readonly token: HubToken | null;
  readonly stop: AbortSignal;
}

/** What the hub says of a model at /api/models/. */
const infoSchema = v.looseObject({
  sha: v.nullish(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))),
  siblings: v.array(
    v.looseObject({
      rfilename: v.string(),
      size: v.nullish(v.number()),
      lfs: v.nullish(v.looseObject({ sha256: v.nullish(v.string()) })),
    }),
  ),
  cardData: v.nullish(v.looseObject({ license: v.nullish(v.union([v.string(), v.array(v.string())])) })),
  tags: v.nullish(v.array(v.string())),
});

type Info = v.InferOutput<typeof infoSchema>;

/** The export's files of each dtype, the best for a graphics processor first. */
const SUFFIXES = { q4f16: "_q4f16", q4: "_q4", q8: "_quantized", fp16: "_fp16", fp32: "" } as const;
const PATIENT = { ...PATIENCE, attempts: 3 };

/** @throws {ModelError} `file-missing`, `model-unsupported`, `file-damaged`, saying why not; the reason of `stop` */
export async function lookUp(id: string, options: LookUpOptions): Promise<HubModel> {
  const { host, layout } = options;
  const info = await infoOf(id, options);
  const revision = info.sha ?? null;
  const address = hubSource(host, layout);
  const read = async (path: string) => json(path, await fetchText(path, address({ id, revision }, path), options));
  const files = new Map(info.siblings.map((file) => [file.rfilename, file]));
  for (const path of ["config.json", "tokenizer.json", "tokenizer_config.json"]) {
    if (!files.has(path))
      throw new ModelError("model-unsupported", `${id} has no ${path}, which every model here needs. ${OTHER}`);
  }
  const facts = readDecoderConfig(id, await read("config.json"));
  const { chat_template: template } = (await read("tokenizer_config.json")) as Record<string, unknown>;
  if (template === undefined && !files.has("chat_template.jinja")) {
    throw new ModelError(
      "model-unsupported",
      `${id} has no chat template: it goes on with texts, but cannot be asked. Choose its "instruct" version.`,
    );
  }
  const overflows = facts.family.startsWith("gemma");
  const variants = Object.entries(SUFFIXES)
    .map(([dtype, suffix]) => variantOf(dtype, suffix, info))
    .filter((variant) => variant !== null)
    .filter(({ dtype }) => !(overflows && dtype.endsWith("16")));
  if (variants.length === 0) {
    throw new ModelError(
      "model-unsupported",
      `${id} has no weights as ONNX (onnx/model_q4f16.onnx or alike). ${OTHER}`,
    );
  }
  const common = [
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
  ];
  return {
    ...{ id, title: id.slice(id.indexOf("/") + 1), revision, revisionSeen: null, licence: licenceOf(id, info, host) },
    ...facts,
    parameters: facts.parameters ?? Math.max(1, variants[0]!.aboutBytes),
    ...{ roles: ["policy", "anchor", "judge"], promptSet: "default", notRunnable: null, testedByUs: false },
    troubles: overflows ? ["Gemma overflows in half precision, so those weights are left out."] : [],
    files: common.flatMap((path) => (files.has(path) ? [fileOf(info, path)] : [])),
    variants,
  };
}

const OTHER = "Many models have an export under onnx-community.";

async function infoOf(id: string, options: LookUpOptions): Promise<Info> {
  const host = options.host.replace(/\/+$/, "");
  const text = await fetchText(id, `${host}/api/models/${id}?blobs=true`, options).catch((error: unknown) => {
    if (!(error instanceof ModelError)) throw error;
    // The hub says 401 also of what does not exist.
    const why =
      error instanceof AbsentError ? "or lists none (/api/models)" : `or none for everybody. ${error.message}`;
    const message = `${new URL(host).host} has no model ${id}, ${why} Check owner and name.`.replace(
      ") Check",
      "). Check",
    );
    throw new ModelError("file-missing", message, { cause: error });
  });
  const info = v.safeParse(infoSchema, json(id, text));
  if (info.success) return info.output;
  const message = `What ${new URL(host).host} says of ${id} makes no sense: ${info.issues[0].message}. Choose another host.`;
  throw new ModelError("file-damaged", message);
}

/** Graph and whatever lies beside it; `null` where there is none. */
function variantOf(dtype: string, suffix: string, info: Info): HubVariant | null {
  const graph = `onnx/model${suffix}.onnx`;
  const paths = info.siblings
    .map(({ rfilename }) => rfilename)
    .filter((path) => path === graph || new RegExp(`^onnx/model${suffix}\\.onnx_data(_\\d+)?$`).test(path));
  if (!paths.includes(graph)) return null;
  const files = paths.sort().map((path) => fileOf(info, path));
  return {
    dtype,
    aboutBytes: Math.max(
      1,
      files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    ),
    files,
  };
}

function fileOf({ siblings }: Info, path: string): HubVariant["files"][number] {
  const { size, lfs } = siblings.find(({ rfilename }) => rfilename === path)!;
  const sha256 = /^[0-9a-f]{64}$/.exec(lfs?.sha256 ?? "")?.[0] ?? null;
  return { path, bytes: size ?? null, sha256, optional: false };
}

function licenceOf(id: string, { cardData, tags }: Info, host: string): HubModel["licence"] {
  const stated = cardData?.license ?? tags?.find((tag) => tag.startsWith("license:"))?.slice("license:".length);
  const name = Array.isArray(stated) ? stated.join(", ") : stated;
  return {
    name: name === undefined || name === "" ? "no licence stated" : name,
    url: `${host.replace(/\/+$/, "")}/${id}`,
  };
}

async function fetchText(path: string, url: string, { token, stop }: LookUpOptions): Promise<string> {
  const attempts = new Attempts(PATIENT, stop);
  for (;;) {
    try {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENT.stallMs)]);
      const { body } = await requestFile(path, { url, from: 0, ifRange: null, token, signal });
      return await new Response(body).text();
    } catch (error) {
      stop.throwIfAborted();
      if (error instanceof ModelError) throw error;
      if (await attempts.again(false)) continue;
      const why = error instanceof PassingError ? error.message : "no answer";
      const message = `${path} could not be fetched from ${new URL(url).host} (${why}). Check the connection and the host, then try again.`;
      throw new ModelError("file-missing", message, { cause: error });
    }
  }
}

function json(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ModelError("file-damaged", `${what} is no JSON at its source. Choose another model or host.`, {
      cause: error,
    });
  }
}
