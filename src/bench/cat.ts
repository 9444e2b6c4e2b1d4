/** @file The benchmark `bench cat`: all methods on held-out items, from the same rollouts. The object it gives is pinned in docs/formats.md. */
import type { Roles, Sampling, Stop } from "../cat/models.ts";
import type { CatOptions } from "../cat/options.ts";
import { explore } from "../cat/rollouts.ts";
import type { Group } from "../cat/types.ts";
import { accuracy, type Accuracy } from "./accuracy.ts";
import { coverage, type Coverage } from "./advice/coverage.ts";
import { type AdviceOutcome, scoreAdvice } from "./advice/outcome.ts";
import { concurrently, sharesBatches } from "../cat/concurrently.ts";
import { type AdviceItem, type AnswerItem, isAdvice, type Item } from "./item.ts";
import { type Outcome, scoreItem } from "./outcome.ts";
import { result } from "./result.ts";

/** Items at once, so that rows of all their kinds of asking fill a batch. */
const AT_ONCE = 8;

/** Of the items, from the first up to but not including the last. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

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

/**
 * As {@link benchCat}, item by item.
 * @param part of the items; the control by strangers' rollouts may need one beyond it
 */
export async function scoreItems(
  items: readonly Item[],
  roles: Roles,
  settings: BenchSettings,
  progress: (share: number) => void = () => undefined,
  stop?: Stop,
  part: Part = { from: 0, to: items.length },
): Promise<Outcomes> {
  if (items.length === 0) throw new RangeError("a benchmark needs at least one item");
  if (new Set(items.map(isAdvice)).size > 1) throw new RangeError("a benchmark takes items of one domain at a time");
  const optionsOf = (group: number): CatOptions => ({
    groupSize: settings.rollouts,
    seed: settings.seed,
    group,
    sampling: settings.sampling,
    maxTokens: settings.maxTokens,
    now: () => 0, // times are not part of the object
  });
  const groups = new Map<number, Promise<Group>>();
  const explored = (i: number): Promise<Group> => {
    const group = groups.get(i) ?? result(explore(items[i]!.task, roles.policy, optionsOf(i), stop));
    groups.set(i, group);
    return group;
  };
  const asks = items.map((item) => (isAdvice(item) ? item.label.question : item.task.prompt));
  /** The rollouts of the nearest item before, or from the end, that asks something else; null if none does. */
  const strangersTo = async (i: number): Promise<Group | null> => {
    const others = [...items.keys()].map((k) => (i - 1 - k + items.length) % items.length);
    const other = others.find((k) => asks[k] !== asks[i]);
    return other === undefined ? null : await explored(other);
  };
  const atOnce = sharesBatches(roles.policy) ? AT_ONCE : 1;
  let done = 0;
  const each = <I extends Item, O>(
    some: readonly I[],
    scored: (item: I, from: { group: Group; strangers: Group | null }, options: CatOptions) => Promise<O>,
  ): Promise<O[]> =>
    concurrently(some, atOnce, async (item, k) => {
      const i = part.from + k;
      const group = await explored(i);
      const outcome = await scored(item, { group, strangers: await strangersTo(i) }, optionsOf(i));
      progress(++done / some.length);
      return outcome;
    });
  const some = items.slice(part.from, part.to);
  const advice = some.filter(isAdvice);
  if (advice.length > 0) {
    const outcomes = await each(advice, (item, from, options) => scoreAdvice(item, from, roles, options, stop));
    return { measure: "coverage", items: advice, outcomes };
  }
  const answers = some.flatMap((item) => (isAdvice(item) ? [] : item));
  const outcomes = await each(answers, (item, from, options) => scoreItem(item, from, roles, options, stop));
  return { measure: "accuracy", items: answers, outcomes };
}

/** The outcomes of parts that follow each other. @throws RangeError if they are of several kinds */
export function joined(parts: readonly Outcomes[]): Outcomes {
  const accuracies = parts.filter((part) => part.measure === "accuracy");
  const coverages = parts.filter((part) => part.measure === "coverage");
  if (accuracies.length > 0 && coverages.length > 0) throw new RangeError("parts of one benchmark are of one kind");
  const of = <I, O>(some: readonly { readonly items: readonly I[]; readonly outcomes: readonly O[] }[]) => ({
    items: some.flatMap(({ items }) => items),
    outcomes: some.flatMap(({ outcomes }) => outcomes),
  });
  return coverages.length > 0 ? { measure: "coverage", ...of(coverages) } : { measure: "accuracy", ...of(accuracies) };
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
