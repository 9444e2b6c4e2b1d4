/** @file A run as a table for spreadsheets: a row a rollout, RFC 4180, with texts that no spreadsheet takes for formulas. */
import type { Run } from "../../run/run.ts";
import { letterOf } from "../state/rubric.ts";
import { answerRows } from "./rows.ts";

type Cell = string | number | boolean | null | undefined;

/**
 * Every group below the other. Empty cells are what has not come; "undecided" is what could not be decided.
 * Begins with a byte-order mark: without it, spreadsheets take UTF-8 for something else.
 */
export function csvOf({ header, groups }: Run): string {
  const rows = groups.flatMap((group, number) => {
    const criteria = group.criteria;
    const head = [
      ...["run", "seed", "model", "group", "question", "rollout", "ended", "tokens", "answer", "same as reference"],
      ...criteria.map(({ id, text }) => `${letterOf(id)}: ${text}`),
      ...["reward", "advantage", "reward before corrections", "note", "correct by the key", "text"],
    ];
    const { startedAt, seed, models } = header ?? {};
    const lines = answerRows(group).map((row): readonly Cell[] => [
      ...[startedAt, seed, models?.policy.id, number, group.task.prompt],
      ...[row.number, row.ended, row.tokens, row.answer, decided(row.same)],
      ...row.met.map(decided),
      ...[decided(row.reward), decided(row.advantage), decided(row.rewardBefore)],
      ...[row.note, decided(row.correct), row.text],
    ]);
    return [head, ...lines];
  });
  return `\ufeff${rows.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("")}`;
}

function decided<T extends number | boolean>(value: T | null | undefined): T | "undecided" | undefined {
  return value === null ? "undecided" : value;
}

function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  // Numbers are ours, so a minus is a minus.
  if (typeof value !== "string") return String(value);
  return `"${harmless(value).replaceAll('"', '""')}"`;
}

/** What makes a formula of a cell, wide forms included. */
const BEGINNING = /^[=+\-@|%\uff1d\uff0b\uff0d\uff20]/;
/** What may stand before it, and where a spreadsheet set to another separator would cut. */
const BEFORE = /[\s\u0000-\u0020"'\u200b;,]+/g; // eslint-disable-line no-control-regex -- these are the ones to be met
const CUT = /[\r\n\t;,]/;
const NUMBER = /^-?\d+([.,]\d+)?$/;

/** The text with an apostrophe before everything that a spreadsheet would reckon. */
export function harmless(text: string): string {
  if (NUMBER.test(text)) return text;
  const guarded = text.replaceAll(BEFORE, (run, at: number) => {
    const begins = at === 0 || CUT.test(run);
    return begins && BEGINNING.test(text.slice(at + run.length, at + run.length + 1)) ? `${run}'` : run;
  });
  return BEGINNING.test(text) ? `'${guarded}` : guarded;
}
