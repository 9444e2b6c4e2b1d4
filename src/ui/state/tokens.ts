/** @file A rollout token by token, as a person looks at it: its text cut at the tokens' borders, how likely each was. Asks no model. */
import type { RolloutState } from "../../run/run.ts";

export interface TokenView {
  /** From 0. */
  readonly index: number;
  /** What it completes; "" inside a character and for the end. */
  readonly text: string;
  /** `end`: drawn to say that the answer is over; `part`: the text is still inside a character. */
  readonly kind: "text" | "part" | "end";
  /** 0..1 at temperature 1, untruncated. */
  readonly probability: number;
  /** Nats. */
  readonly entropy: number;
  /** `null`: there was no second token, or the file does not say. */
  readonly margin: number | null;
}

type Sampled = Pick<RolloutState, "text" | "ended" | "tokenIds" | "logprobs" | "entropies" | "margins" | "textLengths">;

/**
 * @param texts what each token completes, where the file does not say and a model does.
 * @returns `null` while the borders are not known, and for numbers that do not fit the text, as a file from elsewhere may have them.
 */
export function tokensOf(rollout: Sampled, texts: readonly string[] | null = null): readonly TokenView[] | null {
  const { text, ended, tokenIds, logprobs, entropies, margins } = rollout;
  const pieces = texts ?? cut(text, rollout.textLengths);
  const count = tokenIds.length;
  if (pieces === null || pieces.length !== count || logprobs.length !== count || entropies.length !== count)
    return null;
  if (pieces.join("") !== text) return null;
  return pieces.map((piece, index) => ({
    index,
    text: piece,
    kind: piece !== "" ? "text" : index === count - 1 && ended === "stop" ? "end" : "part",
    probability: Math.exp(logprobs[index]!),
    entropy: entropies[index]!,
    margin: margins[index] ?? null,
  }));
}

function cut(text: string, lengths: readonly number[]): readonly string[] | null {
  if (lengths.length === 0) return null;
  let at = 0;
  return lengths.map((length) => text.slice(at, (at += length)));
}

/** A token's text where its edges must be seen: "␣and", "⏎". */
export function tokenName({ text, kind }: Pick<TokenView, "text" | "kind">): string {
  if (kind === "end") return "end of the answer";
  if (kind === "part") return "part of a character";
  return visible(text);
}

/** Spaces and line breaks as signs. */
export function visible(text: string): string {
  return text.replaceAll(" ", "␣").replaceAll("\n", "⏎").replaceAll("\t", "⇥");
}

/** 0..4: how surprising it was, in steps that a person can tell apart; 0 is "as good as certain". */
export function surprise({ probability }: Pick<TokenView, "probability">): 0 | 1 | 2 | 3 | 4 {
  if (probability >= 0.9) return 0;
  if (probability >= 0.6) return 1;
  if (probability >= 0.3) return 2;
  return probability >= 0.1 ? 3 : 4;
}

/** The lower bounds of the steps of {@link surprise}, in words. */
export const surpriseNames = ["90 % or more", "60 to 90 %", "30 to 60 %", "10 to 30 %", "under 10 %"] as const;

/** The next token below even odds after `from`, around the end; `null` when there is none. */
export function nextDoubtful(tokens: readonly TokenView[], from: number): number | null {
  const doubtful = tokens.filter(({ probability }) => probability < 0.5).map(({ index }) => index);
  return doubtful.find((index) => index > from) ?? doubtful[0] ?? null;
}
