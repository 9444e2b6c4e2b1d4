/** @file The wording of a prompt as it ships, for who words it anew. */
import type { EditableTemplate, PromptSet } from "./prompt-edits.ts";
import templates from "./prompts.json" with { type: "json" };

export interface ShippedPrompt {
  readonly user: string;
  /** Where the paper has it. */
  readonly source: string;
  /** How ours differs. */
  readonly differs: string;
}

/** A set that lacks a template borrows the default's. */
export function shippedPrompt(set: PromptSet, template: EditableTemplate): ShippedPrompt {
  const own: Partial<Record<EditableTemplate, ShippedPrompt>> = templates.sets[set];
  return own[template] ?? templates.sets.default[template];
}
