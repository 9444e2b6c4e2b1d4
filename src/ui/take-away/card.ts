/** @file What a result card says: one run in one picture. Draws nothing. */
import { effectiveGroup } from "../../run/effective.ts";
import type { GroupState, Run } from "../../run/run.ts";
import { HONESTY, isEmbedded } from "../honesty.ts";
import { modelName } from "../model-name.ts";
import { decimal, placeText } from "../numbers.ts";
import { answerRows } from "./rows.ts";

export interface CardBar {
  readonly number: number;
  /** What the answer came to, short. */
  readonly label: string;
  /** −1..1; `null`: could not be decided; `undefined`: not there. */
  readonly reward: number | null | undefined;
}

export interface Card {
  readonly question: string;
  /** The final answer, or the first words. */
  readonly reference: string;
  /** The reference is one short answer, so it can be large. */
  readonly short: boolean;
  readonly headline: string;
  readonly bars: readonly CardBar[];
  readonly facts: string;
  /** `null` where no embedded model had a part. */
  readonly honesty: string | null;
}

/** `null` until there is a header and a group. */
export function cardOf({ header, groups, status }: Run): Card | null {
  const [group] = groups;
  if (header === undefined || group === undefined) return null;
  const text = effectiveGroup(group).reference?.text;
  const final = group.task.kind === "math" ? group.references.synthesis?.finished?.extracted : undefined;
  const answer = typeof final === "string" ? final : text;
  const rows = answerRows(group);
  const day = header.startedAt.slice(0, 10);
  return {
    question: group.task.prompt,
    reference: answer ?? "No reference was written.",
    short: typeof final === "string" && final.length <= 16,
    headline:
      status === "finished" ? headlineOf(group) : `The run was ${status === "running" ? "not finished" : status}.`,
    bars: rows.map(({ number, answer: found, reward }) => ({
      number,
      label: [found ?? "", rewardText(reward)].filter((part) => part !== "").join(", "),
      reward,
    })),
    facts: [modelName(header.models.policy.id), placeText(header), `seed ${header.seed}`, day]
      .filter((fact) => fact !== "")
      .join(" · "),
    honesty: isEmbedded(header) ? HONESTY : null,
  };
}

function rewardText(reward: number | null | undefined): string {
  if (reward === undefined) return "";
  return reward === null ? "undecided" : `reward ${decimal(reward)}`;
}

function headlineOf(group: GroupState): string {
  const { rollouts } = effectiveGroup(group);
  const rewards = rollouts.map(({ reward }) => reward).filter((reward) => typeof reward === "number");
  if (rewards.length === 0) return "Nothing could be judged.";
  if (group.task.kind === "open") {
    const mean = rewards.reduce((a, b) => a + b, 0) / rewards.length;
    return `Mean reward ${decimal(mean)} by ${group.criteria.length} criteria.`;
  }
  const agree = rollouts.filter(({ same }) => same === true).length;
  return `${agree} of ${rollouts.length} agree with the reference.`;
}
