/** @file How numbers are written on the screen: one way for each kind. Rounds, never judges. */
import type { Run, RolloutState } from "../run/run.ts";

/** "0.8 s", "12 ms", "1 min 5 s". */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Decimal, as downloads are counted: "1.24 GB", "12.3 MB", "840 kB". */
export function bytes(n: number): string {
  if (n < 1e6) return `${Math.max(n === 0 ? 0 : 1, Math.round(n / 1000))} kB`;
  return n < 999.95e6 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e9).toFixed(2)} GB`;
}

/** With a real minus sign and at most two decimals: "0.5", "−1", "0.38". */
export function decimal(value: number): string {
  const text = String(Math.round(Math.abs(value) * 100) / 100);
  return value < 0 && text !== "0" ? `−${text}` : text;
}

/** Of any size, to three digits: "148", "0.0213", "−1.5". */
export function figure(value: number): string {
  const size = Math.abs(value);
  const decimals = size === 0 ? 0 : Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(size))));
  const text = String(Number(size.toFixed(decimals)));
  return value < 0 && text !== "0" ? `−${text}` : text;
}

/** A probability, "93 %"; neither 0 nor 100 unless it is that exactly. */
export function percent(probability: number): string {
  const rounded = Math.round(100 * probability);
  if (rounded === 100 && probability < 1) return "over 99 %";
  if (rounded === 0 && probability > 0) return "under 1 %";
  return `${rounded} %`;
}

/** What an advantage does to an answer: "+0.9 ↑ more likely". `null`: the reward could not be decided. */
export function advantageText(value: number | null): string {
  if (value === null) return "left out";
  const rounded = Math.round(value * 10) / 10;
  if (rounded === 0) return "0 no signal";
  return rounded > 0 ? `+${rounded.toFixed(1)} ↑ more likely` : `−${Math.abs(rounded).toFixed(1)} ↓ less likely`;
}

/** "1 token", "42 tokens". */
export function tokenCount(n: number): string {
  return n === 1 ? "1 token" : `${n} tokens`;
}

/** Words are what white space parts. */
export function wordCount(text: string): number {
  return text.split(/\s+/).filter((word) => word !== "").length;
}

/** An answer against the reference; `null`: could not be decided. */
export function equalityText(equivalent: boolean | null): string {
  if (equivalent === null) return "? undecided";
  return equivalent ? "= equal" : "≠ differs";
}

/** How an advantage came about: "(1 − 0.63) ÷ 0.52 = +0.7"; `null` when there was nothing to reckon. */
export function advantageSum(
  reward: number | null | undefined,
  { mean, spread }: { readonly mean: number | null; readonly spread: number | null },
): string | null {
  if (typeof reward !== "number" || mean === null || spread === null) return null;
  if (spread === 0) return "all rewards are equal, so 0";
  const value = Math.round(((reward - mean) / spread) * 10) / 10;
  const sign = value > 0 ? "+" : value < 0 ? "−" : "";
  return `(${decimal(reward)} − ${decimal(mean)}) ÷ ${decimal(spread)} = ${sign}${Math.abs(value).toFixed(1)}`;
}

/** "8 × 42 tokens in 1.2 s (280 tokens/s)"; `null` until every answer has ended. */
export function speedText(rollouts: readonly RolloutState[], ms: number): string | null {
  if (rollouts.length === 0 || rollouts.some((r) => r.ended === undefined)) return null;
  const tokens = rollouts.reduce((sum, r) => sum + r.tokens, 0);
  const mean = Math.round(tokens / rollouts.length);
  const rate = ms > 0 ? ` (${Math.round((tokens / ms) * 1000)} tokens/s)` : "";
  return `${rollouts.length} × ${mean} tokens in ${duration(ms)}${rate}`;
}

/** Where a run's policy really ran: "wasm, one thread", "WebGPU, apple metal-3", the address of a server. */
export function placeText(header: NonNullable<Run["header"]>): string {
  switch (header.models.policy.device) {
    case "webgpu": {
      const { adapter } = header;
      const name = adapter === null ? "" : adapter.description || `${adapter.vendor} ${adapter.architecture}`.trim();
      return `WebGPU${name === "" ? "" : `, ${name}`}${adapter?.isFallback === true ? " (software)" : ""}`;
    }
    case "wasm":
      return "wasm, one thread";
    case "node":
      return "Node";
    case "remote":
      return header.models.policy.server ?? "a remote server";
  }
}

/** "22 Nov 2026, 17:14" in the visitor's own words and time; the text itself if it is no date. */
export function dateText(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
