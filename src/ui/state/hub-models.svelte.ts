/** @file Hub models as the Models view shows them: what is here, what can be had, what is on its way. Files and requests are the worker's. */
import { SvelteMap } from "svelte/reactivity";
import * as v from "valibot";
import type { LabClient } from "../../lab/client.ts";
import {
  type DownloadState,
  type FileAtHand,
  HUB,
  hubIdOf,
  type HubPlace,
  type ModelsReport,
} from "../../lab/protocol.ts";
import { kept } from "./kept.ts";
import { droppedFiles } from "./files-at-hand.ts";
import { saveFile } from "./library.svelte.ts";

/** Where the token comes from is not kept: it lasts for the visit. */
const placeSchema = v.object({ host: v.pipe(v.string(), v.url()), layout: v.pipe(v.string(), v.includes("{path}")) });
const keptPlace = kept("localStorage", "cat-lab.hub", v.nullable(placeSchema), null);
const keptPersistence = kept("localStorage", "cat-lab.persisted", v.nullable(v.boolean()), null);

export class HubModels {
  /** `null` until first listed. */
  report = $state.raw<ModelsReport | null>(null);
  /** Why the last action failed; `null` when it did not. */
  problem = $state<string | null>(null);
  /** What the last action found; `null`: nothing to tell. */
  told = $state<string | null>(null);
  /** Of this visit, by model. */
  readonly downloads = new SvelteMap<string, DownloadState>();
  place = $state.raw<HubPlace>({ ...HUB, ...keptPlace.read() });
  /** Did the browser promise not to clear what is kept when space is short? `null`: it was not asked yet. */
  persisted = $state<boolean | null>(keptPersistence.read());
  /** A model whose files are being read through. */
  verifying = $state<string | null>(null);
  /** Files at hand are being read. */
  importing = $state(false);
  readonly #client: () => LabClient;
  /** Reports, so far. */
  #asked = 0;

  constructor(client: () => LabClient) {
    this.#client = client;
  }

  async refresh(): Promise<void> {
    const asked = ++this.#asked;
    await this.#attempt("The models could not be listed", async () => {
      const report = await this.#client().models();
      // Of two that were asked for, the older may come last, and lacks what has come meanwhile.
      if (asked !== this.#asked) return;
      this.report = report;
      const { host } = report.catalogue;
      // A class server offers itself; what the visitor chose counts more.
      if (host !== undefined && keptPlace.read() === null && this.place.host === HUB.host) {
        this.place = { ...this.place, host: addressOf(host) };
      }
    });
  }

  /** @returns what is wrong with it; `null`: taken */
  choosePlace(place: HubPlace): string | null {
    const host = place.host.trim().replace(/\/+$/, "");
    const checked = v.safeParse(placeSchema, { host, layout: place.layout.trim() });
    if (!checked.success) return "That is no address with a layout that names {path}.";
    this.place = { ...checked.output, token: place.token };
    keptPlace.write(checked.output);
    return null;
  }

  /** Begins or goes on. The first one asks the browser to keep what it saves. */
  download(model: string): void {
    this.problem = null;
    this.told = null;
    this.downloads.set(model, { phase: "asking" });
    this.announcePlace();
    this.#client().download(model);
    void this.persist();
  }

  pause(model: string): void {
    this.#client().pauseDownload(model);
  }

  async cancel(model: string): Promise<void> {
    await this.#attempt("The download could not be given up", () => this.#client().cancelDownload(model));
    this.downloads.delete(model);
    await this.#again();
  }

  async verify(model: string): Promise<void> {
    this.verifying = model;
    await this.#attempt("The files could not be read", async () => {
      const damaged = await this.#client().verifyModel(model);
      this.told =
        damaged.length === 0
          ? `${model}: every file is what it was.`
          : `${model}: damaged or missing: ${damaged.join(", ")}. Press Mend to fetch that alone.`;
    });
    this.verifying = null;
    await this.#again();
  }

  /** From another machine. What is no model, or a damaged one, is said. */
  async import(files: readonly FileAtHand[]): Promise<void> {
    if (files.length === 0) return;
    this.told = null;
    this.importing = true;
    void this.persist();
    await this.#attempt("The files could not be imported", async () => {
      const models = await this.#client().importModels(files);
      if (models.length > 0) this.told = `Imported: ${models.join(", ")}.`;
    });
    this.importing = false;
    await this.#again();
  }

  async importDropped(transfer: DataTransfer): Promise<void> {
    await this.import(await droppedFiles(transfer));
  }

  async export(model: string): Promise<void> {
    await this.#attempt("The model could not be exported", async () => {
      const made = await this.#client().exportModel(model);
      if (made !== null) saveFile(made.name, made.zip);
    });
  }

  async remove(model: string): Promise<void> {
    await this.#attempt("The model could not be deleted", () => this.#client().removeModel(model));
    this.downloads.delete(model);
    await this.#again();
  }

  /** Looks a model up by what was typed: its id, or the address of its page. @returns why it would not do; `null`: it is listed now */
  async lookUp(typed: string): Promise<string | null> {
    const id = hubIdOf(typed);
    if (id === null) return "Type owner/name as the hub has it, such as onnx-community/Qwen3-0.6B-ONNX.";
    if (this.report?.catalogue.models.some((model) => model.id === id)) return `${id} is on the list already.`;
    this.announcePlace();
    try {
      await this.#client().lookUp(id);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    await this.refresh();
    return null;
  }

  async forget(id: string): Promise<void> {
    await this.#attempt("The model could not be taken off the list", () => this.#client().forgetModel(id));
    await this.#again();
  }

  /** Asks the browser, once, not to clear what is kept by itself. @param again also if it has refused before. @returns whether it promised */
  async persist(again = false): Promise<boolean> {
    if (this.persisted === true || (this.persisted === false && !again)) return this.persisted;
    this.persisted = await navigator.storage.persist().catch(() => false);
    keptPersistence.write(this.persisted);
    return this.persisted;
  }

  /** To the worker, ahead of whatever may fetch. */
  announcePlace(): void {
    this.#client().fetchFrom(this.place);
  }

  /** How a download goes. */
  hear(model: string, state: DownloadState): void {
    const carried = ["importing", "exporting"].includes(this.downloads.get(model)?.phase ?? "");
    // That is said for all that was to be carried.
    if (state.phase === "failed" && carried) this.downloads.delete(model);
    else this.downloads.set(model, state);
    if (state.phase === "done" || state.phase === "paused" || state.phase === "failed") void this.refresh();
  }

  /** What is there now, without losing what went wrong. */
  async #again(): Promise<void> {
    const { problem } = this;
    await this.refresh();
    this.problem ??= problem;
  }

  async #attempt(what: string, action: () => Promise<void>): Promise<void> {
    this.problem = null;
    try {
      await action();
    } catch (error) {
      this.problem = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** Of what is said relative to the page, without a slash at its end. */
function addressOf(relative: string): string {
  return new URL(relative, document.baseURI).href.replace(/\/+$/, "");
}
