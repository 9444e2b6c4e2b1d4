/**
 * @file What a served model does not tell is left out of the log, or null in it: ids and log-probabilities of tokens, and the probability of a
 * verdict that was read from a reply. A 0 or a 1 there would look like a measurement.
 */
import type { LanguageModel } from "../cat/models.ts";
import type { GroupEvent } from "../run/event.ts";

/** As far as it concerns what it tells. */
interface Telling {
  /** `text`: its decisions are read from its replies. Left out of models that always tell. */
  readonly decidesBy?: "tokens" | "text" | null;
}

/** @param judge asked for the yes and no in these events; `null`: none is */
export async function* leaveOutUntold(
  events: AsyncIterable<GroupEvent>,
  judge: (LanguageModel & Telling) | null,
): AsyncGenerator<GroupEvent> {
  for await (const event of events) {
    switch (event.type) {
      case "rollout.delta":
        yield { ...event, logprob: Number.isNaN(event.logprob) ? null : event.logprob };
        break;
      case "rollout.finished":
        yield finished(event);
        break;
      case "verdict":
      case "equivalence":
      case "sources":
        yield judge?.decidesBy === "text" ? withoutProbability(event) : event;
        break;
      default:
        yield event;
    }
  }
}

type Finished = Extract<GroupEvent, { type: "rollout.finished" }>;

function finished(event: Finished): Finished {
  const { tokenIds, logprobs } = event;
  if (tokenIds.every((id) => id >= 0)) return event;
  const told = logprobs.every((logprob) => !Number.isNaN(logprob));
  const { textLengths, ...rest } = event;
  return {
    ...rest,
    ...{ tokens: tokenIds.length, tokenIds: [], entropies: [], margins: [] },
    ...(told ? { logprobs, ...(textLengths === undefined ? {} : { textLengths }) } : { logprobs: [] }),
  };
}

type Decision = Extract<GroupEvent, { type: "verdict" | "equivalence" | "sources" }>;

function withoutProbability(event: Decision): Decision {
  switch (event.type) {
    case "verdict":
      return { ...event, probability: unlessCertain(event.probability) };
    case "equivalence":
      return { ...event, rule: event.rule.replace(/, P\(yes\) = [01]\.00$/, ", read from its reply") };
    case "sources": {
      const found = event.found.map(({ probability: { says, denies }, ...rest }) => {
        return { ...rest, probability: { says: unlessCertain(says), denies: unlessCertain(denies) } };
      });
      return { ...event, found };
    }
  }
}

function unlessCertain(probability: number | null): number | null {
  return probability === 0 || probability === 1 ? null : probability;
}
