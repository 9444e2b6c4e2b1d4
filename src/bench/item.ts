/** @file Held-out items: tasks with their labels. This folder is the only one that may read a label. */
import * as v from "valibot";
import type { Task } from "../cat/types.ts";
import { type Question, readKey } from "./advice/key.ts";
import { jsonLines } from "./json-lines.ts";

/** What is known about an item with one right answer, and never shown to the method. */
export interface AnswerLabel {
  /** A final answer; for a program, a function that does what was asked. */
  readonly answer: string;
  /** Worst slip rate among the item's facts under the slip law, 0..1. */
  readonly slip: number;
  /** Worst misreading rate, 0..1. */
  readonly misread: number;
}

/** What is known about a question for advice. */
export interface AdviceLabel {
  readonly question: Question;
  /** How often the law leaves each point out, 0..1, by its id. */
  readonly omissions: Readonly<Record<string, number>>;
  /** How often it tells each myth, 0..1, by its id. */
  readonly myths: Readonly<Record<string, number>>;
}

export interface AnswerItem {
  readonly task: Task & { readonly kind: "math" | "code" };
  readonly label: AnswerLabel;
}

export interface AdviceItem {
  readonly task: Task & { readonly kind: "open" };
  readonly label: AdviceLabel;
}

/** Not assignable to `Task`: a label cannot travel by accident. */
export type Item = AnswerItem | AdviceItem;

export function isAdvice(item: Item): item is AdviceItem {
  return item.task.kind === "open";
}

const taskSchema = v.object({ id: v.string(), prompt: v.string(), kind: v.picklist(["math", "code", "open"]) });
const answerSchema = v.object({ answer: v.string(), slip: v.number(), misread: v.number() });
const rates = v.record(v.string(), v.number());
const adviceSchema = v.object({ question: v.string(), points: rates, myths: rates });

/** The text files of a domain's items. */
export interface ItemFiles {
  /** tasks.jsonl */
  readonly tasks: string;
  /** labels.jsonl */
  readonly labels: string;
  /** key.jsonl, which advice has; null elsewhere. */
  readonly key: string | null;
}

/**
 * Joins tasks and labels by id, in the order of the tasks.
 * @throws Error naming the id of a task without a label, or of a question for advice that the key does not have.
 */
export function readItems({ tasks, labels, key }: ItemFiles): Item[] {
  const questions = key === null ? new Map<string, Question>() : readKey(key);
  const byId = new Map(jsonLines(labels).map((line) => [v.parse(v.object({ id: v.string() }), line).id, line]));
  return jsonLines(tasks).map((line) => {
    const task = v.parse(taskSchema, line);
    const label = byId.get(task.id);
    if (label === undefined) throw new Error(`item ${task.id} has no label: write models/items again`);
    const { kind } = task;
    if (kind !== "open") return { task: { ...task, kind }, label: v.parse(answerSchema, label) };
    return { task: { ...task, kind }, label: adviceLabel(task.id, label, questions) };
  });
}

function adviceLabel(id: string, line: unknown, questions: ReadonlyMap<string, Question>): AdviceLabel {
  const { question: name, points, myths } = v.parse(adviceSchema, line);
  const question = questions.get(name);
  if (question === undefined) throw new Error(`item ${id} asks about ${name}, which the key of advice does not have`);
  return { question, omissions: points, myths };
}
