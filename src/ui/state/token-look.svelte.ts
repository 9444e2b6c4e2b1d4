/** @file The alternatives of one rollout's tokens: where asking for them stands. One question for all tokens, asked when the first is opened. */
import type { LabClient } from "../../lab/client.ts";
import type { Failure, ModelState, TokenLook, TokenQuestion } from "../../lab/protocol.ts";
import type { ModelRecord } from "../../cat/models.ts";
import type { GroupState } from "../../run/run.ts";
import { sameWeights } from "../../run/same-weights.ts";

/** `other-model`: what is loaded did not write this. */
export type LookState = "idle" | "asking" | "there" | "failed";
export type Obstacle = "no-model" | "loading" | "other-model" | "no-prompt";

/** Why the alternatives cannot be asked for now; `null` when they can. */
export function obstacleOf(model: ModelState, question: TokenQuestion | null): Obstacle | null {
  if (question === null) return "no-prompt";
  if (model.phase === "absent" || model.phase === "failed") return "no-model";
  if (model.phase !== "ready") return "loading";
  return sameWeights(model.record, question.by) ? null : "other-model";
}

/** `null` where the run does not hold what was sent. */
export function questionOf(group: GroupState, rollout: number, by: ModelRecord | undefined): TokenQuestion | null {
  const sent = group.prompts.find((p) => p.purpose === "rollout" && (p.rollout === null || p.rollout === rollout));
  const { tokenIds } = group.rollouts[rollout]!;
  return sent === undefined || by === undefined ? null : { prompt: sent.rendered, tokenIds, by };
}

export class TokenLooking {
  state = $state<LookState>("idle");
  look = $state.raw<TokenLook | null>(null);
  failure = $state.raw<Pick<Failure, "message"> | null>(null);
  readonly #ask: LabClient["look"];

  constructor(ask: LabClient["look"]) {
    this.#ask = ask;
  }

  /** Asks, unless it has been asked; after a failure again. */
  async ask(question: TokenQuestion): Promise<void> {
    if (this.state === "asking" || this.state === "there") return;
    this.state = "asking";
    try {
      this.look = await this.#ask(question);
      this.state = "there";
    } catch (error) {
      this.failure = { message: error instanceof Error ? error.message : String(error) };
      this.state = "failed";
    }
  }
}
