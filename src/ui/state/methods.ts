/** @file Panel 4 as rows: what each method said, what it spent, whether it agrees with the synthesis, and what the key says of it. Only what the log says. */
import { finalProgram } from "../../cat/answer.ts";
import { type OtherMethod, othersOf, tokensBefore } from "../../cat/others.ts";
import type { TaskKind } from "../../cat/types.ts";
import type { GroupState } from "../../run/run.ts";
import { findingOf } from "./finding.ts";
import type { ShownMethod } from "./method-texts.ts";
import { summaryOf } from "./summary.ts";

export interface MethodRow {
  readonly method: ShownMethod;
  /** `never`: the run has ended without it. `none`: it came to no answer. */
  readonly phase: "waiting" | "writing" | "answered" | "none" | "never";
  /** The answer in a few words; "" before there is one. */
  readonly short: string;
  /** `short` is a final answer, which may be a formula. */
  readonly isAnswer: boolean;
  /** All that it says; "" where there is nothing to open. */
  readonly text: string;
  /** Number of the answer that it chose, from 1; null when the text is its own. */
  readonly chosen: number | null;
  /** Tokens generated to get it, those of the answers that it needs included; null before it is known. */
  readonly tokens: number | null;
  /** Against the synthesis, in words; "" where nothing is known. */
  readonly agreement: string;
  readonly agrees: boolean | null;
}

/** As a table of methods reads: the simplest first, the method last. */
const ORDER: readonly ShownMethod[] = [
  "single",
  "greedy",
  "majority",
  "lowestPerplexity",
  "selfBestOfN",
  "universalSelfConsistency",
  "mutualPredictability",
  "synthesisOfOne",
  "longestRollout",
  "synthesis",
  "synthesisExecuted",
];

/** @param over nothing more will come. */
export function methodRows(group: GroupState | undefined, kind: TaskKind, over: boolean): readonly MethodRow[] {
  const shown = new Set<ShownMethod>(["single", ...othersOf(kind), "synthesis"]);
  return ORDER.filter((method) => shown.has(method)).map((method) => {
    if (method === "single") return singleRow(group, over);
    return row(method, group, over);
  });
}

/** Whether the run has asked any other method, or tried to. A run from before they were asked has not. */
export function wereAsked(group: GroupState | undefined): boolean {
  return othersOf(group?.task.kind ?? "math").some((method) => group?.references[method] !== undefined);
}

const EMPTY = { short: "", isAnswer: false, text: "", chosen: null, tokens: null, agreement: "", agrees: null };

function row(method: OtherMethod | "synthesis", group: GroupState | undefined, over: boolean): MethodRow {
  const reference = group?.references[method];
  const finished = reference?.finished;
  if (group === undefined || reference === undefined) return { ...EMPTY, method, phase: over ? "never" : "waiting" };
  if (finished === undefined) {
    return { ...EMPTY, method, phase: over ? "never" : "writing", text: reference.text };
  }
  const synthesis = group.references.synthesis?.finished?.tokens;
  const lengths = group.rollouts.map(({ tokens }) => tokens);
  const tokens = finished.tokens + tokensBefore(method, lengths, synthesis);
  if (finished.text === "") return { ...EMPTY, method, phase: "none", tokens, agreement: "no answer" };
  const chosen = finished.chosen === null ? null : finished.chosen + 1;
  return {
    method,
    phase: "answered",
    ...shortOf(group, finished),
    text: finished.text,
    chosen,
    tokens,
    ...agreementOf(group, method, finished),
  };
}

type Finished = NonNullable<NonNullable<GroupState["references"]["synthesis"]>["finished"]>;

function shortOf({ task }: GroupState, finished: Finished): Pick<MethodRow, "short" | "isAnswer"> {
  switch (task.kind) {
    case "math":
      return finished.extracted === null
        ? { short: "no final answer", isAnswer: false }
        : { short: finished.extracted, isAnswer: true };
    case "code": {
      const program = finalProgram(finished);
      const call = program === null ? "no function" : `${program.name}(${program.parameters.join(", ")})`;
      return { short: call, isAnswer: false };
    }
    case "open":
      return { short: firstWords(finished.text), isAnswer: false };
  }
}

function agreementOf(
  group: GroupState,
  method: OtherMethod | "synthesis",
  { agrees, chosen }: Finished,
): Pick<MethodRow, "agreement" | "agrees"> {
  if (method === "synthesis") return { agreement: "the reference", agrees: null };
  if (group.task.kind === "open") {
    // There is no equal or different; of a chosen answer the judge's verdicts are known.
    const rollout = chosen === null ? undefined : group.rollouts[chosen];
    const finding = rollout === undefined ? null : findingOf(group, rollout);
    return { agreement: finding === null ? "not judged" : finding.text, agrees: null };
  }
  if (agrees === undefined) return { agreement: "", agrees: null };
  return { agreement: agrees === null ? "? undecided" : agrees ? "= same" : "≠ differs", agrees };
}

function singleRow(group: GroupState | undefined, over: boolean): MethodRow {
  const done = (group?.rollouts ?? []).filter(({ ended }) => ended !== undefined);
  if (group === undefined || done.length === 0) {
    return { ...EMPTY, method: "single", phase: over ? "never" : "waiting" };
  }
  const summary = summaryOf(group);
  const agree = summary?.agree ?? null;
  return {
    ...EMPTY,
    method: "single",
    phase: "answered",
    short: done.length === 1 ? "the answer above" : `each of the ${done.length} above`,
    tokens: Math.round(done.reduce((sum, { tokens }) => sum + tokens, 0) / done.length),
    agreement: agree === null || summary === null ? "" : `${agree}/${summary.size} same`,
  };
}

const MOST_WORDS = 9;

function firstWords(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return words.length <= MOST_WORDS ? words.join(" ") : `${words.slice(0, MOST_WORDS).join(" ")} …`;
}
