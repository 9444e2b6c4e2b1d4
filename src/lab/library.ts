/** @file The kept runs: what the store holds as text, as summaries. Imports only what is valid; live runs go through run-lab.ts. */
import { ModelError } from "../cat/models.ts";
import type { LoggedEvent } from "../run/event.ts";
import { parseRun } from "../run/lines.ts";
import { apply, emptyRun } from "../run/run.ts";
import { createRunFile, listRunFiles, readRunFile } from "../store/runs.ts";
import type { RunSummary } from "./protocol.ts";

/** Newest first. A file without a single readable line is left out. */
export async function listRuns(): Promise<RunSummary[]> {
  const ids = await listRunFiles();
  const summaries = await Promise.all(ids.map(async (id) => summarize(id, await readRunFile(id))));
  return summaries.filter((s) => s !== null).sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/**
 * Keeps a run file from elsewhere; the same run twice is one run.
 * @throws {ModelError} `run-invalid` naming the first line that is not valid.
 */
export async function importRun(text: string): Promise<RunSummary> {
  const { events, problem } = parseRun(text);
  const [first] = events;
  if (problem !== null || first?.type !== "run.started") {
    throw new ModelError("run-invalid", `This is not a valid run file: ${problem ?? "it does not begin with a run"}.`);
  }
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const mark = [...new Uint8Array(digest, 0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const id = `${first.startedAt.replaceAll(/[^0-9A-Za-z]/g, "-")}-${mark}`;
  if (!(await listRunFiles()).includes(id)) {
    const file = await createRunFile(id);
    file.append(text.endsWith("\n") ? text : `${text}\n`);
    file.close();
  }
  return summaryOf(id, events, text.length);
}

function summarize(id: string, text: string): RunSummary | null {
  const { events } = parseRun(text);
  return events.length === 0 ? null : summaryOf(id, events, text.length);
}

function summaryOf(id: string, events: readonly LoggedEvent[], bytes: number): RunSummary {
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
    bytes,
  };
}
