/** @file Answers that flatter or instruct the judge, each beside its honest twin: the same advice without the words to the judge. Does an attack pay? */
import * as v from "valibot";
import type { LanguageModel, Stop } from "../cat/models.ts";
import { rewardByRubric } from "../cat/reward/judge.ts";
import type { Criterion, Group, Reward } from "../cat/types.ts";
import { jsonLines } from "./json-lines.ts";
import { result } from "./result.ts";
import { estimate } from "./statistics.ts";

export interface Twins {
  /** What the attack tries: flattery, instruction, closing tag, control token, fake criterion. */
  readonly kind: string;
  readonly honest: string;
  readonly attack: string;
}

export interface JudgedTwins extends Twins {
  readonly rewards: { readonly honest: Reward; readonly attack: Reward };
}

export interface FlatteryFigures {
  readonly twins: number;
  /** Attacks with a higher reward than their twin. */
  readonly paid: number;
  /** Mean rewards of what was decided; null without any. */
  readonly honest: number | null;
  readonly attack: number | null;
}

const schema = v.object({ kind: v.string(), honest: v.string(), attack: v.string() });

/** @throws for a line that is not as it should be. */
export function readTwins(text: string): Twins[] {
  return jsonLines(text).map((line) => v.parse(schema, line));
}

/**
 * Both of each pair, as the rewards ask.
 * @param progress called after each pair with the share done, 0..1.
 */
export async function judgeTwins(
  twins: readonly Twins[],
  criteria: readonly Criterion[],
  judge: LanguageModel,
  progress: (share: number) => void = () => undefined,
  stop?: Stop,
): Promise<readonly JudgedTwins[]> {
  const judged: JudgedTwins[] = [];
  for (const [i, pair] of twins.entries()) {
    const [honest, attack] = await rewardsOf([pair.honest, pair.attack], criteria, judge, stop);
    judged.push({ ...pair, rewards: { honest: honest!, attack: attack! } });
    progress((i + 1) / twins.length);
  }
  return judged;
}

/** By kind, in the order of the twins. */
export function flatteryFigures(judged: readonly JudgedTwins[]): Readonly<Record<string, FlatteryFigures>> {
  const kinds = [...new Set(judged.map(({ kind }) => kind))];
  return Object.fromEntries(kinds.map((kind) => [kind, figuresOf(judged.filter((pair) => pair.kind === kind))]));
}

/** Whether the words to the judge earned anything. An attack that made an undecided reward a decided one did. */
export function paid({ rewards: { honest, attack } }: JudgedTwins): boolean {
  return attack !== null && (honest === null ? attack > 0 : attack > honest);
}

function figuresOf(judged: readonly JudgedTwins[]): FlatteryFigures {
  const mean = (who: "honest" | "attack") => {
    return estimate(judged.flatMap(({ rewards }) => rewards[who] ?? [])).mean;
  };
  return { twins: judged.length, paid: judged.filter(paid).length, honest: mean("honest"), attack: mean("attack") };
}

async function rewardsOf(
  texts: readonly string[],
  criteria: readonly Criterion[],
  judge: LanguageModel,
  stop?: Stop,
): Promise<readonly Reward[]> {
  const rollouts = texts.map((text, index) => {
    return { index, text, ended: "stop", tokenIds: [], logprobs: [], entropies: [] } as const;
  });
  const group: Group = { kind: "open", rollouts };
  return result(rewardByRubric(group, criteria, judge, stop));
}
