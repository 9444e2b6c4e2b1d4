/** @file Does a general model still know how to count? Garbage that is the same each time passes every other check (self-test.ts): it shows by how unlikely a plain text is. */
import { meanLogprob } from "../cat/logprobs.ts";
import { ModelError } from "../cat/models.ts";
import type { Decoder } from "./generate.ts";
import { score } from "./score.ts";

/** Said once and said again: any model that reads finds the second time likely. */
const TEXT = "one two three four five six seven eight nine ten eleven twelve";

/**
 * Nats a token. Of a model that computes garbage they are about the logarithm of its vocabulary, 10 to 12.5, or more; of a text that stands in the
 * prompt a sound model of any size finds most tokens all but certain, and a first one that is not what it would say (a thought begins) adds one or two.
 */
const MOST_NATS = 7;

/** @param asked stands in the prompt @param said its likely continuation @returns its perplexity @throws {ModelError} `self-test-failed` */
export async function checkKnownText(decoder: Decoder, asked = TEXT, said = TEXT): Promise<number> {
  const prompt = decoder.tokenizer.render([{ role: "user", content: asked }]);
  const [scores] = await score(decoder, [{ prompt, continuation: said }]);
  const nats = -(meanLogprob(scores!.logprobs) ?? NaN);
  // Written so that NaN counts as wrong.
  if (nats <= MOST_NATS) return Math.exp(nats);
  const { device, adapter } = decoder.session.runtime;
  const where = adapter === null ? device : `${device} (${adapter.vendor} ${adapter.architecture})`;
  const message = `Self-test on ${where}: a text that stands in the prompt has a perplexity of ${Math.exp(nats).toPrecision(2)}, at most ${Math.round(Math.exp(MOST_NATS))} is sound. Results here would be garbage; use other weights (q4) or another device.`;
  throw new ModelError("self-test-failed", message);
}
