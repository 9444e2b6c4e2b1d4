/** @file The key of advice: for each question the points and myths of its world, in all their wordings. Written by models/recipes/advice_items.py. */
import * as v from "valibot";
import { jsonLines } from "../json-lines.ts";

/** Something that an answer may say. */
export interface Sayable {
  readonly id: string;
  /** Useless advice. Its criteria say that an answer leaves it out. */
  readonly myth: boolean;
  readonly texts: readonly string[];
  readonly criteria: readonly string[];
  /** Sentences that deny it; none for a myth. */
  readonly negations: readonly string[];
}

export interface Question {
  readonly id: string;
  readonly points: readonly Sayable[];
  readonly myths: readonly Sayable[];
}

const strings = v.array(v.string());
const sayable = v.object({ id: v.string(), texts: strings, criteria: strings, negations: strings });
const schema = v.object({ id: v.string(), points: v.pipe(v.array(sayable), v.minLength(1)), myths: v.array(sayable) });

/** @returns the questions by id. @throws for a line that is not as it should be. */
export function readKey(text: string): ReadonlyMap<string, Question> {
  return new Map(
    jsonLines(text).map((line) => {
      const { id, points, myths } = v.parse(schema, line);
      const mark = (myth: boolean) => (s: v.InferOutput<typeof sayable>) => ({ ...s, myth });
      return [id, { id, points: points.map(mark(false)), myths: myths.map(mark(true)) }];
    }),
  );
}
