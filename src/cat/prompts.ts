/** @file Fills in the templates of prompts.json, which is the only place that holds prompt text. Knows no tokenizer and no chat template. */
import templates from "./prompts.json" with { type: "json" };
import type { LanguageModel, Message } from "./models.ts";
import { withoutThinking } from "./thinking.ts";
import type { Criterion, Rollout, TaskKind } from "./types.ts";

interface Template {
  /** Where the paper has it. */
  readonly source: string;
  /** How ours differs. */
  readonly differs: string;
  readonly user: string;
  /** One rollout of several. */
  readonly each?: string;
  readonly join?: string;
  /** Line breaks inside a rollout become spaces, because a line is a rollout. */
  readonly oneLine?: boolean;
  /** A line of a rollout that begins like the mark of a rollout, `[1]`, loses its bracket. */
  readonly guardMarks?: boolean;
}

type TemplateName = keyof typeof templates.sets.default;
type Reader = Pick<LanguageModel, "promptSet" | "controlTokens">;

const ROLLOUT = { math: "rollout", code: "rolloutCode", open: "rolloutOpen" } as const;
const SYNTHESIS = { math: "synthesis", code: "synthesisCode", open: "synthesisOpen" } as const;

/** What the policy is asked. */
export function rolloutPrompt(policy: Reader, kind: TaskKind, prompt: string): readonly Message[] {
  return user(policy, ROLLOUT[kind], { prompt });
}

/** What the anchor is asked: the rollouts, thinking parts removed, and nothing of the task but its kind. */
export function synthesisPrompt(anchor: Reader, kind: TaskKind, rollouts: readonly Rollout[]): readonly Message[] {
  const name = SYNTHESIS[kind];
  const { each = "{rollout}", join = "\n", oneLine = false, guardMarks = false } = template(anchor, name);
  const written = rollouts.map((rollout, i) => {
    const text = defuse(withoutThinking(rollout.text), anchor.controlTokens);
    const lines = guardMarks ? text.replaceAll(/^(\s*)\[(?=\d+\])/gm, "$1⁅") : text;
    return fill(each, { k: String(i + 1), rollout: oneLine ? lines.replaceAll(/\s+/g, " ") : lines });
  });
  return [
    {
      role: "user",
      content: fill(template(anchor, name).user, { count: String(rollouts.length), rollouts: written.join(join) }),
    },
  ];
}

export function rubricPrompt(anchor: Reader, reference: string): readonly Message[] {
  return user(anchor, "rubric", { reference });
}

/** What the judge is asked: one answer, one criterion. */
export function verdictPrompt(judge: Reader, answer: string, criterion: Criterion): readonly Message[] {
  return user(judge, "verdict", { rollout: answer, criterion: criterion.text });
}

function user(reader: Reader, name: TemplateName, values: Record<string, string>): readonly Message[] {
  const defused = Object.entries(values).map(([key, text]) => [key, defuse(text, reader.controlTokens)] as const);
  return [{ role: "user", content: fill(template(reader, name).user, Object.fromEntries(defused)) }];
}

/** A prompt set that lacks a template borrows the default's. */
function template(reader: Reader, name: TemplateName): Template {
  const set: Partial<Record<TemplateName, Template>> = templates.sets[reader.promptSet];
  return set[name] ?? templates.sets.default[name];
}

/** One pass, so that braces inside a value stay text. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

const OUR_TAGS = /<(\/?(?:response|reference|request|rubric|criterion|verdict)\b)/gi;

/** Text that cannot end its own frame: control tokens and our tags lose their bracket and read almost the same. */
export function defuse(text: string, controlTokens: readonly string[]): string {
  let defused = text.replaceAll(OUR_TAGS, "‹$1");
  for (const token of controlTokens) {
    if (token !== "") defused = defused.replaceAll(token, token.replace("<", "‹").replace("[", "⁅"));
  }
  return defused;
}
