/** @file How an aggregator ends: the event that holds its reference. One definition of what counts as the answer in it. */
import type { GroupEvent } from "../../run/event.ts";
import { finalAnswer, finalProgram } from "../answer.ts";
import type { Aggregator, Reference, TaskKind } from "../types.ts";

interface Cost {
  /** Generated beyond the rollouts. */
  readonly tokens: number;
  readonly ms: number;
}

/** The last event of an aggregator. One that could not choose ends with an empty text, so that its cost is on record. */
export function finished(
  aggregator: Aggregator,
  reference: Reference | null,
  kind: TaskKind,
  cost: Cost,
): Extract<GroupEvent, { type: "reference.finished" }> {
  const { chosen, text, ended } = reference ?? { chosen: null, text: "", ended: "stop" as const };
  const extracted = reference === null ? null : answerIn(reference, kind);
  return { type: "reference.finished", aggregator, chosen, text, ended, extracted, ...cost };
}

/** The part of a reference that the rewards look at; null when it is missing, or when they look at all of it. */
export function answerIn(reference: Pick<Reference, "text" | "ended">, kind: TaskKind): string | null {
  if (kind === "open") return null;
  return kind === "math" ? finalAnswer(reference) : (finalProgram(reference)?.source ?? null);
}
