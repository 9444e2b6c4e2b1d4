/** @file What a served judge says to a question with short answers: by the likely first tokens where the server tells them, else as its reply reads. Asks nobody. */
import { withoutThinking } from "../cat/thinking.ts";
import { partsOf, type Reply } from "./chat.ts";

export interface ReadChoice {
  /** [choices] 0..1, as `LanguageModel.decide` has them. All 0: it answered with none of them. */
  readonly probabilities: readonly number[];
  /** `text`: read from the reply, so that a probability says which choice it was and no more. */
  readonly by: "tokens" | "text";
  /** It had not come to an answer when it was cut. */
  readonly unfinished: boolean;
}

/** Below this, the first token was no answer: a thought or a preamble began. */
const LEAST_MASS = 0.1;

export function readChoice({ choices: [answer] }: Reply, choices: readonly string[]): ReadChoice {
  const first = answer?.logprobs?.content?.find(({ token }) => plain(token) !== "");
  const likely = first?.top_logprobs ?? [];
  if (likely.length > 0) {
    const probabilities = choices.map((choice) =>
      likely.reduce((sum, { token, logprob }) => sum + (plain(token) === choice ? Math.exp(logprob) : 0), 0),
    );
    if (probabilities.reduce((a, b) => a + b, 0) >= LEAST_MASS)
      return { probabilities, by: "tokens", unfinished: false };
  }
  const { text, thought } = answer === undefined ? { text: "", thought: "" } : partsOf(answer);
  const said = plain(withoutThinking(text));
  const probabilities = choices.map((choice) => (said.split(" ")[0] === choice ? 1 : 0));
  const none = probabilities.every((p) => p === 0);
  const thinks = thought !== "" || text.includes("<think>");
  // What is neither by its first tokens nor as a text is undecided by what was told.
  const by = none && likely.length > 0 ? "tokens" : "text";
  return { probabilities, by, unfinished: none && answer?.finish_reason === "length" && (thinks || said === "") };
}

/** " **Yes**," is "yes". */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
