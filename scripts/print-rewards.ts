/** @file The rewards of a group as lines for a terminal: a table of answers, a row of tests or of verdicts for each rollout. */
import type { GroupState, RolloutState } from "../src/run/run.ts";

/** Longest of an input or a value on one line. */
const LONGEST_VALUE = 40;

/** What stands above the rows that come one by one, said with the first of them; nothing where they come all at once. */
export function rewardHead({ task, rollouts, criteria }: GroupState): string[] {
  switch (task.kind) {
    case "math":
      return [];
    case "code": {
      const width = Math.max("tests".length, ...rollouts.map((rollout) => tests(rollout).length));
      return [`   #  ${"tests".padEnd(width)}   same  reward`];
    }
    case "open":
      return [`   #  ${criteria.map(({ id }) => columnName(id)).join(" ")}    met  reward`];
  }
}

/** What is known of one rollout once its reward is: its row, and for a program the first input on which it differs. */
export function rewardRow(group: GroupState, rollout: number): string[] {
  const state = group.rollouts[rollout];
  if (state === undefined) return [];
  switch (group.task.kind) {
    case "math":
      return [];
    case "code":
      return [
        row(rollout, [tests(state), ratio(state.tests?.results.map((r) => r.same) ?? []), number(state.reward)]),
        ...firstDifference(state),
      ];
    case "open": {
      const verdicts = group.criteria.map(({ id }) => state.verdicts[id]?.met ?? null);
      const cells = verdicts.map((met, i) => cell(met).padStart(columnName(i).length)).join(" ");
      return [row(rollout, [cells, ratio(verdicts), number(state.reward)])];
    }
  }
}

/** Once all is decided: for mathematics the whole table, for the others the advantages under their rows. */
export function rewardEnd(group: GroupState): string[] {
  if (group.task.kind === "math") return answers(group);
  const advantages = group.rollouts.map(({ advantage }, i) => `${i + 1}: ${signed(advantage)}`);
  return ["", `      advantages  ${advantages.join("  ")}`];
}

function answers(group: GroupState): string[] {
  const reference = group.references.synthesis?.finished?.extracted ?? null;
  const texts = group.rollouts.map(({ equivalence }) => equivalence?.extracted ?? "no answer");
  const width = Math.max(6, ...texts.map((text) => text.length));
  const rows = group.rollouts.map(({ equivalence, reward, advantage }, i) => {
    const equal =
      { true: "equal", false: "different", null: "undecided" }[String(equivalence?.equivalent ?? null)] ?? "";
    return `  ${String(i + 1).padStart(2)}  ${(texts[i] ?? "").padEnd(width)}  ${equal.padEnd(9)}  ${number(reward).padStart(6)}  ${signed(advantage).padStart(9)}`;
  });
  return [
    `      reference: ${reference ?? "no answer"}`,
    `   #  ${"answer".padEnd(width)}  ${"compared".padEnd(9)}  reward  advantage`,
    ...rows,
  ];
}

function row(rollout: number, [cells, count, reward]: readonly [string, string, string]): string {
  return `  ${String(rollout + 1).padStart(2)}  ${cells}  ${count.padStart(5)}  ${reward.padStart(6)}`;
}

/** A mark for each input; without any, why there is none. */
function tests({ tests: event }: RolloutState): string {
  const marks = event?.results.map(({ same }) => cell(same)).join("") ?? "";
  return marks === "" ? (event?.failure ?? "") : marks;
}

function firstDifference({ tests: event }: RolloutState): string[] {
  const first = event?.results.find(({ same }) => !same);
  if (first === undefined) return [];
  const { input, actual, expected } = first;
  const given = Array.isArray(input) ? input.map(value).join(", ") : value(input);
  return [`      f(${given}) gives ${value(actual)}, the reference ${value(expected)}`];
}

/** As `TestResult` writes it: what is no JSON, and what did not end with a value, is an object with a type. */
function value(data: unknown): string {
  const { type, why, error } = (data ?? {}) as Readonly<Partial<Record<"type" | "why" | "error", string>>>;
  if (type === "threw") return `an error (${shortened(error ?? "")})`;
  if (type === "failed") return `nothing (${why ?? "failed"})`;
  if (type === "undefined" || type === "NaN" || type === "Infinity" || type === "-Infinity") return type;
  return shortened(JSON.stringify(data));
}

function shortened(text: string): string {
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}

/** Filled yes, empty no, a question mark where it could not be decided: readable without colour. */
function cell(yes: boolean | null): string {
  return yes === null ? "?" : yes ? "■" : "□";
}

export function columnName(criterion: number): string {
  return `c${criterion + 1}`;
}

/** Yes of all that was decided. */
function ratio(verdicts: readonly (boolean | null)[]): string {
  const decided = verdicts.filter((v) => v !== null);
  return decided.length === 0 ? "–" : `${decided.filter(Boolean).length}/${decided.length}`;
}

function number(reward: number | null | undefined): string {
  return reward === null || reward === undefined ? "–" : String(Math.round(reward * 100) / 100);
}

function signed(advantage: number | null | undefined): string {
  if (advantage === null || advantage === undefined) return "–";
  const rounded = advantage.toFixed(2);
  return advantage > 0 ? `+${rounded}` : rounded.replace("-", "−").replace("−0.00", "0.00");
}
