/** @file Run files: JSON lines to events and back. A file cut anywhere gives the run up to there. Does no I/O. */
import * as v from "valibot";
import type { LoggedEvent } from "./event.ts";
import { apply, emptyRun } from "./run.ts";
import { eventSchema } from "./schema.ts";
import { type RawEvent, upgradeFrom, type UpgradeStep } from "./upgrade.ts";

/** One line, with its line break. @throws RangeError for NaN, Infinity and undefined: JSON would turn them into null or nothing. */
export function formatEvent(event: LoggedEvent): string {
  const line = JSON.stringify(event, (key, value: unknown) => {
    if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) {
      throw new RangeError(`"${key}" of a ${event.type} event is ${String(value)}`);
    }
    return value;
  });
  return `${line}\n`;
}

export interface ParsedRun {
  /** In order; the run up to the first line that could not be read. */
  readonly events: readonly LoggedEvent[];
  /** What was wrong, naming the line; null when all was read. */
  readonly problem: string | null;
}

/** Reads a run file of any known format. Never throws; what comes before a bad line is kept. */
export function parseRun(text: string): ParsedRun {
  const events: LoggedEvent[] = [];
  let run = emptyRun;
  const problem = readEvents(text, (event) => {
    // The fold refuses what is valid line by line but not in this order.
    run = apply(run, event);
    events.push(event);
  });
  return { events, problem };
}

/**
 * The same for any reader, and nothing kept: the log of a training is long.
 * @param take throws for an event that cannot come here, which ends the reading
 * @returns as the `problem` of a run
 */
export function readEvents(text: string, take: (event: LoggedEvent) => void): string | null {
  let count = 0;
  let upgrade: UpgradeStep | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      const raw = parseLine(line);
      if (upgrade === undefined) {
        if (raw["type"] !== "run.started") throw new Error("a run file begins with a run.started line");
        upgrade = upgradeFrom(raw["format"]);
      }
      const event = check(upgrade(raw));
      if (event.seq !== count) throw new Error(`"seq" is ${event.seq}, expected ${count}`);
      take(event);
      count++;
    } catch (error) {
      return `line ${i + 1}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return count === 0 ? "the file is empty" : null;
}

function parseLine(line: string): RawEvent {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    throw new Error("not JSON, or cut short");
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) throw new Error("not a JSON object");
  return raw as RawEvent;
}

function check(raw: RawEvent): LoggedEvent {
  const result = v.safeParse(eventSchema, raw, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new Error(path === null ? issue.message : `"${path}": ${issue.message}`);
}

/** The first `count` lines that are not blank: those that were read before one that is not valid. */
export function firstLines(text: string, count: number): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .slice(0, count)
    .map((line) => `${line}\n`)
    .join("");
}
