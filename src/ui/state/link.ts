/** @file The part of the state that a link carries, to and from the hash: `#lab?prompt=…&seed=1&g=8`. Reads no location and applies nothing. */
import * as v from "valibot";
import type { Domain } from "../../lab/protocol.ts";
import { domainSchema } from "./domains.ts";

export const views = ["lab", "runs"] as const;
export type View = (typeof views)[number];

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
}

export const LONGEST_PROMPT = 2000;

const whole = (from: number, to: number) =>
  v.pipe(v.string(), v.regex(/^\d{1,10}$/), v.transform(Number), v.minValue(from), v.maxValue(to));

const fields = {
  prompt: v.pipe(v.string(), v.maxLength(LONGEST_PROMPT)),
  domain: domainSchema,
  item: whole(0, 99_999),
  seed: whole(0, 2 ** 32 - 1),
  g: whole(1, 16),
  device: v.picklist(["auto", "webgpu", "wasm"]),
};

const accepted: Record<keyof typeof fields, string> = {
  prompt: `at most ${LONGEST_PROMPT} characters`,
  domain: "sums, lists or advice",
  item: "a whole number from 0",
  seed: "a whole number from 0 to 4294967295",
  g: "a whole number from 1 to 16",
  device: "auto, webgpu or wasm",
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
    problems.push(`The link asks for a view “${shortened(name)}”; this page has lab and runs.`);
  const params = new URLSearchParams(query);
  const read = <K extends keyof typeof fields>(key: K): v.InferOutput<(typeof fields)[K]> | undefined => {
    const text = params.get(key);
    if (text === null) return undefined;
    const result = v.safeParse(fields[key], text);
    if (result.success) return result.output;
    problems.push(`The link says ${key}=${shortened(text)}, which is not ${accepted[key]}; it was left as it is.`);
    return undefined;
  };
  const link = {
    view,
    ...present("prompt", read("prompt")),
    ...present("domain", read("domain")),
    ...present("item", read("item")),
    ...present("seed", read("seed")),
    ...present("groupSize", read("g")),
    ...present("device", read("device")),
  };
  return { link, problems };
}

/** The hash of a link, with its `#`. */
export function formatLink(link: Link): string {
  const params = new URLSearchParams();
  if (link.prompt !== undefined) params.set("prompt", link.prompt);
  if (link.domain !== undefined) params.set("domain", link.domain);
  if (link.item !== undefined) params.set("item", String(link.item));
  if (link.seed !== undefined) params.set("seed", String(link.seed));
  if (link.groupSize !== undefined) params.set("g", String(link.groupSize));
  if (link.device !== undefined) params.set("device", link.device);
  const query = params.toString();
  return query === "" ? `#${link.view}` : `#${link.view}?${query}`;
}

function split(text: string): [string, string] {
  const at = text.indexOf("?");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function present<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, T>);
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
