/** @file The settings that outlast a visit, kept in this browser where the visitor chooses them: what a link does not say is as it was last time, and what a link says is not kept. Questions are not kept: they are in the runs. */
import * as v from "valibot";
import { domainSchema } from "./domains.ts";
import { kept } from "./kept.ts";

const schema = v.partial(
  v.object({
    domain: domainSchema,
    seed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1)),
    groupSize: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)),
    device: v.picklist(["auto", "webgpu", "wasm"]),
  }),
);

export type KeptSettings = v.InferOutput<typeof schema>;

const settings = kept("localStorage", "cat-lab.settings", schema, {});

/** Empty when nothing, or nothing readable, was kept. */
export function readSettings(): KeptSettings {
  return settings.read();
}

/** What is left out stays as it was kept. */
export function keepSettings(values: KeptSettings): void {
  settings.write({ ...readSettings(), ...values });
}
