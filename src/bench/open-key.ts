/** @file Opens the key of the held-out problem that a run asked: what everybody said in it, marked. Nothing else brings a label into a run. */
import type { CodeRunner, Stop } from "../cat/models.ts";
import { withoutThinking } from "../cat/thinking.ts";
import type { Aggregator } from "../cat/types.ts";
import type { RunEvent } from "../run/event.ts";
import type { GroupState } from "../run/run.ts";
import { score } from "./advice/reading.ts";
import type { Question } from "./advice/key.ts";
import { heldOutItems } from "./held-out-files.ts";
import { type AnswerItem, isAdvice, type Item } from "./item.ts";
import { markingFor } from "./marking.ts";

type Label = Omit<Extract<RunEvent, { type: "label" }>, "type" | "group">;

export interface KeyOptions {
  /** Folder of the items: the run's domain. */
  readonly domain: string;
  /** Seed of the run: the inputs of programs follow from it. */
  readonly seed: number;
  /** Text of a file below models/. */
  readonly read: (path: string) => Promise<string>;
  readonly runner: CodeRunner | null;
  readonly stop?: Stop | undefined;
}

/**
 * Labels of the task (what the key says), of each finished rollout, of `single` and of each finished reference, in this order.
 * Of answers that are right or wrong, `score` is 0 or 1, of `single` the share; a method that came to no answer is not right.
 * Of advice `correct` is null and `score` the share of the key's points, of references at equal length (docs/formats.md).
 * @throws Error when the question is no held-out problem word for word; what `read` throws.
 */
export async function openKey(group: GroupState, options: KeyOptions): Promise<readonly Label[]> {
  const item = await itemOf(group, options);
  return isAdvice(item) ? coverageLabels(group, item.label.question) : answerLabels(group, item, options);
}

async function itemOf({ task }: GroupState, { domain, read }: KeyOptions): Promise<Item> {
  const items = await heldOutItems(domain, task.kind === "open", read);
  const item = items.find((candidate) => candidate.task.id === task.id);
  if (item?.task.prompt !== task.prompt || item.task.kind !== task.kind) {
    throw new Error(
      "The question is not the held-out problem of that name, word for word, so the key does not fit it.",
    );
  }
  return item;
}

async function answerLabels(
  group: GroupState,
  item: AnswerItem,
  { runner, seed, stop }: KeyOptions,
): Promise<readonly Label[]> {
  const marking = await markingFor(item, runner, seed, stop);
  const labels: Label[] = [{ rollout: null, aggregator: null, correct: null, score: null, answer: item.label.answer }];
  const rights: number[] = [];
  for (const [rollout, { text, ended }] of group.rollouts.entries()) {
    if (ended === undefined) continue;
    const correct = await marking.right({ text, ended });
    rights.push(Number(correct));
    labels.push({ rollout, aggregator: null, correct, score: Number(correct) });
  }
  if (rights.length > 0) labels.push(single(rights));
  for (const { aggregator, text, ended } of finishedReferences(group)) {
    const correct = text !== "" && (await marking.right({ text, ended }));
    labels.push({ rollout: null, aggregator, correct, score: Number(correct) });
  }
  return labels;
}

function coverageLabels(group: GroupState, question: Question): readonly Label[] {
  const answer = question.points.map(({ texts }) => texts[0] ?? "").join("\n");
  const labels: Label[] = [{ rollout: null, aggregator: null, correct: null, score: null, answer }];
  const readings = group.rollouts.map(({ text, ended }, rollout) => ({
    rollout,
    ended,
    ...score(question, withoutThinking(text)),
  }));
  const whole = readings.filter(({ ended }) => ended !== undefined);
  for (const { rollout, coverage } of whole) labels.push({ rollout, aggregator: null, correct: null, score: coverage });
  if (whole.length > 0) labels.push(single(whole.map(({ coverage }) => coverage)));
  const limit = mean(whole.map(({ words }) => words));
  for (const { aggregator, text } of finishedReferences(group)) {
    labels.push({ rollout: null, aggregator, correct: null, score: score(question, text, limit).coverage });
  }
  return labels;
}

function single(scores: readonly number[]): Label {
  return { rollout: null, aggregator: "single", correct: null, score: mean(scores) };
}

function finishedReferences({ references }: GroupState) {
  return (Object.keys(references) as Aggregator[]).flatMap((aggregator) => references[aggregator]?.finished ?? []);
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}
