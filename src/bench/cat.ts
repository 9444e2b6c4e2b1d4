/** @file The benchmark `bench cat`: all methods on held-out items, from the same rollouts. The object it gives is pinned in docs/formats.md. */
import type { Roles, Sampling, Stop } from "../cat/models.ts";
import type { CatOptions } from "../cat/options.ts";
import { explore } from "../cat/rollouts.ts";
import type { Group } from "../cat/types.ts";
import { accuracy, type Accuracy } from "./accuracy.ts";
import { coverage, type Coverage } from "./advice/coverage.ts";
import { type AdviceOutcome, scoreAdvice } from "./advice/outcome.ts";
import { type AdviceItem, type AnswerItem, isAdvice, type Item } from "./item.ts";
import { type Outcome, scoreItem } from "./outcome.ts";
import { result } from "./result.ts";

export interface BenchSettings {
  readonly domain: string;
  /** G, 1..16. */
  readonly rollouts: number;
  readonly seed: number;
  readonly sampling: Sampling;
  readonly maxTokens: number;
}

/** What came of each item, in the order of the items. */
export type Outcomes =
  | { readonly measure: "accuracy"; readonly items: readonly AnswerItem[]; readonly outcomes: readonly Outcome[] }
  | {
      readonly measure: "coverage";
      readonly items: readonly AdviceItem[];
      readonly outcomes: readonly AdviceOutcome[];
    };

export type CatBenchmark = {
  readonly domain: string;
  readonly items: number;
  readonly rollouts: number;
  readonly seed: number;
  readonly device: string;
} & (Accuracy | Coverage);

/**
 * Runs every method on every item.
 * @param progress called after each step with the share done, 0..1.
 * @throws RangeError for no items or items of several kinds; Error for a role that the items need and nobody plays; what the models throw.
 */
export async function benchCat(
  items: readonly Item[],
  roles: Roles,
  settings: BenchSettings,
  progress: (share: number) => void = () => undefined,
  stop?: Stop,
): Promise<CatBenchmark> {
  const outcomes = await scoreItems(items, roles, settings, progress, stop);
  return benchmarkOf(outcomes, settings, roles.policy.record.device);
}

/** As {@link benchCat}, item by item. */
export async function scoreItems(
  items: readonly Item[],
  roles: Roles,
  settings: BenchSettings,
  progress: (share: number) => void = () => undefined,
  stop?: Stop,
): Promise<Outcomes> {
  const advice = items.filter(isAdvice);
  const answers = items.flatMap((item) => (isAdvice(item) ? [] : item));
  if (items.length === 0) throw new RangeError("a benchmark needs at least one item");
  if (advice.length > 0 && answers.length > 0) throw new RangeError("a benchmark takes items of one domain at a time");
  const optionsOf = (group: number): CatOptions => ({
    groupSize: settings.rollouts,
    seed: settings.seed,
    group,
    sampling: settings.sampling,
    maxTokens: settings.maxTokens,
    now: () => 0, // times are not part of the object
  });
  const explored: Group[] = [];
  for (const [i, item] of items.entries()) {
    explored.push(await result(explore(item.task, roles.policy, optionsOf(i), stop)));
    progress((0.3 * (i + 1)) / items.length);
  }
  /** The rollouts of the nearest item before, or from the end, that asks something else; null if none does. */
  const strangersTo = (i: number): Group | null => {
    const asks = items.map((item) => (isAdvice(item) ? item.label.question : item.task.prompt));
    const others = [...explored.keys()].map((k) => (i - 1 - k + items.length) % items.length);
    const other = others.find((k) => asks[k] !== asks[i]);
    return other === undefined ? null : explored[other]!;
  };
  const each = async <I, O>(
    some: readonly I[],
    scored: (item: I, from: { group: Group; strangers: Group | null }, options: CatOptions) => Promise<O>,
  ): Promise<O[]> => {
    const outcomes: O[] = [];
    for (const [i, item] of some.entries()) {
      const strangers = strangersTo(i);
      outcomes.push(await scored(item, { group: explored[i]!, strangers }, optionsOf(i)));
      progress(0.3 + (0.7 * (i + 1)) / some.length);
    }
    return outcomes;
  };
  if (advice.length > 0) {
    const outcomes = await each(advice, (item, from, options) => scoreAdvice(item, from, roles, options, stop));
    return { measure: "coverage", items: advice, outcomes };
  }
  const outcomes = await each(answers, (item, from, options) => scoreItem(item, from, roles, options, stop));
  return { measure: "accuracy", items: answers, outcomes };
}

/** @param device where the policy really ran. */
export function benchmarkOf(
  scored: Outcomes,
  { domain, rollouts, seed }: Pick<BenchSettings, "domain" | "rollouts" | "seed">,
  device: string,
): CatBenchmark {
  const about = { domain, items: scored.items.length, rollouts, seed, device };
  return scored.measure === "coverage"
    ? { ...about, ...coverage(scored.outcomes) }
    : { ...about, ...accuracy(scored.items, scored.outcomes) };
}
