/** @file The prompts of a group as a person looks them up: what was the same to the letter once, the judge's by answer and criterion or step. */
import type { GroupState, PromptSent } from "../../run/run.ts";

export interface SentPrompt {
  readonly role: PromptSent["role"];
  readonly purpose: PromptSent["purpose"];
  /** "Policy, for each of 8 answers". */
  readonly name: string;
  readonly rendered: string;
  /** Of the judge's: answer and criterion, from 0. */
  readonly rollout: number | null;
  readonly criterion: number | null;
  /** Of the reference, from 0; null where it is not about a step. */
  readonly step: number | null;
}

const roles = { policy: "Policy", anchor: "Anchor", judge: "Judge" } as const;

/** In the order of their first sending. */
export function sentPrompts({ prompts, rollouts }: GroupState): readonly SentPrompt[] {
  const byText = new Map<string, PromptSent[]>();
  for (const prompt of prompts) {
    const key =
      prompt.role === "judge"
        ? `${prompt.purpose} ${prompt.rollout ?? ""} ${prompt.criterion ?? ""} ${prompt.step ?? ""}`
        : `${prompt.role} ${prompt.purpose} ${prompt.rendered}`;
    const same = byText.get(key);
    if (same === undefined) byText.set(key, [prompt]);
    else same.push(prompt);
  }
  return [...byText.values()].map((same) => {
    const { role, purpose, rollout, criterion, step = null, rendered } = same[0]!;
    const times = purpose === "rollout" && rollout === null ? rollouts.length : same.length;
    const name =
      purpose === "rollout"
        ? `${roles[role]}, for ${times === 1 ? "one answer" : `each of ${times} answers`}`
        : `${roles[role]}, ${purpose}`;
    return { role, purpose, name, rendered, rollout, criterion, step };
  });
}

/** Whether a prompt is free of the question, as the anchor's and the judge's have to be. Line breaks and what keeps a text in its frame make no difference. */
export function hidesQuestion({ rendered }: SentPrompt, { task }: GroupState): boolean {
  return !holds(rendered, task.prompt);
}

/** What the page says under a prompt of the anchor or the judge: whether the question is in it, and why where that is known. */
export function questionNote(prompt: SentPrompt, group: GroupState): string {
  if (hidesQuestion(prompt, group)) return "Checked: the question does not occur in this text.";
  const fromQuestion = prompt.purpose === "rubric" && group.rubric?.finished?.source === "prompt";
  const written = [...group.rollouts, ...Object.values(group.references)].map(({ text }) => text);
  const repeated = !fromQuestion && written.some((text) => holds(text, group.task.prompt));
  return `The question occurs in this text${repeated ? ", because an answer repeats it" : ""}.`;
}

function holds(text: string, question: string): boolean {
  return plain(text).includes(plain(question).trim());
}

/** White space folded, since some prompts are on one line; brackets as they were before `defuse` and the marks of rollouts (src/cat/prompts.ts). */
function plain(text: string): string {
  return text.replaceAll("‹", "<").replaceAll("⁅", "[").replaceAll(/\s+/g, " ");
}
