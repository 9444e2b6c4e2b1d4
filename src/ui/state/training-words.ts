/** @file What a training has come to, in sentences: never more than the errors allow. */
import { ALARM_TEXTS, type Alarm } from "../../run/training-alarms.ts";
import type { Beside } from "../../run/beside.ts";
import type { Outcome } from "../../run/training-findings.ts";
import type { Evaluation } from "../../run/training.ts";
import { decimal, figure, percent } from "../numbers.ts";
import { scoreText } from "./score-chart.ts";

export interface Said {
  readonly title: string;
  readonly text: string;
}

/** @param over nothing more will come */
export function outcomeWords(outcome: Outcome, over: boolean): Said {
  const soFar = over ? "" : " so far";
  switch (outcome.of) {
    case "unknown":
      return {
        title: "Nothing to compare yet",
        text: "The policy is held against four lines from before its training: a single sample, greedy, the majority and its teacher, the synthesis. The first evaluation after the start says where it is.",
      };
    case "below": {
      const { score, line } = outcome.best;
      return {
        title: `Not as good as the initial greedy${soFar}`,
        text: `The best score of a single sample is ${scored(score)}, at step ${score.step}. The initial greedy had ${scored(line)}.`,
      };
    }
    case "sharpened": {
      const { score, line, difference, se } = outcome.greedy;
      const above = difference > se ? "better than" : "about as good as";
      return {
        title: `Sharpened, not taught${soFar}`,
        text: `At step ${score.step} a single sample (${scored(score)}) is ${above} the initial greedy was (${scored(line)}), but not better than the initial teacher (${scored(outcome.teacher.line)}). What the policy would have said at its surest it now says more often; that alone is no new knowledge.`,
      };
    }
    case "crossed": {
      const { crossing } = outcome;
      const { score, line, isBeyondError, lasts } = crossing;
      const error = isBeyondError
        ? "more than the standard error of the difference"
        : "within the standard error of the difference, so it may be chance";
      const lost = lasts ? "" : " The last evaluation is no longer above the teacher.";
      return {
        title: `The student passed its teacher at step ${score.step}`,
        text: `A single sample scores ${scored(score)}, the initial teacher ${scored(line)}. That is ${pointsOf(crossing)}: ${error}.${lost}`,
      };
    }
  }
}

/** What set an alarm off, in figures. */
export function alarmFigures({ kind, from, to }: Alarm): string {
  switch (kind) {
    case "kl":
      return `KL ${decimal(from)} at the start, ${decimal(to)} now, nats a token (medians)`;
    case "length":
      return `${figure(from)} tokens an answer at the start, ${figure(to)} now`;
    case "agreement":
      return `Majority and reference differ in ${percent(from)} of the groups at the start, ${percent(to)} now`;
    case "reward":
      return `Held-out score ${percent(from)} at its best, ${percent(to)} now`;
  }
}

export function alarmWords({ kind }: Alarm): Said {
  const { title, why } = ALARM_TEXTS[kind];
  return { title, text: why };
}

function scored({ score }: Evaluation): string {
  return scoreText(score);
}

/** "4 ± 5 points". */
function pointsOf({ difference, se }: Beside): string {
  return `${figure(Math.round(1000 * difference) / 10)} ± ${figure(Math.round(1000 * se) / 10)} points more`;
}
