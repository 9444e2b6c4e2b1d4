/** @file Prepares this machine for a class: looks, keeps the page, fetches a bundle if one is chosen, tries the models; step by step, stopped at any time. What was found is put in words by machine-checks.ts. */
import type { ModelState } from "../../lab/protocol.ts";
import { type HubItem, hubItems, isGoingOn, isWhole } from "./hub-items.ts";
import type { HubModels } from "./hub-models.svelte.ts";
import type { Lab } from "./lab.svelte.ts";
import {
  type Check,
  graphicsCheck,
  keepingCheck,
  modelsCheck,
  offlineCheck,
  roomCheck,
  selfTestCheck,
} from "./machine-checks.ts";
import type { ServedRoles } from "./served-roles.svelte.ts";

/** A policy and its judge. */
export interface Wanted {
  readonly title: string;
  readonly policy: string;
  readonly judge: string;
}

/** What is asked of the page. */
export interface Parts {
  readonly lab: Pick<Lab, "model" | "judge" | "settings" | "offline" | "keepOffline" | "loadJudge">;
  readonly hub: Pick<
    HubModels,
    "report" | "downloads" | "refresh" | "persist" | "download" | "pause" | "announcePlace"
  >;
  readonly roles: Pick<ServedRoles, "anchorByPolicy" | "judgeBy">;
}

/** A judge that nobody has begun to load within this time does not come. */
const JUDGE_MS = 5000;
const LOOK_MS = 100;

export class Preparation {
  checks = $state.raw<readonly Check[]>([]);
  /** What is going on; `null`: nothing. */
  doing = $state<string | null>(null);
  /** ISO 8601; `null`: it has not ended. */
  endedAt = $state<string | null>(null);
  /** The bundle that it was begun with. */
  wanted = $state.raw<Wanted | null>(null);
  readonly #parts: Parts;
  #stop = new AbortController();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @param wanted `null`: the models of this page alone. Ends by itself, also where something is wrong. */
  async begin(wanted: Wanted | null): Promise<void> {
    this.#stop = new AbortController();
    this.checks = [];
    this.endedAt = null;
    this.wanted = wanted;
    try {
      await this.#look(wanted);
      await this.#fetch(wanted);
      await this.#try(wanted);
      // With what was noted of the loads.
      await this.#parts.hub.refresh();
      this.endedAt = today();
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    } finally {
      this.doing = null;
    }
  }

  /** What was fetched stays. */
  stop(): void {
    this.#stop.abort(new Error("stopped"));
    this.doing = null;
  }

  async #look(wanted: Wanted | null): Promise<void> {
    const { lab, hub } = this.#parts;
    this.doing = "Loading the model of this page";
    lab.model.load(lab.settings.device);
    await this.#until(() => hasEnded(lab.model.state));
    this.#found(graphicsCheck(lab.model.state, lab.model.why));
    this.doing = "Looking for room";
    await hub.refresh();
    const missing = this.#items(wanted).filter((item) => !isWhole(item));
    const needed = missing.reduce((sum, { aboutBytes, begunBytes }) => sum + Math.max(0, aboutBytes - begunBytes), 0);
    this.#found(roomCheck(hub.report?.storage ?? null, needed));
    this.#found(keepingCheck(await hub.persist(true)));
    this.doing = "Keeping the page for use without a network";
    await lab.keepOffline();
    const webgpu = lab.model.state.phase === "ready" && lab.model.state.record.device === "webgpu";
    this.#found(offlineCheck(lab.offline ?? { ready: false, gpu: false, problem: null }, webgpu));
  }

  async #fetch(wanted: Wanted | null): Promise<void> {
    const { hub } = this.#parts;
    const items = this.#items(wanted);
    const missing = items.filter((item) => !isWhole(item));
    this.doing =
      missing.length === 0 ? this.doing : `Fetching ${missing.map(({ model }) => model.title).join(" and ")}`;
    for (const { key } of missing) if (!isGoingOn(hub.downloads.get(key))) hub.download(key);
    const pause = (): void => {
      for (const { key } of missing) hub.pause(key);
    };
    this.#stop.signal.addEventListener("abort", pause, { once: true });
    await this.#until(() => missing.every(({ key }) => !isGoingOn(hub.downloads.get(key))));
    this.#stop.signal.removeEventListener("abort", pause);
    await hub.refresh();
    const absent = missing.flatMap(({ key, model }) => {
      const state = hub.downloads.get(key);
      if (state?.phase === "done") return [];
      return [{ title: model.title, why: state?.phase === "failed" ? state.failure.message : "It was paused." }];
    });
    this.#found(
      modelsCheck(
        items.map(({ model, dtype }) => `${model.title} ${dtype}`),
        absent,
      ),
    );
  }

  async #try(wanted: Wanted | null): Promise<void> {
    const { lab, hub, roles } = this.#parts;
    if (this.checks.some(({ name, state }) => name === "Models" && state === "bad")) return;
    this.doing = "Trying the models";
    if (wanted !== null) {
      hub.announcePlace();
      roles.anchorByPolicy();
      roles.judgeBy({ from: "hub", model: wanted.judge });
      lab.model.load(lab.settings.device, wanted.policy);
    }
    await this.#until(() => hasEnded(lab.model.state));
    this.#found(selfTestCheck("Policy", lab.model.state));
    if (lab.model.state.phase !== "ready") return;
    lab.loadJudge();
    const patience = performance.now() + JUDGE_MS;
    await this.#until(() => hasEnded(lab.judge) || (lab.judge.phase === "absent" && performance.now() > patience));
    this.#found(selfTestCheck("Judge", lab.judge));
  }

  #items(wanted: Wanted | null): HubItem[] {
    const keys = wanted === null ? [] : [wanted.policy, wanted.judge];
    const { report } = this.#parts.hub;
    const items = report === null ? [] : hubItems(report);
    return keys.map((wantedKey) => items.find(({ key }) => key === wantedKey)).filter((item) => item !== undefined);
  }

  #found(check: Check): void {
    this.#stop.signal.throwIfAborted();
    this.checks = [...this.checks, check];
  }

  async #until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise((later) => setTimeout(later, LOOK_MS));
      this.#stop.signal.throwIfAborted();
    }
  }
}

function hasEnded({ phase }: ModelState): boolean {
  return phase === "ready" || phase === "failed";
}

function today(): string {
  return new Date().toISOString();
}
