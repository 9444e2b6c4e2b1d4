/** @file The test double of the whole project: a language model that answers from a function, one word a token. Makes no numbers up that a test could mistake for real ones. */
import type { LanguageModel, SampledToken, Stop } from "../src/cat/models.ts";

export interface Script {
  /** What row `row` answers to the rendered prompt. */
  readonly answer?: (prompt: string, row: number) => string;
  /** P(yes) of a verdict prompt. */
  readonly yes?: (prompt: string) => number;
  /** Log-probability of each word of a continuation. */
  readonly logprob?: (prompt: string, continuation: string) => number;
  readonly promptSet?: LanguageModel["promptSet"];
  /** Rows stop after this many words, as "length". */
  readonly limit?: number;
}

/** Rows advance together, a word a step; every token has log-probability −1, entropy 0.5 and margin 2. */
export function scripted(script: Script): LanguageModel {
  const { answer = () => "", yes = () => 0.5, logprob = () => -1, promptSet = "default", limit } = script;
  const file = { path: "script", bytes: 1, sha256: "0".repeat(64) };
  return {
    record: { id: "scripted", revision: null, dtype: "none", device: "node", files: [file] },
    promptSet,
    controlTokens: ["<|end|>"],
    contextLength: 4096,
    render: (messages) => messages.map((m) => `<|${m.role}|>${m.content}<|end|>`).join("") + "<|assistant|>",
    async *generate(requests, stop) {
      for (const [request, { prompt, n, maxTokens }] of requests.entries()) {
        const rows = Array.from({ length: n }, (_, row) => words(answer(prompt, row)));
        const most = Math.min(limit ?? maxTokens, maxTokens);
        for (let step = 0; step < most && rows.some((r) => r.length > step); step++) {
          await pause(stop);
          for (const [row, text] of rows.entries()) {
            if (step < text.length) yield token(request, row, text, step, most);
          }
        }
      }
    },
    decide: (prompts) => Promise.resolve(prompts.map((prompt) => [yes(prompt), 1 - yes(prompt)])),
    async score(requests, stop) {
      await pause(stop);
      return requests.map(({ prompt, continuation, top }) => {
        const text = typeof continuation === "string" ? continuation : continuation.map((id) => `token${id}`).join(" ");
        const scored = (text.match(/\S+/g) ?? []).slice(prompt === "" ? 1 : 0);
        const logprobs = scored.map(() => logprob(prompt, text));
        const tokenIds = scored.map((_, i) => i);
        if (top === undefined) return { tokenIds, logprobs };
        const likely = (i: number) =>
          Array.from({ length: top }, (_, k) => ({ token: i + k, text: `w${i + k}`, logprob: -1 - k }));
        return { tokenIds, logprobs, top: scored.map((_, i) => likely(i)), texts: scored };
      });
    },
  };
}

function words(text: string): string[] {
  return [...text.split(/(?<= )/), ""];
}

function token(request: number, row: number, text: readonly string[], step: number, most: number): SampledToken {
  const ended = step === text.length - 1 ? "stop" : step === most - 1 ? "length" : null;
  return { request, row, token: step, text: text[step]!, logprob: -1, entropy: 0.5, margin: 2, ended };
}

async function pause(stop?: Stop): Promise<void> {
  await Promise.resolve();
  stop?.throwIfAborted();
}
