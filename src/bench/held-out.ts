/**
 * @file How good a policy is on held-out items while it trains: one sample, and the fixed lines that it is held against. What comes of this is
 * never fed back. Leaves out the other methods (outcome.ts).
 */
import type { Written } from "../cat/answer.ts";
import { synthesize } from "../cat/reference/synthesis.ts";
import { answerGreedily } from "../cat/greedy.ts";
import type { LanguageModel, Roles, Stop } from "../cat/models.ts";
import type { CatOptions } from "../cat/options.ts";
import { explore } from "../cat/rollouts.ts";
import { withoutThinking } from "../cat/thinking.ts";
import type { Group, Reference } from "../cat/types.ts";
import { score } from "./advice/reading.ts";
import { type AdviceItem, isAdvice, type Item } from "./item.ts";
import { markingFor } from "./marking.ts";
import { result } from "./result.ts";
import { estimate, type Estimate } from "./statistics.ts";

/** Groups of held-out items share no chance with those of a training. */
const FIRST_GROUP = 2 ** 31;

export interface Scored extends Estimate {
  readonly items: number;
}

/** Of the policy as it starts. Shares of right answers; for advice, of the key's points. */
export interface Lines {
  readonly single: Scored;
  readonly greedy: Scored;
  /** `null` for advice: there is no vote. */
  readonly majority: Scored | null;
  /** The initial teacher. */
  readonly synthesis: Scored;
}

export interface HeldOutOptions extends Omit<CatOptions, "group" | "others" | "sources" | "aggregator" | "control"> {
  /** Called with how many items are done of an evaluation. */
  readonly onItem?: (done: number) => void;
}

export class HeldOut {
  readonly #items: readonly Item[];
  readonly #runner: Roles["runner"];
  readonly #options: HeldOutOptions;
  /** Words at which advice is cut, by item: the initial policy's mean, so that nothing is gained by saying more. */
  #limits: readonly number[] | null;

  /** @param limits of a training that goes on */
  constructor(
    items: readonly Item[],
    runner: Roles["runner"],
    options: HeldOutOptions,
    limits: readonly number[] | null = null,
  ) {
    this.#items = items;
    this.#runner = runner;
    this.#options = options;
    this.#limits = limits;
  }

  /** Words at which the advice on each item is cut; `null` before {@link lines}. What goes on from a checkpoint takes them along. */
  get limits(): readonly number[] | null {
    return this.#limits;
  }

  /** @param roles of the start: anchor and policy have the same weights. @throws as the models */
  async lines({ policy, anchor }: Pick<Roles, "policy" | "anchor">, stop?: Stop): Promise<Lines> {
    const groups: Group[] = [];
    for (const i of this.#items.keys()) {
      groups.push(await this.#explored(i, policy, stop));
      // Half of the work.
      this.#options.onItem?.(Math.floor((i + 1) / 2));
    }
    this.#limits = groups.map(({ rollouts }) => mean(rollouts.map(({ text }) => wordsOf(text))));
    const scores = {
      single: [] as number[],
      greedy: [] as number[],
      synthesis: [] as number[],
      majority: [] as number[],
    };
    for (const [i, group] of groups.entries()) {
      const { task } = this.#items[i]!;
      const { mark, vote } = await this.#markerOf(i, stop);
      const options = this.#optionsOf(i);
      const answers = {
        greedy: await result(answerGreedily(task, policy, options, stop)),
        synthesis: await result(synthesize(group, anchor, options, stop)),
        ...(vote === null ? {} : { majority: await vote(group) }),
      };
      scores.single.push(await meanMark(group, mark));
      for (const [name, answer] of Object.entries(answers)) {
        scores[name as keyof typeof answers].push(answer === null ? 0 : await mark(answer));
      }
      this.#options.onItem?.(Math.floor((this.#items.length + i + 1) / 2));
    }
    const lines = { single: scored(scores.single), greedy: scored(scores.greedy), synthesis: scored(scores.synthesis) };
    return { ...lines, majority: scores.majority.length === 0 ? null : scored(scores.majority) };
  }

  /** Mean over rollouts, then over items. After {@link lines}. @throws as the model */
  async single(policy: LanguageModel, stop?: Stop): Promise<Scored> {
    const means: number[] = [];
    for (const i of this.#items.keys()) {
      means.push(await meanMark(await this.#explored(i, policy, stop), (await this.#markerOf(i, stop)).mark));
      this.#options.onItem?.(i + 1);
    }
    return scored(means);
  }

  #optionsOf(i: number): CatOptions {
    return { ...this.#options, group: FIRST_GROUP + i };
  }

  #explored(i: number, policy: LanguageModel, stop?: Stop): Promise<Group> {
    return result(explore(this.#items[i]!.task, policy, this.#optionsOf(i), stop));
  }

  async #markerOf(i: number, stop?: Stop): Promise<Marker> {
    const item = this.#items[i]!;
    if (isAdvice(item)) return coverageMarker(item, this.#limits![i]!);
    const marking = await markingFor(item, this.#runner, this.#options.seed, stop);
    return { mark: async (text) => Number(await marking.right(text)), vote: (group) => marking.majority(group) };
  }
}

interface Marker {
  /** 0..1 */
  readonly mark: (text: Written) => Promise<number>;
  /** `null`: there is none on such items. */
  readonly vote: ((group: Group) => Promise<Reference | null>) | null;
}

function coverageMarker({ label }: AdviceItem, limit: number): Marker {
  const mark = ({ text }: Written) => score(label.question, withoutThinking(text), limit).coverage;
  return { mark: (text) => Promise.resolve(mark(text)), vote: null };
}

async function meanMark({ rollouts }: Group, mark: Marker["mark"]): Promise<number> {
  const scores: number[] = [];
  for (const rollout of rollouts) scores.push(await mark(rollout));
  return mean(scores);
}

function scored(scores: readonly number[]): Scored {
  return { ...estimate(scores), items: scores.length };
}

function wordsOf(text: string): number {
  return withoutThinking(text).match(/\S+/g)?.length ?? 0;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
