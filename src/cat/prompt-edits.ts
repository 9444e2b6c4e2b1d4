/** @file A visitor's own wording of the method's prompts: which templates can be worded anew, what each must and may hold, and a model that is asked so. Holds no wording: see shipped-prompts.ts. */
import type { LanguageModel } from "./models.ts";
import type { TaskKind } from "./types.ts";

export type PromptSet = LanguageModel["promptSet"];

interface Place {
  readonly role: "policy" | "anchor" | "judge";
  readonly kinds: readonly TaskKind[];
  /** Placeholders that must be there: without one the model would not see what it is asked about. */
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

const PLACES = {
  rollout: { role: "policy", kinds: ["math"], required: ["prompt"] },
  rolloutCode: { role: "policy", kinds: ["code"], required: ["prompt"] },
  rolloutOpen: { role: "policy", kinds: ["open"], required: ["prompt"] },
  synthesis: { role: "anchor", kinds: ["math"], required: ["rollouts"], optional: ["count"] },
  synthesisCode: { role: "anchor", kinds: ["code"], required: ["rollouts"], optional: ["count"] },
  synthesisOpen: { role: "anchor", kinds: ["open"], required: ["rollouts"], optional: ["count"] },
  rubric: { role: "anchor", kinds: ["open"], required: ["reference"] },
  rubricFromPrompt: { role: "anchor", kinds: ["open"], required: ["prompt"] },
  verdict: { role: "judge", kinds: ["open"], required: ["rollout", "criterion"] },
  sameMeaning: { role: "judge", kinds: ["open"], required: ["rollout", "reference"] },
  says: { role: "judge", kinds: ["open"], required: ["rollout", "statement"] },
  denies: { role: "judge", kinds: ["open"], required: ["rollout", "statement"] },
} as const satisfies Record<string, Place>;

export type EditableTemplate = keyof typeof PLACES;

/** One template in other words. */
export interface PromptEdit {
  /** Whose wording it replaces: sets are told apart, since models were trained on their own. */
  readonly set: PromptSet;
  readonly template: EditableTemplate;
  /** The whole text, placeholders included. */
  readonly user: string;
}

export const editableTemplates = Object.keys(PLACES) as readonly EditableTemplate[];

/** Everything that any template fills in. Other words in braces are text: \boxed{answer}. */
const PLACEHOLDERS = ["prompt", "rollouts", "count", "reference", "rollout", "criterion", "statement", "k"];
/** Characters of a template. */
export const LONGEST = 8000;

export function placeOf(template: EditableTemplate): Place {
  return PLACES[template];
}

/** @returns why the text cannot be used, in a sentence; `null` when it can. */
export function editProblem({ template, user }: Pick<PromptEdit, "template" | "user">): string | null {
  const { role, required, optional = [] }: Place = PLACES[template];
  if (user.length > LONGEST) return `It has ${user.length} characters; at most ${LONGEST} are sent.`;
  const used = [...user.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const missing = required.find((name) => !used.includes(name));
  if (missing !== undefined) return `It lacks {${missing}}: the ${role} would not see it.`;
  const strange = used.find(
    (name) => PLACEHOLDERS.includes(name) && !required.includes(name) && !optional.includes(name),
  );
  if (strange === "prompt") return `Take {prompt} out: the ${role} must not see the question.`;
  if (strange !== undefined) return `{${strange}} means nothing here. There is ${listed([...required, ...optional])}.`;
  return null;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `{${name}}`).join(" and ");
}

/** The edits that a run of such a task by such models is under, in the order of the templates. */
export function editsFor(
  kind: TaskKind,
  edits: readonly PromptEdit[],
  sets: { readonly policy: PromptSet; readonly judge: PromptSet | null },
): readonly PromptEdit[] {
  const asked = (template: EditableTemplate): Place => PLACES[template];
  const applies = ({ set, template }: PromptEdit) =>
    asked(template).kinds.includes(kind) && set === (asked(template).role === "judge" ? sets.judge : sets.policy);
  return editableTemplates.flatMap((template) => edits.filter((edit) => edit.template === template && applies(edit)));
}

/** The same model, asked in other words. Edits of other sets than its own change nothing. */
export function withEditedPrompts(model: LanguageModel, edits: readonly PromptEdit[]): LanguageModel {
  const own = edits.filter(({ set }) => set === model.promptSet);
  if (own.length === 0) return model;
  return {
    record: model.record,
    promptSet: model.promptSet,
    editedPrompts: Object.fromEntries(own.map(({ template, user }) => [template, user])),
    controlTokens: model.controlTokens,
    contextLength: model.contextLength,
    render: (messages) => model.render(messages),
    generate: (requests, stop) => model.generate(requests, stop),
    decide: (prompts, choices, stop) => model.decide(prompts, choices, stop),
    score: (requests, stop) => model.score(requests, stop),
  };
}
