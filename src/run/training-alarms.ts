/**
 * @file Signs that a policy which is rewarded by its own references amplifies its errors: each a rule over the steps that stand, with
 * a limit and its reason. No sign is a proof; each says why it is one. Looks at no label but the held-out score.
 */
import { beside } from "./beside.ts";
import type { Evaluation, Training, TrainingStep } from "./training.ts";

export type AlarmKind = "kl" | "length" | "agreement" | "reward";

export interface Alarm {
  readonly kind: AlarmKind;
  /** The step since which it has held without a break. */
  readonly since: number;
  /** What set it off, then and now. */
  readonly from: number;
  readonly to: number;
}

/** Why each is an alarm, in words for people. */
export const ALARM_TEXTS: Readonly<Record<AlarmKind, { readonly title: string; readonly why: string }>> = {
  kl: {
    title: "Far from the initial policy",
    why: "The policy writes what it would hardly have written at the start. The anchor never learned to read such answers, so its references say less and less about them.",
  },
  length: {
    title: "Answers grow longer",
    why: "Where a longer answer happens to match the reference more often, length itself is rewarded. A length penalty takes that way out.",
  },
  agreement: {
    title: "Agreeing with itself, not with the synthesis",
    why: "The rollouts agree more with each other, and more often on something else than the reference says. Either they share a mistake or the references have gone wrong; rewards cannot tell which.",
  },
  reward: {
    title: "Reward up, held-out score down",
    why: "The policy is rewarded more and knows less: it has found what pleases the reward without being right.",
  },
};

/** Steps at either end that are held against each other: five steps of eight tasks are forty groups, enough for a mean. */
export const WINDOW = 5;
/**
 * Nats a token, the median of the last steps: a few rare tokens make a single step spike. A training of sums that went well (60 steps, coefficient
 * .01) spiked to .31 and had no median above .04. At .2 an answer of thirty tokens is e^6 times likelier than it was: the initial policy
 * would have said it once in 400 times.
 */
export const KL_LIMIT = 0.2;
/** Of the first steps' mean. Advice without a penalty grew to 1.5 times in 38 steps (lab book), from one step to the next it varies by a tenth. */
export const LENGTH_LIMIT = 1.3;
/** Smallest rise of a share that counts: of forty groups' means a tenth is more than one standard error. */
export const SHARE_RISE = 0.1;
/** A rise must also be this many of its standard errors, so that noise alone seldom sounds an alarm. */
const ERRORS = 2;

export function alarmsOf({ steps, scores }: Pick<Training, "steps" | "scores">): Alarm[] {
  const kinds: readonly AlarmKind[] = ["kl", "length", "agreement", "reward"];
  return kinds.flatMap((kind) => {
    const held = (made: number): Rise | null => {
      const upTo = steps.slice(0, made);
      return RULES[kind](
        upTo,
        scores.filter(({ step }) => step <= made),
      );
    };
    const now = held(steps.length);
    if (now === null) return [];
    let since = steps.length;
    while (since > 1 && held(since - 1) !== null) since--;
    return [{ kind, since: since - 1, ...now }];
  });
}

interface Rise {
  readonly from: number;
  readonly to: number;
}

/** Whether an alarm holds after these steps, of which there may be none. */
type Rule = (steps: readonly TrainingStep[], scores: readonly Evaluation[]) => Rise | null;

const RULES: Readonly<Record<AlarmKind, Rule>> = {
  kl: (steps) => {
    const [from, to] = [medianOf(steps.slice(0, WINDOW), klOf), medianOf(steps.slice(-WINDOW), klOf)];
    return from === null || to === null || to <= KL_LIMIT ? null : { from, to };
  },
  length: (steps) => {
    const ends = endsOf(steps, ({ event }) => event.meanTokens);
    if (ends === null || ends.to.mean < LENGTH_LIMIT * ends.from.mean || !isBeyondError(ends)) return null;
    return riseOf(ends);
  },
  agreement: (steps) => {
    const share = endsOf(steps, ({ agreement }) => agreement.share);
    const parted = endsOf(steps, ({ agreement }) => agreement.parted);
    return share !== null && parted !== null && hasRisen(share) && hasRisen(parted) ? riseOf(parted) : null;
  },
  reward: (steps, scores) => {
    const reward = endsOf(steps, ({ event }) => event.rewardMean);
    const [last, best] = [scores.at(-1), scores.toSorted((a, b) => b.score.mean - a.score.mean)[0]];
    if (reward === null || last === undefined || best === undefined || !hasRisen(reward)) return null;
    const lost = beside(best, last);
    return lost.difference > ERRORS * lost.se ? { from: best.score.mean, to: last.score.mean } : null;
  },
};

type Figure = (step: TrainingStep) => number | null;

interface Mean {
  readonly mean: number;
  readonly se: number;
}

interface Ends {
  readonly from: Mean;
  readonly to: Mean;
}

/** The first and the last steps; null while they are not two windows, or where a figure is not known. */
function endsOf(steps: readonly TrainingStep[], figure: Figure): Ends | null {
  if (steps.length < 2 * WINDOW) return null;
  const [from, to] = [meanOf(steps.slice(0, WINDOW), figure), meanOf(steps.slice(-WINDOW), figure)];
  return from === null || to === null ? null : { from, to };
}

function hasRisen(ends: Ends): boolean {
  return ends.to.mean - ends.from.mean >= SHARE_RISE && isBeyondError(ends);
}

function isBeyondError({ from, to }: Ends): boolean {
  return to.mean - from.mean > ERRORS * Math.hypot(from.se, to.se);
}

function riseOf({ from, to }: Ends): Rise {
  return { from: from.mean, to: to.mean };
}

function klOf({ event }: TrainingStep): number | null {
  return event.kl;
}

/** A step of which nothing was learnt has no KL: most of a window stands for it. */
function medianOf(steps: readonly TrainingStep[], figure: Figure): number | null {
  const values = steps.flatMap((step) => figure(step) ?? []).toSorted((a, b) => a - b);
  return values.length <= WINDOW / 2 ? null : values[Math.floor(values.length / 2)]!;
}

/** Of a whole window whose figures are all known. */
function meanOf(steps: readonly TrainingStep[], figure: Figure): Mean | null {
  const values = steps.flatMap((step) => figure(step) ?? []);
  if (values.length < WINDOW) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, se: Math.sqrt(variance / values.length) };
}
