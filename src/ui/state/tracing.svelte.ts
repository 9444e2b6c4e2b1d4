/** @file What is lit on the stage: a step of the reference or a criterion, pointed at or pinned, and what of each answer belongs to it. Draws nothing. */
import type { StepProvenance } from "../../cat/provenance/provenance.ts";
import { standingEdit } from "../../run/correction.ts";
import type { GroupState } from "../../run/run.ts";
import { reader } from "./reader.svelte.ts";
import { type Mark, marksOfStep } from "./sources.ts";

/** A step by its place in the reference, a criterion by its id. */
export type Lit = { readonly of: "step"; readonly step: number } | { readonly of: "criterion"; readonly id: number };

/** Stands between texts that are compared as one. */
const BETWEEN = "\u0000";

export class Tracing {
  /** Under the pointer, or focused by keyboard. */
  #pointed = $state.raw<Lit | null>(null);
  pinned = $state.raw<Lit | null>(null);
  /** The answer that a dot led to; a new object each time, so that the same one can be gone to again. */
  shown = $state.raw<{ readonly rollout: number } | null>(null);
  readonly #group: () => GroupState | undefined;

  /** @param group as it counts, an edited reference included. */
  constructor(group: () => GroupState | undefined) {
    this.#group = group;
    void reader.load();
  }

  readonly active = $derived(this.#pointed ?? this.pinned);

  /** Id of the criterion that is pinned, and so opened; null while none is. */
  readonly pinnedCriterion = $derived(this.pinned?.of === "criterion" ? this.pinned.id : null);

  /** As strings, so that a verdict that comes makes nothing be traced again. */
  readonly #texts = $derived.by(() =>
    (this.#group()?.rollouts ?? []).map(({ text, ended }) => (ended === undefined ? "" : text)).join(BETWEEN),
  );
  readonly #rollouts = $derived(this.#texts.split(BETWEEN));
  readonly #reference = $derived.by(() => this.#group()?.references.synthesis?.finished?.text ?? null);
  readonly #kind = $derived.by(() => this.#group()?.task.kind ?? "math");

  /** A reference that a person edited is another text than the judge was asked about. */
  readonly #judged = $derived.by(() => {
    const group = this.#group();
    return group === undefined || standingEdit(group) !== null ? undefined : group.sources;
  });
  /** Who says what the dots say. */
  readonly by = $derived.by(() => {
    if (this.#judged === undefined) return "by numbers and words";
    const undecided = this.#judged.found.some(({ stance }) => stance === null);
    return undecided ? "by the judge, and by words where it is undecided" : "by the judge";
  });

  /** Of the finished reference; none before. */
  readonly steps: readonly StepProvenance[] = $derived(
    this.#reference === null
      ? []
      : (reader.loaded?.provenance(this.#reference, this.#rollouts, this.#kind, this.#judged) ?? []),
  );

  /** [G] while something is lit; null otherwise. */
  readonly marks: readonly Mark[] | null = $derived.by(() => {
    const { active } = this;
    if (active === null) return null;
    if (active.of === "step") {
      const step = this.steps[active.step];
      return step === undefined ? null : marksOfStep(step);
    }
    const criterion = this.#group()?.criteria.find(({ id }) => id === active.id);
    return criterion === undefined ? null : (reader.loaded?.marksOfCriterion(criterion.text, this.#rollouts) ?? null);
  });

  /** The step that is lit, for the reference's own text; null for a criterion. */
  readonly litStep = $derived.by(() => {
    const { active } = this;
    return active?.of === "step" ? (this.steps[active.step]?.at ?? null) : null;
  });

  isLit(lit: Lit): boolean {
    return same(this.active, lit);
  }

  isPinned(lit: Lit): boolean {
    return same(this.pinned, lit);
  }

  point(lit: Lit | null): void {
    this.#pointed = lit;
  }

  /** Pins it, or lets it go if it was. */
  toggle(lit: Lit): void {
    this.pinned = this.isPinned(lit) ? null : lit;
    this.#pointed = null;
  }

  /** Pins it and goes to an answer. */
  show(lit: Lit, rollout: number): void {
    this.pinned = lit;
    this.shown = { rollout };
  }

  /** Nothing is lit any more. @returns whether anything was pinned. */
  release(): boolean {
    const was = this.pinned !== null;
    this.pinned = null;
    this.#pointed = null;
    this.shown = null;
    return was;
  }
}

function same(a: Lit | null, b: Lit): boolean {
  if (a?.of === "step") return b.of === "step" && a.step === b.step;
  return a !== null && b.of === "criterion" && a.id === b.id;
}
