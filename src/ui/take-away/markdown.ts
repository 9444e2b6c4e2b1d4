/** @file A run as Markdown, to paste into notes. Whatever models and visitors wrote stands in fences that it cannot end. */
import { effectiveGroup } from "../../run/effective.ts";
import type { GroupState, Run } from "../../run/run.ts";
import { HONESTY, isEmbedded } from "../honesty.ts";
import { advantageText, decimal, placeText } from "../numbers.ts";
import { letterOf, metText } from "../state/rubric.ts";
import { type AnswerRow, answerRows } from "./rows.ts";

/** Empty before the run has its header. */
export function markdownOf({ header, groups, status }: Run): string {
  if (header === undefined) return "";
  const { policy, judge } = header.models;
  const edited = header.editedPrompts ?? [];
  const facts = [
    `model ${policy.id}${judge === null ? "" : `, judge ${judge.id}${header.judgeIndependent ? "" : " (not independent)"}`}`,
    placeText(header),
    `seed ${header.seed}`,
    `G ${header.groupSize}`,
    ...(header.startedAt === "" ? [] : [header.startedAt]),
    ...(status === "finished" ? [] : [status]),
    ...(edited.length === 0 ? [] : [`prompts edited: ${edited.map(({ template }) => template).join(", ")}`]),
  ];
  return [
    "# A run of CaT Lab (Compute as Teacher, arXiv 2509.14234)",
    inline(facts.join(" · ")),
    ...(isEmbedded(header) ? [`> ${HONESTY}`] : []),
    ...groups.flatMap(groupParts),
    "A reward is agreement with the reference. It is not truth.",
    "",
  ].join("\n\n");
}

function groupParts(group: GroupState): readonly string[] {
  const rows = answerRows(group);
  const { reference } = effectiveGroup(group);
  return [
    "## Question",
    fenced(group.task.prompt),
    "## Answers",
    table(
      ["answer", "found", "same as the reference", "reward", "advantage", "note"],
      rows.map((row) => [
        String(row.number),
        row.answer ?? "–",
        samenessOf(row),
        valueText(row.reward),
        advantageOf(row),
        row.note,
      ]),
    ),
    ...(reference === undefined
      ? []
      : [
          `## Reference (${reference.aggregator}${reference.edited ? ", edited by a person" : ""})`,
          fenced(reference.text),
        ]),
    ...(group.criteria.length === 0 ? [] : ["## Rubric", ...rubricParts(group, rows)]),
    "## The answers in full",
    ...rows.flatMap(({ number, text, ended }) => [
      `### Answer ${number}${ended === "length" ? ", cut at the limit" : ""}`,
      fenced(text),
    ]),
  ];
}

function rubricParts({ criteria }: GroupState, rows: readonly AnswerRow[]): readonly string[] {
  const letters = criteria.map(({ id }) => letterOf(id));
  return [
    criteria.map(({ text }, i) => `- ${letters[i]!}: ${inline(text)}`).join("\n"),
    table(
      ["answer", ...letters],
      rows.map(({ number, met }) => [String(number), ...met.map((m) => (m === undefined ? "" : metText(m)))]),
    ),
  ];
}

function samenessOf({ same }: AnswerRow): string {
  if (same === undefined) return "–";
  return same === null ? "undecided" : same ? "yes" : "no";
}

function valueText(value: number | null | undefined): string {
  if (value === undefined) return "";
  return value === null ? "undecided" : decimal(value);
}

function advantageOf({ advantage }: AnswerRow): string {
  return advantage === undefined ? "" : advantageText(advantage);
}

/** In a fence longer than any run of backticks in it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** One line in which nothing is markup. */
export function inline(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_[\]<>|#~$!&]/g, "\\$&");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((cells) => line(cells.map(inline)))].join("\n");
}
