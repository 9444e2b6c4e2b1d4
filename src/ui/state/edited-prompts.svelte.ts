/** @file The visitor's own wording of prompts, kept in this browser: what the next run is asked in. Knows the templates' names, not their texts, which come with the editor. */
import * as v from "valibot";
import { type EditableTemplate, LONGEST, type PromptEdit, type PromptSet } from "../../cat/prompt-edits.ts";
import { kept } from "./kept.ts";

/** Names are checked where the texts are: an edit of a template that is no more changes nothing. */
const schema = v.array(
  v.object({ set: v.string(), template: v.string(), user: v.pipe(v.string(), v.maxLength(LONGEST)) }),
);

const storage = kept("localStorage", "cat-lab.prompts", schema, []);

export class EditedPrompts {
  /** Usable ones only, one a set and template. */
  edits = $state.raw(storage.read() as readonly PromptEdit[]);
  /** The editor is open. */
  editing = $state(false);

  textOf(set: PromptSet, template: EditableTemplate): string | null {
    return this.edits.find((edit) => edit.set === set && edit.template === template)?.user ?? null;
  }

  keep(edit: PromptEdit): void {
    this.#set([...this.#without(edit), edit]);
  }

  /** Back to the text as it ships. */
  reset(which: Pick<PromptEdit, "set" | "template">): void {
    this.#set(this.#without(which));
  }

  resetAll(): void {
    this.#set([]);
  }

  #without({ set, template }: Pick<PromptEdit, "set" | "template">): readonly PromptEdit[] {
    return this.edits.filter((edit) => edit.set !== set || edit.template !== template);
  }

  #set(edits: readonly PromptEdit[]): void {
    this.edits = edits;
    storage.write(edits);
  }
}
