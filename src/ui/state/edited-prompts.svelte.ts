/** @file The visitor's own wording of prompts, kept in this browser: what the next run is asked in. Knows the templates' names, not their texts, which come with the editor. */
import * as v from "valibot";
import type { EditableTemplate, PromptEdit, PromptSet } from "../../cat/prompt-edits.ts";

const KEY = "cat-lab.prompts";

/** Names are checked where the texts are: an edit of a template that is no more changes nothing. */
const schema = v.array(
  v.object({ set: v.string(), template: v.string(), user: v.pipe(v.string(), v.maxLength(8000)) }),
);

export class EditedPrompts {
  /** Usable ones only, one a set and template. */
  edits = $state.raw<readonly PromptEdit[]>(read());
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
    try {
      localStorage.setItem(KEY, JSON.stringify(edits));
    } catch {
      // Storage is closed to this page: they last for the visit.
    }
  }
}

function read(): readonly PromptEdit[] {
  try {
    const kept = v.safeParse(schema, JSON.parse(localStorage.getItem(KEY) ?? "[]"));
    return kept.success ? (kept.output as readonly PromptEdit[]) : [];
  } catch {
    return []; // no storage, or no JSON in it
  }
}
