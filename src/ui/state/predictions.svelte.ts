/** @file What the visitor foretold in this session, and what came of it. Kept until the tab is closed; no part of any run. */
import * as v from "valibot";
import { phases, type Phase } from "./timeline.ts";
import { kept } from "./kept.ts";
import type { Outcome } from "./prediction.ts";

/** Older ones are forgotten. */
const MOST = 500;

const schema = v.array(
  v.object({
    run: v.string(),
    phase: v.picklist(phases),
    said: v.pipe(v.string(), v.maxLength(80)),
    hit: v.nullable(v.boolean()),
  }),
);

const storage = kept("sessionStorage", "cat-lab.predictions", schema, []);

/** `hit`: `null` until the phase has run, and for good where nobody can tell. */
export type Prediction = Readonly<v.InferOutput<typeof schema>[number]>;

export class Predictions {
  all = $state.raw<readonly Prediction[]>(storage.read());

  /** Of those that could be told: how many were right. */
  readonly tally = $derived.by(() => {
    const told = this.all.filter(({ hit }) => hit !== null);
    return { right: told.filter(({ hit }) => hit).length, told: told.length };
  });

  of(run: string, phase: Phase): Prediction | null {
    return this.all.find((p) => p.run === run && p.phase === phase) ?? null;
  }

  /** An empty one takes it back. What has been told already stays. */
  say(run: string, phase: Phase, said: string): void {
    if (this.of(run, phase)?.hit != null) return;
    const others = this.all.filter((p) => p.run !== run || p.phase !== phase);
    this.#keep(said === "" ? others : [...others, { run, phase, said, hit: null }]);
  }

  settle(run: string, phase: Phase, { hit }: Outcome): void {
    if (this.of(run, phase)?.hit !== null) return;
    this.#keep(this.all.map((p) => (p.run === run && p.phase === phase ? { ...p, hit } : p)));
  }

  #keep(all: readonly Prediction[]): void {
    this.all = all.slice(-MOST);
    storage.write(this.all);
  }
}
