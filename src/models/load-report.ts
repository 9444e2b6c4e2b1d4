/**
 * @file What came of loading a model on a device, as a file that a visitor may hand on (docs/formats.md): which files, which device, what the self-test
 * measured. Nothing about the visitor: no address, no name. Leaves out who makes it (lab) and keeps it (store).
 */
import * as v from "valibot";
import { fileSchema, name } from "./manifest.ts";

const text = v.string();
/** Of differences and milliseconds. */
const amount = v.pipe(v.number(), v.minValue(0));

const loadSchema = v.object({
  /** ISO 8601, of the day alone. */
  date: v.pipe(text, v.isoDate()),
  app: name,
  /** As it describes itself to every server (user agent). */
  browser: text,
  /** Versions. */
  libraries: v.object({ "onnxruntime-web": name, "@huggingface/transformers": name }),
  device: v.picklist(["webgpu", "wasm", "node"]),
  /** `null` unless on WebGPU. */
  adapter: v.nullable(v.object({ vendor: text, architecture: text, description: text, isFallback: v.boolean() })),
  /** Milliseconds: until a session is there, and of its self-test, passed or not; `null`: it did not get there. */
  ms: v.object({ start: v.nullable(amount), check: v.nullable(amount) }),
  /** `null`: it failed. See `LoadFigures` of the engine. */
  selfTest: v.nullable(
    v.object({
      known: v.nullable(amount),
      chunks: amount,
      ragged: amount,
      tree: v.nullable(amount),
      allowed: amount,
      perplexity: v.nullable(amount),
    }),
  ),
  /** `null`: it is ready. */
  failure: v.nullable(v.object({ code: name, message: text })),
});

const reportSchema = v.object({
  id: name,
  dtype: name,
  /** The whole commit of its files, where it is known. */
  revision: v.nullable(name),
  files: v.array(fileSchema),
  /** The last of each device. */
  loads: v.pipe(v.array(loadSchema), v.minLength(1)),
});

/** The file. */
export const loadReportsSchema = v.object({
  format: v.literal(1),
  type: v.literal("cat-lab-loads"),
  models: v.pipe(v.array(reportSchema), v.minLength(1)),
});

export type Load = v.InferOutput<typeof loadSchema>;
/** Of one model. */
export type LoadReport = v.InferOutput<typeof reportSchema>;

/** @returns `null` for what is none */
export function parseLoadReport(json: string): LoadReport | null {
  try {
    const result = v.safeParse(reportSchema, JSON.parse(json));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** With one load more, in the place of the one before on its device. Loads of other files than these are gone. */
export function withLoad(before: LoadReport | null, model: Omit<LoadReport, "loads">, load: Load): LoadReport {
  const same = before !== null && JSON.stringify(before.files) === JSON.stringify(model.files);
  const others = same ? before.loads.filter(({ device }) => device !== load.device) : [];
  return { ...model, loads: [...others, load] };
}

/** Error messages may name where files came from, which is the visitor's own affair. */
export function withoutAddresses(message: string): string {
  return message.replaceAll(/\b[a-z][\w+.-]*:\/\/[^\s"'<>)]+/gi, "(an address)");
}
