/** @file Step by step: the stage waits before each phase until it is told to go on. Where it waits is in the settings, so that a link can say it; what is held back, in the RunView. */
import { type Gate, gates } from "./link.ts";
import type { RunView } from "./run-view.svelte.ts";
import type { Settings } from "./settings.svelte.ts";
import type { Phase } from "./timeline.ts";

/** The gates that a run has, in order; "end" is always one. What a run that goes on may still come to counts as had. */
function gatesOf(view: RunView | null): readonly Gate[] {
  if (view === null) return gates;
  const begun: readonly Phase[] = view.spans.map(({ phase }) => phase);
  const header = view.run.header;
  // A key that nobody has opened is not in the log: it waits at the side of the stage.
  const sealed = view.complete && typeof header?.item === "number";
  return gates.filter((gate) => {
    if (gate === "end" || view.length === 0) return true;
    if (begun.includes(gate)) return true;
    return gate === "key" ? sealed : view.going;
  });
}

export class Stepping {
  readonly #settings: Settings;
  readonly #stage: () => RunView | null;
  /** A link said where to wait, and no run has come to wait there yet. */
  #said = false;

  constructor(settings: Settings, stage: () => RunView | null) {
    this.#settings = settings;
    this.#stage = stage;
  }

  get on(): boolean {
    return this.#settings.gate !== null;
  }

  readonly gates = $derived.by(() => gatesOf(this.#stage()));

  /** Where the stage waits: a gate that the run turned out not to have is passed over. `null` when step mode is off. */
  readonly at = $derived.by((): Gate | null => {
    const { gate } = this.#settings;
    if (gate === null) return null;
    return this.gates.find((g) => gates.indexOf(g) >= gates.indexOf(gate)) ?? "end";
  });

  /** The phase that was let go last; `null` before the first one. */
  readonly passed = $derived.by((): Phase | null => {
    const { at } = this;
    const before = at === null ? undefined : this.gates[this.gates.indexOf(at) - 1];
    return before === undefined || before === "end" ? null : before;
  });

  /** From the beginning of what is on the stage. */
  enter(): void {
    this.#waitAt("explore", false);
  }

  /** Shows everything. */
  leave(): void {
    this.#settings.gate = null;
    this.#stage()?.holdAt(null, false);
  }

  /** The rest of a phase that is being played comes at once; else the next phase is let go. @param play at the chosen pace, or at once. */
  next(play: boolean): void {
    const view = this.#stage();
    if (view !== null && !view.atLimit) {
      view.holdAt(view.gate, false);
      return;
    }
    const { at } = this;
    if (at === null || at === "end") return;
    this.#waitAt(this.gates[this.gates.indexOf(at) + 1] ?? "end", play);
  }

  /** Back to before the phase that was let go last. */
  back(): void {
    if (this.passed !== null) this.#waitAt(this.passed, false);
  }

  /** A link may have said where to wait. @param before the gate as it was. */
  follow(before: Gate | null): void {
    const { gate, presenting } = this.#settings;
    if (gate === null && presenting) this.enter();
    if (gate === null || gate === before) return;
    this.#said = this.#stage() === null;
    this.#stage()?.holdAt(gate, false);
  }

  /** A run comes to the stage: it is told where it was left, or where a link said, or from its beginning. */
  attach(view: RunView | null): void {
    if (view === null) return;
    if (!this.on) {
      if (view.gate !== null) view.holdAt(null, false);
      return;
    }
    if (!this.#said) this.#settings.gate = view.gate ?? "explore";
    this.#said = false;
    view.holdAt(this.#settings.gate, false);
  }

  #waitAt(gate: Gate, play: boolean): void {
    this.#settings.gate = gate;
    this.#stage()?.holdAt(gate, play);
  }
}
