/**
 * @file One-token choices: how likely is each as the next token? Prefill only, so a verdict costs no decoding; what prompts in a row begin
 * with is read once. Leaves out which of them are read together (token-tree.ts, shared-head.ts).
 */
import { ModelError, type Stop } from "../cat/models.ts";
import { type Decoder, encodePrompt } from "./generate.ts";
import { disposeKv } from "./kv.ts";
import { likelihoods } from "./likelihood.ts";
import type { Logits } from "./logits.ts";
import { mostOfTree } from "./memory-plan.ts";
import { prefill } from "./prefill.ts";
import { readTree } from "./read-tree.ts";
import { renewing } from "./renewing.ts";
import type { Session } from "./session.ts";
import { headedRuns } from "./shared-head.ts";
import { tokenTrees } from "./token-tree.ts";

/** Prompts, [prompts][tokens], and the choices, [choices] tokens. */
export interface Asking {
  readonly prompts: readonly (readonly number[])[];
  readonly choices: readonly number[];
}

/** As `LanguageModel.decide`. @throws {ModelError} `unexpected` if a choice is not one token, naming it; `prompt-too-long` */
export async function decide(
  decoder: Decoder,
  { prompts, choices }: { prompts: readonly string[]; choices: readonly string[] },
  stop?: Stop,
): Promise<number[][]> {
  const asking: Asking = {
    choices: choices.map((choice) => oneToken(decoder, choice)),
    prompts: prompts.map((prompt) => encodePrompt(decoder, { prompt, maxTokens: 1 })),
  };
  return decideTokens(decoder.session, asking, stop);
}

/** @returns [prompts][choices] probabilities */
export function decideTokens(session: Session, asking: Asking, stop?: Stop): Promise<number[][]> {
  // Fewest tokens and fewest passes: faster on every device (docs/decisions/0015).
  const way = session.graph.takesTree ? decideInTrees : decideApart;
  return renewing(session, () => way(session, asking, stop));
}

/** What prompts that follow each other begin with is read once, and a judge's whole row about an answer in one pass. */
export async function decideInTrees(session: Session, { prompts, choices }: Asking, stop?: Stop): Promise<number[][]> {
  const table: number[][] = [];
  for (const tree of tokenTrees(prompts, mostOfTree(session))) {
    const rows = new Map<number, number[]>();
    for await (const { tokens, logits } of readTree(session, tree, tree.ends, { stop })) {
      const found = await probabilities(session, logits, { places: [...tokens.keys()], choices });
      for (const [i, token] of tokens.entries()) rows.set(token, found[i]!);
    }
    table.push(...tree.ends.map((token) => rows.get(token)!));
  }
  return table;
}

/** For graphs that read no trees: what is left of each prompt behind its head is read by itself. */
export async function decideApart(session: Session, { prompts, choices }: Asking, stop?: Stop): Promise<number[][]> {
  const table: number[][] = [];
  for (const { start, count, head } of headedRuns(prompts)) {
    stop?.throwIfAborted();
    const past = session.emptyKv();
    const read = head === 0 ? null : await prefill(session, prompts[start]!.slice(0, head), past, 0);
    read?.logits.dispose();
    try {
      for (const prompt of prompts.slice(start, start + count)) {
        stop?.throwIfAborted();
        const { logits, kv } = await prefill(session, prompt.slice(head), read?.kv ?? past, 1);
        disposeKv(kv);
        table.push((await probabilities(session, logits, { places: [0], choices }))[0]!);
      }
    } finally {
      if (read !== null) disposeKv(read.kv);
    }
  }
  return table;
}

function oneToken({ tokenizer }: Decoder, choice: string): number {
  const tokens = tokenizer.encode(choice);
  if (tokens.length === 1) return tokens[0]!;
  const message = `The choice ${JSON.stringify(choice)} is ${tokens.length} tokens for this model, not one. Choose other words.`;
  throw new ModelError("unexpected", message);
}

/** Takes over the logits, of these places. @returns [places][choices] */
async function probabilities(
  { runtime }: Session,
  logits: Logits,
  { places, choices }: { places: readonly number[]; choices: readonly number[] },
): Promise<number[][]> {
  const asked = places.flatMap((_, place) => choices.map((token) => ({ place, token })));
  if (asked.length === 0) {
    logits.dispose();
    return places.map(() => []);
  }
  const found = await likelihoods(runtime, logits, asked);
  const wide = choices.length;
  return places.map((_, i) => found.slice(i * wide, (i + 1) * wide).map(({ logprob }) => Math.exp(logprob)));
}
