/** @file The settings that outlast a visit, kept in this browser where the visitor chooses them: what a link does not say is as it was last time, and what a link says is not kept. Questions are not kept: they are in the runs. */
import * as v from "valibot";
import { domainSchema } from "./domains.ts";

const KEY = "cat-lab.settings";

const schema = v.partial(
  v.object({
    domain: domainSchema,
    seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)),
    groupSize: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)),
    device: v.picklist(["auto", "webgpu", "wasm"]),
  }),
);

export type KeptSettings = v.InferOutput<typeof schema>;

/** Empty when nothing, or nothing readable, was kept. */
export function readSettings(): KeptSettings {
  try {
    const result = v.safeParse(schema, JSON.parse(localStorage.getItem(KEY) ?? "{}"));
    return result.success ? result.output : {};
  } catch {
    return {}; // storage is closed to this page, or holds no JSON: the defaults serve
  }
}

/** What is left out stays as it was kept. */
export function keepSettings(settings: KeptSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readSettings(), ...settings }));
  } catch {
    // as above: they last for the visit
  }
}
