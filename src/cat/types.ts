/** @file The vocabulary of the method (Jayalath et al., arXiv 2509.14234, v3 §3), as types. Imports nothing; holds no label. */

/** How the rewards of a task are made: by equivalence of answers, by equivalence of behaviour, by a rubric. */
export type TaskKind = "math" | "code" | "open";

/** A question put to the policy. It carries no label: those exist in `bench/` alone. */
export interface Task {
  /** Names the item it was drawn from; `null` for a prompt that somebody typed. */
  readonly id: string | null;
  readonly prompt: string;
  readonly kind: TaskKind;
}

/** One finished answer of the policy. */
export interface Rollout {
  /** Position in its group, from 0. */
  readonly index: number;
  /** Everything the policy wrote, thinking included, without the end token. */
  readonly text: string;
  /** `length`: cut at the token limit, so the answer may be missing. */
  readonly ended: "stop" | "length";
  /** The sampled tokens, the end token included when it was drawn. */
  readonly tokenIds: readonly number[];
  /** Nats, one per token, at temperature 1 and untruncated, whatever the sampling was. */
  readonly logprobs: readonly number[];
  /** Nats, one per token: entropy of the distribution at temperature 1. */
  readonly entropies: readonly number[];
}

/** All G rollouts of one task. Knows what kind of answer they are, never the prompt they answer. */
export interface Group {
  readonly kind: TaskKind;
  readonly rollouts: readonly Rollout[];
}

/** Every way of making one answer out of a group, by the names of docs/formats.md. */
export type Aggregator =
  | "single"
  | "greedy"
  | "majority"
  | "lowestPerplexity"
  | "selfBestOfN"
  | "mutualPredictability"
  | "universalSelfConsistency"
  | "synthesisOfOne"
  | "synthesis"
  | "synthesisExecuted"
  | "synthesisWithPrompt"
  | "synthesisOfStrangers"
  | "anchorAlone"
  | "longestRollout"
  | "passAtG";

/** The one answer that a group is held against (v3: pseudo-reference). */
export interface Reference {
  readonly aggregator: Aggregator;
  /** Index of the rollout that was selected; `null` when the text is new. */
  readonly chosen: number | null;
  /** The answer without thinking parts. */
  readonly text: string;
  /** `length`: cut at the token limit, so the answer may be missing. */
  readonly ended: "stop" | "length";
}

/** A yes/no statement about one answer, written from the reference. */
export interface Criterion {
  /** Position in its rubric, from 0. */
  readonly id: number;
  readonly text: string;
}

/** −1..1; `null` when it could not be decided, which is not 0: 0 says judged and failed. */
export type Reward = number | null;
