/** @file The shipped world of advice, for the tests of its bench. */
import { readFileSync } from "node:fs";
import { type AdviceItem, isAdvice, readItems } from "../../../src/bench/item.ts";
import { type Question, readKey } from "../../../src/bench/advice/key.ts";

const file = (name: string) => new URL(`../../../models/items/advice/${name}.jsonl`, import.meta.url);
const text = (name: string) => readFileSync(file(name), "utf8");

export const questions = readKey(text("key"));

export const shippedAdvice: readonly AdviceItem[] = readItems({
  tasks: text("tasks"),
  labels: text("labels"),
  key: text("key"),
}).filter(isAdvice);

export function question(id: string): Question {
  return questions.get(id)!;
}
