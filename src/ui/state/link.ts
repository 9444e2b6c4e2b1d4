/** @file The part of the state that a link carries, to and from the hash: `#lab?prompt=…&seed=1&g=8`. Reads no location and applies nothing. */
import * as v from "valibot";
import type { Domain } from "../../lab/protocol.ts";
import { type LessonStep, lessonSteps } from "../lesson/steps.ts";
import { domainSchema } from "./domains.ts";
import { hideable, type Part } from "./parts.ts";
import { phases } from "./timeline.ts";

/** `embed`: the stage alone, for a frame in somebody's page. */
export const views = ["lab", "learn", "train", "models", "runs", "embed"] as const;
export type View = (typeof views)[number];

/** Where a step-by-step run waits: before a phase, or after the last one. */
export const gates = [...phases, "end"] as const;
export type Gate = (typeof gates)[number];

/** What a link may say; whatever it leaves out stays as it is. */
export interface Link {
  readonly view: View;
  readonly prompt?: string;
  readonly domain?: Domain;
  /** Index of a held-out problem of the domain, from 0. */
  readonly item?: number;
  readonly seed?: number;
  readonly groupSize?: number;
  readonly device?: "auto" | "webgpu" | "wasm";
  /** Of the lab and of an embedded stage: step by step, and where it waits. */
  readonly gate?: Gate;
  /** Of the lesson: which of its steps. */
  readonly lesson?: LessonStep;
  /** Of the train view: what is chosen for a training, as a query that training-choice.ts reads. */
  readonly training?: string;
  /** For a projector. */
  readonly present?: boolean;
  /** What a teacher has taken off the screen; an empty list brings everything back. */
  readonly hide?: readonly Part[];
}

export const LONGEST_PROMPT = 2000;

const whole = (from: number, to: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number), v.minValue(from), v.maxValue(to));

const names = (text: string) => text.split(",").filter((name) => name !== "");

const fields = {
  prompt: v.pipe(v.string(), v.maxLength(LONGEST_PROMPT)),
  domain: domainSchema,
  item: whole(0, 99_999),
  seed: whole(0, 2 ** 32 - 1),
  g: whole(1, 16),
  device: v.picklist(["auto", "webgpu", "wasm"]),
  present: v.picklist(["1", "0", ""]),
  hide: v.pipe(v.string(), v.maxLength(200), v.transform(names), v.array(v.picklist(hideable))),
};
const gate = v.picklist(gates);
const lesson = v.picklist(lessonSteps);

const accepted: Record<keyof typeof fields | "step", string> = {
  prompt: `at most ${LONGEST_PROMPT} characters`,
  domain: "sums, lists or advice",
  item: "a whole number from 0",
  seed: "a whole number from 0 to 4294967295",
  g: "a whole number from 1 to 16",
  device: "auto, webgpu or wasm",
  present: "1 or 0",
  hide: `a list of ${hideable.join(", ")}`,
  step: `a place in the run (${gates.join(", ")}) or a step of the lesson`,
};

/**
 * @param hash with or without its `#`; an empty one is the lab.
 * @returns the values that could be used, and a sentence for each that could not.
 */
export function parseLink(hash: string): { readonly link: Link; readonly problems: readonly string[] } {
  const [name, query] = split(hash.replace(/^#/, ""));
  const problems: string[] = [];
  const view = views.find((w) => w === name) ?? "lab";
  if (name !== "" && view !== name)
    problems.push(`The link asks for a view “${shortened(name)}”; this page has ${views.join(", ")}.`);
  const params = new URLSearchParams(query);
  const training = view === "train" ? takeTraining(params) : "";
  const check = <S extends v.GenericSchema>(key: keyof typeof accepted, schema: S): v.InferOutput<S> | undefined => {
    const text = params.get(key);
    if (text === null) return undefined;
    const result = v.safeParse(schema, text);
    if (result.success) return result.output;
    problems.push(`The link says ${key}=${shortened(text)}, which is not ${accepted[key]}; it was left as it is.`);
    return undefined;
  };
  const read = <K extends keyof typeof fields>(key: K): v.InferOutput<(typeof fields)[K]> | undefined =>
    check(key, fields[key]);
  const shown = read("present");
  const link = {
    view,
    ...given("prompt", read("prompt")),
    ...given("domain", read("domain")),
    ...given("item", read("item")),
    ...given("seed", read("seed")),
    ...given("groupSize", read("g")),
    ...given("device", read("device")),
    ...given("training", training === "" ? undefined : training),
    ...given("gate", view === "learn" || view === "models" || view === "runs" ? undefined : check("step", gate)),
    ...given("lesson", view === "learn" ? check("step", lesson) : undefined),
    ...given("present", shown === undefined ? undefined : shown !== "0"),
    ...given("hide", read("hide")),
  };
  return { link, problems };
}

/** The hash of a link, with its `#`. */
export function formatLink(link: Link): string {
  const params = new URLSearchParams(link.training);
  if (link.prompt !== undefined) params.set("prompt", link.prompt);
  if (link.domain !== undefined) params.set("domain", link.domain);
  if (link.item !== undefined) params.set("item", String(link.item));
  if (link.seed !== undefined) params.set("seed", String(link.seed));
  if (link.groupSize !== undefined) params.set("g", String(link.groupSize));
  if (link.device !== undefined) params.set("device", link.device);
  const step = link.view === "learn" ? link.lesson : link.gate;
  if (step !== undefined) params.set("step", step);
  if (link.present !== undefined) params.set("present", link.present ? "1" : "0");
  if (link.hide !== undefined) params.set("hide", link.hide.join(","));
  const query = params.toString().replaceAll("%2C", ",");
  return query === "" ? `#${link.view}` : `#${link.view}?${query}`;
}

/** `?present` before the hash does what `present=1` in it does: it is shorter to type. */
export function asksToPresent(search: string): boolean {
  return new URLSearchParams(search).has("present");
}

/** A query with its `?`, or nothing. */
export function withoutPresent(search: string): string {
  const params = new URLSearchParams(search);
  params.delete("present");
  return params.size === 0 ? "" : `?${params.toString()}`;
}

/** What the train view has to itself; the names are those of a run, with other limits. */
function takeTraining(params: URLSearchParams): string {
  const own = new URLSearchParams(params);
  for (const name of [...params.keys()]) (name === "device" || name === "hide" ? own : params).delete(name);
  return own.toString();
}

function split(text: string): [string, string] {
  const at = text.indexOf("?");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function given<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, T>);
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
