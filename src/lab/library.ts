/** @file The kept runs: what the store holds as text, as summaries. Imports only what is valid; live runs go through run-lab.ts. */
import { ModelError } from "../cat/models.ts";
import type { LoggedEvent } from "../run/event.ts";
import { firstLines, parseRun } from "../run/lines.ts";
import { apply, emptyRun } from "../run/run.ts";
import { listRunFiles, readRunFile, writeRunFile } from "../store/runs.ts";
import { importedId } from "./imported-id.ts";
import type { ImportedRun, RunSummary } from "./protocol.ts";

/** Newest first. A file that cannot be read, or has no valid line, is left out. */
export async function listRuns(): Promise<RunSummary[]> {
  const ids = await listRunFiles();
  const summaries = await Promise.all(ids.map(async (id) => summarize(id, await readOrNull(id))));
  return summaries.filter((s) => s !== null).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/**
 * Keeps a run file from elsewhere; a run that is kept already stays one run. Behind a bad line nothing is kept, as long as
 * there is a run before it.
 * @throws {ModelError} `run-invalid` naming the first line that is not valid, `storage`.
 */
export async function importRun(text: string): Promise<ImportedRun> {
  const { events, problem } = parseRun(text);
  const [first] = events;
  // A header alone is no run worth keeping in part.
  if (first?.type !== "run.started" || (problem !== null && events.length < 2)) {
    throw new ModelError("run-invalid", `This is not a valid run file: ${problem ?? "it does not begin with a run"}.`);
  }
  const twin = await findTwin(events, first.startedAt);
  if (twin !== null) return { summary: twin, problem };
  const valid = firstLines(text, events.length);
  const id = await freeId(await importedId(first.startedAt, new TextEncoder().encode(valid)));
  await writeRunFile(id, valid);
  return { summary: summaryOf(id, events, valid), problem };
}

/** A run that was imported before and corrected since is another one: it must not be written over. */
async function freeId(id: string): Promise<string> {
  const taken = await listRunFiles();
  let free = id;
  for (let copy = 2; taken.includes(free); copy++) free = `${id}-${copy}`;
  return free;
}

/** The kept run of the same events. Texts are not compared: the order of fields may differ between two exports of one run. */
async function findTwin(events: readonly LoggedEvent[], startedAt: string): Promise<RunSummary | null> {
  const wanted = JSON.stringify(events);
  for (const id of await listRunFiles()) {
    const text = await readOrNull(id);
    if (text?.includes(startedAt) !== true) continue; // parsing every kept run would take long
    const kept = parseRun(text).events;
    if (JSON.stringify(kept) === wanted) return summaryOf(id, kept, text);
  }
  return null;
}

/** `null`: open in another tab, deleted meanwhile, or broken. One such file must not hide the others. */
async function readOrNull(id: string): Promise<string | null> {
  return readRunFile(id).catch(() => null);
}

function summarize(id: string, text: string | null): RunSummary | null {
  if (text === null) return null;
  const { events } = parseRun(text);
  return events.length === 0 ? null : summaryOf(id, events, text);
}

function summaryOf(id: string, events: readonly LoggedEvent[], text: string): RunSummary {
  const run = events.reduce(apply, emptyRun);
  const header = run.header!;
  return {
    id,
    startedAt: header.startedAt,
    prompt: run.groups[0]?.task.prompt ?? "",
    status: run.status === "empty" ? "running" : run.status,
    seed: header.seed,
    groupSize: header.groupSize,
    model: header.models.policy.id,
    device: header.models.policy.device,
    bytes: new TextEncoder().encode(text).length,
  };
}
