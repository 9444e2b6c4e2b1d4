/** @file How the next run rewards: length penalty, what the rubric is written from, who judges what. Kept in this browser; a run's header says what it was. */
import * as v from "valibot";
import type { TaskKind } from "../../cat/types.ts";
import type { RunRequest } from "../../lab/protocol.ts";
import type { RunHeader } from "../../run/event.ts";
import { kept } from "./kept.ts";

/** Tokens. The paper's is 750, for answers of models that write pages. */
export const FIRST_LIMIT = 60;

const schema = v.partial(
  v.object({
    lengthPenalty: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))),
    rubricFrom: v.picklist(["reference", "prompt"]),
    rewardBy: v.picklist(["rubric", "sameMeaning"]),
  }),
);

type Values = v.InferOutput<typeof schema>;

const settings = kept("localStorage", "cat-lab.method", schema, {});

export class MethodSettings {
  /** Longest answer without a penalty, in tokens; null: no penalty. */
  lengthPenalty = $state<number | null>(null);
  rubricFrom = $state<"reference" | "prompt">("reference");
  rewardBy = $state<"rubric" | "sameMeaning">("rubric");

  /** Begins with what this browser kept. */
  constructor() {
    Object.assign(this, settings.read());
  }

  choose(values: Values): void {
    Object.assign(this, values);
    const { lengthPenalty, rubricFrom, rewardBy } = this;
    settings.write({ lengthPenalty, rubricFrom, rewardBy });
  }

  /** How many things are other than in the paper's method, for a kind of task. */
  changed(kind: TaskKind): number {
    return methodChanges(this.requestFor(kind)).length;
  }

  /** What goes into the request of a run: only what differs, so that a run as the paper has it says nothing. */
  requestFor(kind: TaskKind): Pick<RunRequest, "lengthPenalty" | "rubricFrom" | "rewardBy"> {
    const open = kind === "open";
    return {
      ...(this.lengthPenalty === null ? {} : { lengthPenalty: this.lengthPenalty }),
      // Without a rubric nobody writes one.
      ...(open && this.rewardBy === "rubric" && this.rubricFrom === "prompt" ? { rubricFrom: "prompt" } : {}),
      ...(open && this.rewardBy === "sameMeaning" ? { rewardBy: "sameMeaning" } : {}),
    };
  }
}

/** What of a run is other than the method as the paper has it, in words. */
export function methodChanges({
  lengthPenalty = null,
  rubricFrom,
  rewardBy,
}: Pick<RunHeader, "lengthPenalty" | "rubricFrom" | "rewardBy">): readonly string[] {
  return [
    ...(lengthPenalty === null ? [] : [`over ${lengthPenalty} tokens: −1`]),
    ...(rubricFrom === "prompt" ? ["rubric from the question"] : []),
    ...(rewardBy === "sameMeaning" ? ["model as judge"] : []),
  ];
}
