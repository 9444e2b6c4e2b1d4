/** @file Everything that a run says about how it was made, as a person reads and copies it. Leaves out what it came to. */
import type { ModelRecord } from "../../cat/models.ts";
import type { Run } from "../../run/run.ts";
import { bytes, decimal, duration, placeText } from "../numbers.ts";

export interface Detail {
  readonly name: string;
  readonly value: string;
}

export interface DetailGroup {
  readonly title: string;
  readonly details: readonly Detail[];
}

/** Empty before the run has its header. */
export function detailsOf({ header, groups, status, atMs }: Run): readonly DetailGroup[] {
  if (header === undefined) return [];
  const { sampling, models } = header;
  const ms = groups[0]?.finished?.ms;
  const sameModel = JSON.stringify(models.policy) === JSON.stringify(models.anchor);
  return [
    {
      title: "Run",
      details: [
        { name: "app", value: header.app },
        { name: "started", value: header.startedAt || "not said" },
        { name: "state", value: status },
        { name: "domain", value: header.domain ?? "none" },
        {
          name: "held-out problem",
          value: header.item === null ? "none, a question of one's own" : String(header.item),
        },
        { name: "seed", value: String(header.seed) },
        { name: "G", value: String(header.groupSize) },
        { name: "sampling", value: samplingText(sampling) },
        { name: "device", value: placeText(header) },
        { name: "adapter", value: adapterText(header.adapter) },
        { name: "prompts", value: editsText(header) },
      ],
    },
    {
      title: "Times",
      details: [
        { name: "whole run", value: duration(atMs) },
        ...(ms === undefined
          ? []
          : [
              { name: "explore", value: duration(ms.rollouts) },
              { name: "synthesise", value: duration(ms.synthesis) },
              { name: "reward", value: duration(ms.reward) },
            ]),
      ],
    },
    { title: sameModel ? "Policy and anchor, the same files" : "Policy", details: modelDetails(models.policy) },
    ...(sameModel ? [] : [{ title: "Anchor", details: modelDetails(models.anchor) }]),
    ...(models.judge === null
      ? []
      : [
          {
            title: header.judgeIndependent ? "Judge, independent" : "Judge = policy (not independent)",
            details: modelDetails(models.judge),
          },
        ]),
  ];
}

function modelDetails({ id, revision, dtype, device, files }: ModelRecord): readonly Detail[] {
  return [
    { name: "model", value: id },
    { name: "revision", value: revision ?? "none" },
    { name: "dtype", value: dtype },
    { name: "ran on", value: device },
    ...files.map(({ path, bytes: size, sha256 }) => ({ name: path, value: `${bytes(size)}, sha256 ${sha256}` })),
  ];
}

function samplingText({ temperature, topK, topP, maxTokens }: NonNullable<Run["header"]>["sampling"]): string {
  const parts = [`temperature ${decimal(temperature)}`];
  if (topK !== null) parts.push(`top-k ${topK}`);
  if (topP !== null) parts.push(`top-p ${decimal(topP)}`);
  return [...parts, `at most ${maxTokens} tokens`].join(", ");
}

function adapterText(adapter: NonNullable<Run["header"]>["adapter"]): string {
  if (adapter === null) return "none, no WebGPU was used";
  const name = [adapter.vendor, adapter.architecture, adapter.description].filter((part) => part !== "").join(" ");
  return `${name}${adapter.isFallback ? " (software)" : ""}`;
}

function editsText({ editedPrompts = [] }: NonNullable<Run["header"]>): string {
  if (editedPrompts.length === 0) return "as they ship";
  return `edited: ${editedPrompts.map(({ template }) => template).join(", ")}`;
}

/** The same as plain text. */
export function detailsText(groups: readonly DetailGroup[]): string {
  const block = ({ title, details }: DetailGroup) =>
    [title, ...details.map(({ name, value }) => `  ${name}: ${value}`)].join("\n");
  return `${groups.map(block).join("\n\n")}\n`;
}
