/** @file Provenance held to references with known support (models/recipes/provenance_items.py and hand-written ones): precision and recall over pairs of a step and a rollout. */
import * as v from "valibot";
import type { LanguageModel } from "../cat/models.ts";
import { askJudge } from "../cat/provenance/ask-judge.ts";
import { type JudgedSources, provenance, type Stance } from "../cat/provenance/provenance.ts";
import { jsonLines } from "./json-lines.ts";
import { type Estimate, ratioOfMeans } from "./statistics.ts";

const stance = v.picklist(["supports", "contradicts", "silent"]);

const schema = v.object({
  id: v.string(),
  domain: v.string(),
  kind: v.picklist(["math", "code", "open"]),
  /** What was looked at while the method was chosen, and what was looked at once, afterwards. */
  half: v.picklist(["choose", "once"]),
  reference: v.string(),
  rollouts: v.array(v.string()),
  steps: v.array(
    v.object({
      text: v.string(),
      /** [G] */
      said: v.array(stance),
      /** [G]: where the rollout says so, [start, end); null of a silent one; left out where nobody marked it. */
      at: v.optional(v.array(v.nullable(v.tuple([v.number(), v.number()])))),
    }),
  ),
});

export type SupportItem = v.InferOutput<typeof schema>;

/** Shares from 0 to 1; standard errors over references, since the pairs of one reference stand or fall together. */
export interface Accuracy {
  readonly precision: Estimate;
  readonly recall: Estimate;
  /** Pairs of which this is true. */
  readonly pairs: number;
}

export interface ProvenanceFigures {
  readonly references: number;
  /** References cut into exactly the steps that were meant; of the others no step counts as found. */
  readonly cutAsMeant: number;
  readonly supports: Accuracy;
  readonly contradicts: Accuracy;
  /** Steps that no rollout supports. */
  readonly nobodySaidIt: Accuracy;
  /** Recall of support where the rollout has the very words, and where it has others; null pairs without marks. */
  readonly sameWords: Pick<Accuracy, "recall" | "pairs">;
  readonly otherWords: Pick<Accuracy, "recall" | "pairs">;
  /** Of stances that are right and not silent: share with the right place. */
  readonly placed: Estimate;
}

/** @throws for a line that is not as it should be. */
export function readSupport(text: string): SupportItem[] {
  return jsonLines(text).map((line) => v.parse(schema, line));
}

/** What the judge finds in the references of open questions, asked as a run asks it; [items], undefined for the others. */
export async function judgedSources(
  items: readonly SupportItem[],
  judge: LanguageModel,
): Promise<readonly (JudgedSources | undefined)[]> {
  const all: (JudgedSources | undefined)[] = [];
  for (const { kind, reference, rollouts } of items) {
    let of: JudgedSources | undefined;
    const texts = kind === "open" ? rollouts.map((text, index) => ({ index, text })) : [];
    for await (const event of askJudge(texts, reference, judge)) if (event.type === "sources") of = event;
    all.push(of);
  }
  return all;
}

/** @param judged [items]; by words alone where there is none. */
export function provenanceFigures(
  items: readonly SupportItem[],
  judged: readonly (JudgedSources | undefined)[] = [],
): ProvenanceFigures {
  const compared = items.map((item, i) => compare(item, judged[i]));
  const pairs = compared.map(({ pairs }) => pairs);
  const ratio = (over: (pair: Pair) => boolean, under: (pair: Pair) => boolean) =>
    ratioOfMeans(
      pairs.map((of) => of.filter((pair) => under(pair) && over(pair)).length),
      pairs.map((of) => of.filter(under).length),
    );
  const count = (is: (pair: Pair) => boolean) => pairs.flat().filter(is).length;
  const accuracy = (is: Stance): Accuracy => ({
    precision: ratio(
      ({ truth }) => truth === is,
      ({ found }) => found === is,
    ),
    recall: ratio(
      ({ found }) => found === is,
      ({ truth }) => truth === is,
    ),
    pairs: count(({ truth }) => truth === is),
  });
  const inWords = (same: boolean) => {
    const is = ({ truth, sameWords }: Pair) => truth === "supports" && sameWords === same;
    return { recall: ratio(({ found }) => found === "supports", is), pairs: count(is) };
  };
  return {
    references: items.length,
    cutAsMeant: compared.filter(({ cut }) => cut).length,
    supports: accuracy("supports"),
    contradicts: accuracy("contradicts"),
    nobodySaidIt: nobody(compared.map(({ steps }) => steps)),
    sameWords: inWords(true),
    otherWords: inWords(false),
    placed: ratio(
      ({ placed }) => placed === true,
      ({ truth, found, placed }) => truth === found && placed !== null,
    ),
  };
}

interface Pair {
  readonly truth: Stance;
  readonly found: Stance;
  /** null where it is not marked. */
  readonly sameWords: boolean | null;
  readonly placed: boolean | null;
}

interface Unsaid {
  readonly truth: boolean;
  readonly found: boolean;
}

function compare({ reference, rollouts, kind, steps }: SupportItem, judged?: JudgedSources) {
  const found = provenance(reference, rollouts, kind, judged);
  const textOf = ({ at }: (typeof found)[number]) => reference.slice(at.start, at.end);
  const cut = found.length === steps.length && found.every((step, i) => textOf(step) === steps[i]!.text);
  const pairs = steps.flatMap(({ text, said, at }): Pair[] => {
    const step = found.find((candidate) => textOf(candidate) === text);
    return said.map((truth, g) => {
      const { stance: stanceFound, at: place } = step?.dots[g] ?? { stance: "silent", at: null };
      const marked = at?.[g] ?? null;
      return {
        truth,
        found: stanceFound,
        sameWords: marked === null ? null : rollouts[g]!.slice(...marked) === text,
        placed: marked === null || place === null ? null : place.start === marked[0] && place.end === marked[1],
      };
    });
  });
  const unsaid = steps.map(({ text, said }): Unsaid => {
    const step = found.find((candidate) => textOf(candidate) === text);
    return { truth: !said.includes("supports"), found: step?.nobodySaidIt ?? false };
  });
  return { cut, pairs, steps: unsaid };
}

function nobody(steps: readonly (readonly Unsaid[])[]): Accuracy {
  const both = steps.map((of) => of.filter(({ truth, found }) => truth && found).length);
  const truly = steps.map((of) => of.filter(({ truth }) => truth).length);
  const called = steps.map((of) => of.filter(({ found }) => found).length);
  return {
    precision: ratioOfMeans(both, called),
    recall: ratioOfMeans(both, truly),
    pairs: truly.reduce((a, b) => a + b, 0),
  };
}
