/** @file What the visitor does with the run on the stage: asks the worker to append it, says what goes on and what went wrong. A recorded run is kept as a copy first. */
import { openDecisions } from "../../cat/again.ts";
import type { LabClient } from "../../lab/client.ts";
import type { Change } from "../../lab/protocol.ts";
import type { OverrideValue } from "../../run/event.ts";
import { standing } from "../../run/correction.ts";
import { lastDoing } from "./doings.ts";
import type { RunView } from "./run-view.svelte.ts";

/** What a person puts in place of an event's value. */
export type OnCorrect = (target: number, value: OverrideValue, note: string) => void;

interface Stage {
  readonly stage: RunView | null;
  readonly running: boolean;
  readonly model: { readonly ready: boolean };
}

export class Corrections {
  /** What goes on, as a sentence; null while nothing does. */
  busy = $state<string | null>(null);
  /** Why the last change was not made, or not kept; null when it was. */
  problem = $state<string | null>(null);
  readonly #lab: Stage;
  readonly #client: () => LabClient;
  /** One after the other: who presses twice means two. Never rejects. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(lab: Stage, client: () => LabClient) {
    this.#lab = lab;
    this.#client = client;
  }

  /** The run on the stage has ended, all of it is shown, and nobody else needs the models. */
  get possible(): boolean {
    const { stage, running } = this.#lab;
    if (stage === null || running || stage.going || !stage.atEnd || stage.playing) return false;
    return stage.run.groups.length > 0;
  }

  /** There is a model that can write a rubric. */
  get anchorReady(): boolean {
    return this.#lab.model.ready;
  }

  /** The run on the stage ended before its time, and can go on. */
  get finishable(): boolean {
    const { stage } = this.#lab;
    return this.possible && stage !== null && stage.source !== "recorded" && stage.run.status !== "finished";
  }

  /** The group that is corrected, as logged. */
  get #group() {
    return this.#lab.stage?.run.groups[0];
  }

  /** What is open: how many decisions, and whether a judge has to make them. */
  get open() {
    const group = this.#group;
    return group === undefined ? { count: 0, needsJudge: false } : openDecisions(group);
  }

  readonly correct: OnCorrect = (target, value, note) => {
    void this.make({ of: "override", target, value, note });
  };

  /** Takes back what a person put in place of an event's value. */
  readonly takeBack = (target: number): void => {
    void this.#next(() => {
      const standing = this.#standing(target);
      return standing === null ? null : { of: "undo", target: standing.seq };
    });
  };

  /** Pins or drops a rollout, or takes that back. */
  readonly keep = (target: number, value: "pin" | "drop"): void => {
    void this.#next(() => {
      const standing = this.#standing(target);
      if (standing?.value === value) return { of: "undo", target: standing.seq };
      return { of: "override", target, value, note: "" };
    });
  };

  /** Takes the last thing back that still stands. @returns whether there was any. */
  undo(): boolean {
    const last = () => (this.#group === undefined ? null : lastDoing(this.#group));
    if (!this.possible || (last() === null && this.busy === null)) return false;
    void this.#next(() => {
      const standing = last();
      return standing === null ? null : { of: "undo", target: standing.seq };
    });
    return true;
  }

  /** @returns whether it was made. */
  make(change: Change): Promise<boolean> {
    return this.#next(() => change);
  }

  /** @param change looked at when its turn comes: what stands may be another thing by then. */
  #next(change: () => Change | null): Promise<boolean> {
    const view = this.#lab.stage;
    const made = this.#queue.then(() => {
      const now = change();
      return now === null || this.#lab.stage !== view ? false : this.#make(now);
    });
    this.#queue = made;
    return made;
  }

  async #make(change: Change): Promise<boolean> {
    const view = this.#lab.stage;
    if (view === null || !this.possible) return false;
    this.busy = sentences[change.of];
    this.problem = null;
    try {
      if (view.source === "recorded") await this.#keep(view);
      view.resuming = change.of === "finish";
      const kept = await this.#client().change(view.id, view.file, change);
      if (!kept) this.problem = "This browser does not keep the run: export it, or the correction is lost.";
      return true;
    } catch (error) {
      this.problem = `That could not be done: ${error instanceof Error ? error.message : String(error)}`;
      return false;
    } finally {
      this.busy = null;
      view.resuming = false;
    }
  }

  #standing(target: number) {
    return this.#group === undefined ? null : standing(this.#group, target);
  }

  /** What came with the page stays as it came; without storage it is corrected on the page alone. */
  async #keep(view: RunView): Promise<void> {
    const kept = await this.#client()
      .import(view.file)
      .catch(() => null);
    if (kept !== null) view.keepAs(kept.summary.id);
  }
}

const sentences: Record<Change["of"], string> = {
  override: "Noting it",
  undo: "Taking it back",
  rubric: "Noting the rubric",
  propose: "The anchor is writing a rubric",
  again: "The judge is deciding what changed",
  finish: "The run goes on",
  key: "Opening the key",
};
