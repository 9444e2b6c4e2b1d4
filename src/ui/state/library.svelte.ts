/** @file The kept runs as the screen lists them: load, remove with undo, import, export. The files themselves are the worker's. */
import type { LabClient } from "../../lab/client.ts";
import type { RunSummary } from "../../lab/protocol.ts";

/** Larger files are refused before they are read: no run of this page comes near. */
const LARGEST_FILE = 64e6;

/** A name that sorts by time and says what is inside: "cat-lab-2026-11-22-1714-seed1-g8.jsonl". */
export function exportName(run: Pick<RunSummary, "startedAt" | "seed" | "groupSize">): string {
  const time = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})/.exec(run.startedAt);
  const when = time === null ? "run" : `${time[1]}-${time[2]}${time[3]}`;
  return `cat-lab-${when}-seed${run.seed}-g${run.groupSize}.jsonl`;
}

/** Hands a text, or what is a file already, to the browser as a download. @param type of the text */
export function saveFile(name: string, content: string | Blob, type = "application/x-ndjson"): void {
  const url = URL.createObjectURL(typeof content === "string" ? new Blob([content], { type }) : content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the blob after the click has returned.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}

export class Library {
  /** Newest first; `null` until first listed. */
  runs = $state.raw<readonly RunSummary[] | null>(null);
  /** Why the last action failed; `null` when it did not. */
  problem = $state<string | null>(null);
  /** The run removed last, until it is brought back or another takes its place. */
  removed = $state.raw<{ readonly summary: RunSummary; readonly text: string } | null>(null);
  /** The run imported last: its row is marked. */
  imported = $state<string | null>(null);
  readonly #client: () => LabClient;

  constructor(client: () => LabClient) {
    this.#client = client;
  }

  async refresh(): Promise<void> {
    await this.#attempt("The kept runs could not be listed", async () => {
      this.runs = await this.#client().list();
    });
  }

  /** The file of one run; `null` (and {@link problem}) when it could not be read. */
  async read(id: string): Promise<string | null> {
    return this.#attempt("The run could not be opened", () => this.#client().read(id));
  }

  async export(summary: RunSummary): Promise<void> {
    const text = await this.read(summary.id);
    if (text !== null) saveFile(exportName(summary), text);
  }

  /** Removes a run, keeping its text until the next removal, for {@link undo}. */
  async remove(summary: RunSummary): Promise<void> {
    await this.#attempt("The run could not be removed", async () => {
      const text = await this.#client().read(summary.id);
      await this.#client().remove(summary.id);
      this.removed = { summary, text };
      this.runs = this.runs?.filter((run) => run.id !== summary.id) ?? null;
    });
  }

  /** Brings the removed run back. */
  async undo(): Promise<void> {
    const { removed } = this;
    if (removed === null) return;
    await this.#attempt("The run could not be brought back", async () => {
      await this.#client().restore(removed.summary.id, removed.text);
      this.imported = removed.summary.id;
      this.removed = null;
    });
    const { problem } = this;
    await this.refresh();
    this.problem ??= problem;
  }

  /** Keeps run files from elsewhere, one after the other; stops at the first that is not valid. */
  async import(files: Iterable<File>): Promise<void> {
    const problems: string[] = [];
    for (const file of files) {
      const kept = await this.#attempt(`“${file.name}” was not imported`, async () => {
        if (file.size > LARGEST_FILE) throw new Error(`It has ${Math.round(file.size / 1e6)} MB; at most 64 are read.`);
        return this.#client().import(await file.text());
      });
      if (this.problem !== null) problems.push(this.problem);
      if (kept === null) break;
      this.imported = kept.summary.id;
      if (kept.problem !== null)
        problems.push(`“${file.name}” was kept only up to its first bad line: ${kept.problem}.`);
    }
    await this.refresh();
    if (problems.length > 0) this.problem = problems.join(" ");
  }

  async #attempt<T>(what: string, action: () => Promise<T>): Promise<T | null> {
    this.problem = null;
    try {
      return await action();
    } catch (error) {
      this.problem = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      return null;
    }
  }
}
