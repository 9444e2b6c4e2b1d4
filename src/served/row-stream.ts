/**
 * @file One answer of a served model as the port wants it: token by token where the server says what it drew, else by the pieces it sends, as many
 * as it says there were. What it does not tell is NaN, and −1 where a token has no number: `untold.ts` of the lab keeps both out of the log.
 */
import type { SampledToken } from "../cat/models.ts";
import { type Choice, partsOf, type Reply } from "./chat.ts";
import { ServerError } from "./server-error.ts";

/** What stands for the number of a token that nobody said. */
const UNKNOWN_TOKEN = -1;

type Piece = Pick<SampledToken, "text" | "logprob">;

/** @throws {ServerError} if it ends in the middle */
export async function* rowTokens(
  replies: AsyncIterable<Reply>,
  place: Pick<SampledToken, "request" | "row">,
  server: string,
): AsyncGenerator<SampledToken> {
  const thoughts = new Thoughts();
  let pending: Piece | null = null;
  let count = 0;
  let told: number | null = null;
  let ended: "stop" | "length" | null = null;
  const token = (piece: Piece, end: SampledToken["ended"]): SampledToken => {
    count++;
    return { ...place, token: UNKNOWN_TOKEN, ...piece, entropy: NaN, margin: null, ended: end };
  };
  for await (const { choices, usage } of replies) {
    told = usage?.completion_tokens ?? told;
    const [choice] = choices;
    if (choice === undefined) continue;
    for (const piece of piecesOf(choice, thoughts)) {
      // One is held back: the last one has to say that it is the last.
      if (pending !== null) yield token(pending, null);
      pending = piece;
    }
    const reason = choice.finish_reason ?? null;
    if (reason !== null) ended = reason === "length" ? "length" : "stop";
  }
  if (ended === null) {
    throw new ServerError(
      `${server} stopped in the middle of an answer. Look whether it still runs; what came is kept, and the run can be finished.`,
    );
  }
  const end = thoughts.close();
  const last: Piece = pending ?? { text: "", logprob: NaN };
  const missing = (told ?? 0) - count - 1;
  const pieces = [{ ...last, text: last.text + end }, ...Array.from({ length: Math.max(0, missing) }, nothing)];
  for (const [i, piece] of pieces.entries()) yield token(piece, i === pieces.length - 1 ? ended : null);
}

/** A token of which we know only that there was one. */
function nothing(): Piece {
  return { text: "", logprob: NaN };
}

function piecesOf(choice: Choice, thoughts: Thoughts): readonly Piece[] {
  const parts = partsOf(choice);
  const tokens = choice.logprobs?.content ?? [];
  const text = thoughts.place(parts);
  if (tokens.length === 0) return text === "" ? [] : [{ text, logprob: NaN }];
  // Of a character that is not whole yet, and of what was thought, the tokens are not the text.
  const fits = text === tokens.map((t) => t.token).join("");
  return tokens.map((t, i) => ({
    text: fits ? t.token : i === tokens.length - 1 ? text : "",
    logprob: t.logprob,
  }));
}

/** Puts what was thought in front, as models write it that keep nothing apart. */
class Thoughts {
  #open = false;

  place({ text, thought }: { readonly text: string; readonly thought: string }): string {
    let placed = "";
    if (thought !== "") {
      if (!this.#open) placed += "<think>";
      this.#open = true;
      placed += thought;
    }
    if (text !== "") placed += this.close() + text;
    return placed;
  }

  close(): string {
    const end = this.#open ? "</think>" : "";
    this.#open = false;
    return end;
  }
}
