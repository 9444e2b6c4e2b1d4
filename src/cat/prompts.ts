/** @file Fills in the templates of prompts.json, which is the only place that holds prompt text. Knows no tokenizer and no chat template. */
import templates from "./prompts.json" with { type: "json" };
import type { LanguageModel, Message } from "./models.ts";
import { unquoted } from "./reward/unquoted.ts";
import { withoutThinking } from "./thinking.ts";
import type { Criterion, Rollout, Task, TaskKind } from "./types.ts";

interface Template {
  /** Where the paper has it. */
  readonly source: string;
  /** How ours differs. */
  readonly differs: string;
  readonly user: string;
  /** One rollout of several. */
  readonly each?: string;
  readonly join?: string;
  /** Line breaks inside a value become spaces, because a line of its own means something in this prompt. */
  readonly oneLine?: boolean;
  /** A line of a rollout that begins like the mark of a rollout, `[1]`, loses its bracket. */
  readonly guardMarks?: boolean;
}

type TemplateName = keyof typeof templates.sets.default;
type Reader = Pick<LanguageModel, "promptSet" | "controlTokens" | "editedPrompts">;

const ROLLOUT = { math: "rollout", code: "rolloutCode", open: "rolloutOpen" } as const;
const SYNTHESIS = { math: "synthesis", code: "synthesisCode", open: "synthesisOpen" } as const;
const SYNTHESIS_WITH_PROMPT = {
  math: "synthesisWithPrompt",
  code: "synthesisWithPromptCode",
  open: "synthesisWithPromptOpen",
} as const;

/** What the policy is asked. */
export function rolloutPrompt(policy: Reader, kind: TaskKind, prompt: string): readonly Message[] {
  return user(policy, ROLLOUT[kind], { prompt });
}

/** What the anchor is asked: the rollouts, thinking parts removed, and nothing of the task but its kind. */
export function synthesisPrompt(anchor: Reader, kind: TaskKind, rollouts: readonly Rollout[]): readonly Message[] {
  return several(anchor, SYNTHESIS[kind], rollouts);
}

/** How the text of a rollout stands in the synthesis prompt. */
export function shownRollout(anchor: Reader, kind: TaskKind, rollout: Rollout): string {
  return shown(anchor, template(anchor, SYNTHESIS[kind]), withoutThinking(rollout.text));
}

/** For a control only: the anchor is asked with the task in sight. */
export function synthesisPromptWithTask(
  anchor: Reader,
  { kind, prompt }: Task,
  rollouts: readonly Rollout[],
): readonly Message[] {
  return several(anchor, SYNTHESIS_WITH_PROMPT[kind], rollouts, prompt);
}

/** Which of the rollouts is best, or most consistent with the others? The answer is a number from 1. */
export function choicePrompt(
  anchor: Reader,
  question: "choose" | "consistent",
  rollouts: readonly Rollout[],
): readonly Message[] {
  return several(anchor, question, rollouts);
}

export function rubricPrompt(anchor: Reader, reference: string): readonly Message[] {
  return user(anchor, "rubric", { reference });
}

/** For an ablation only: the rubric is written from the task. */
export function rubricPromptFromTask(anchor: Reader, { prompt }: Task): readonly Message[] {
  return user(anchor, "rubricFromPrompt", { prompt });
}

/** What the judge is asked: one answer, which cannot quote the criterion, and one criterion. */
export function verdictPrompt(judge: Reader, answer: string, { text: criterion }: Criterion): readonly Message[] {
  return user(judge, "verdict", { rollout: unquoted(answer, criterion), criterion });
}

/** What the judge is asked where it compares an answer with the reference as a whole. */
export function sameMeaningPrompt(judge: Reader, answer: string, reference: string): readonly Message[] {
  return user(judge, "sameMeaning", { rollout: answer, reference });
}

/** What the judge is asked of a sentence of the reference: does the answer say it, or the opposite? */
export function statementPrompt(
  judge: Reader,
  question: "says" | "denies",
  answer: string,
  statement: string,
): readonly Message[] {
  return user(judge, question, { rollout: answer, statement });
}

/** A prompt that shows several rollouts, and the task's prompt where the template has a place for it. */
function several(reader: Reader, name: TemplateName, rollouts: readonly Rollout[], prompt = ""): readonly Message[] {
  const chosen = template(reader, name);
  const { each = "{rollout}", join = "\n" } = chosen;
  const all = rollouts.map((rollout, i) =>
    fill(each, { k: String(i + 1), rollout: shown(reader, chosen, withoutThinking(rollout.text)) }),
  );
  // It begins a line of its own, where a rollout could begin.
  const task = shown(reader, { ...chosen, guardMarks: true }, prompt);
  const values = { count: String(rollouts.length), rollouts: all.join(join), prompt: task };
  return [{ role: "user", content: fill(chosen.user, values) }];
}

/** A text as it may stand among rollouts: it cannot end its frame, nor pose as a rollout of its own. */
function shown(reader: Reader, { oneLine = false, guardMarks = false }: Template, text: string): string {
  const defused = defuse(text, reader.controlTokens);
  const lines = guardMarks ? defused.replaceAll(/^(\s*)\[(?=\d+\])/gm, "$1⁅") : defused;
  return oneLine ? lines.replaceAll(/[\s\u0085]+/g, " ") : lines;
}

function user(reader: Reader, name: TemplateName, values: Record<string, string>): readonly Message[] {
  const chosen = template(reader, name);
  const each = Object.entries(values).map(([key, text]) => [key, shown(reader, chosen, text)] as const);
  return [{ role: "user", content: fill(chosen.user, Object.fromEntries(each)) }];
}

/** A prompt set that lacks a template borrows the default's. A visitor's wording changes the words alone, never what keeps a text in its frame. */
function template(reader: Reader, name: TemplateName): Template {
  const set: Partial<Record<TemplateName, Template>> = templates.sets[reader.promptSet];
  const shipped = set[name] ?? templates.sets.default[name];
  const user = reader.editedPrompts?.[name];
  return user === undefined ? shipped : { ...shipped, user };
}

/** One pass, so that braces inside a value stay text. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

const OUR_TAGS = /<(\/?(?:response|reference|request|rubric|criterion|statement|verdict)\b)/gi;

/** Text that cannot end its own frame: control tokens and our tags lose their bracket and read almost the same. */
export function defuse(text: string, controlTokens: readonly string[]): string {
  let defused = text.replaceAll(OUR_TAGS, "‹$1");
  for (const token of controlTokens) {
    if (token !== "") defused = defused.replaceAll(token, token.replace("<", "‹").replace("[", "⁅"));
  }
  return defused;
}
