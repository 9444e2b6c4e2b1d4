/** @file What stands before a text once its prompt is rendered: the place from which the text itself can be scored. Scores nothing. */
import { type LanguageModel, type Message, ModelError } from "./models.ts";

/** Of private use: no template has it, no trimming removes it. */
const MARK = "\uE000";

/**
 * @param messagesWith the prompt with a text in its place, which is the last that can hold any text.
 * @throws {ModelError} `model-unsupported` if the chat template leaves the text out.
 */
export function renderedBefore(model: LanguageModel, messagesWith: (text: string) => readonly Message[]): string {
  const rendered = model.render(messagesWith(MARK));
  const place = rendered.lastIndexOf(MARK);
  if (place !== -1) return rendered.slice(0, place);
  const message = `The chat template of ${model.record.id} leaves text out of the message. Choose another model.`;
  throw new ModelError("model-unsupported", message);
}
