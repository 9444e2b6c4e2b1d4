/** @file The key of the run on the stage: whether it has one, whether it is open, and opening it. What it says comes as `label` events of the log. */
import type { LabClient } from "../../lab/client.ts";
import { domains } from "./domains.ts";
import type { RunView } from "./run-view.svelte.ts";
import type { SessionTally } from "./tally.svelte.ts";

interface Stage {
  readonly stage: RunView | null;
  readonly running: boolean;
}

/** `none`: there is nothing to open. `waiting`: not before everybody has answered. */
export type KeyState = "none" | "waiting" | "sealed" | "open";

export class SealedKey {
  /** Id of the run whose key is being opened; null while none is. */
  #opening = $state<string | null>(null);
  #problem = $state.raw<{ readonly run: string; readonly text: string } | null>(null);
  readonly #lab: Stage;
  readonly #client: () => LabClient;
  readonly #tally: SessionTally;

  constructor(lab: Stage, client: () => LabClient, tally: SessionTally) {
    this.#lab = lab;
    this.#client = client;
    this.#tally = tally;
  }

  /** Of what is shown: going back in time seals it again. */
  get state(): KeyState {
    const { stage, running } = this.#lab;
    const { header, groups } = stage?.run ?? {};
    const group = groups?.[0];
    if (stage === null || group === undefined) return "none";
    if (group.labels.length > 0) return "open";
    const known = domains.some(({ id }) => id === header?.domain);
    if (!known || header?.item === null || group.task.id === null || stage.source === "recorded") return "none";
    return stage.going || running ? "waiting" : "sealed";
  }

  get busy(): boolean {
    return this.#opening !== null && this.#opening === this.#lab.stage?.id;
  }

  /** Why it was not opened, or not kept; null when it was. */
  get problem(): string | null {
    return this.#problem?.run === this.#lab.stage?.id ? (this.#problem?.text ?? null) : null;
  }

  /** @returns whether it is open now. */
  async open(): Promise<boolean> {
    const view = this.#lab.stage;
    if (view === null || this.state !== "sealed" || this.#opening !== null) return false;
    this.#opening = view.id;
    this.#problem = null;
    try {
      const base = document.baseURI;
      const kept = await this.#client().change(view.id, view.file, { of: "key", base });
      if (!kept) this.#say(view, "This browser does not keep the run: export it, or it is sealed again on reload.");
      view.follow();
      const group = view.run.groups[0];
      if (group !== undefined) this.#tally.open(view.id, group);
      return (group?.labels.length ?? 0) > 0;
    } catch (error) {
      this.#say(view, error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      this.#opening = null;
    }
  }

  #say({ id }: RunView, text: string): void {
    this.#problem = { run: id, text };
  }
}
