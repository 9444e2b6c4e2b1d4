/** @file A run as lines for a terminal, event by event: for `npm run demo`. */
import type { LoggedEvent } from "../src/run/event.ts";
import { apply, emptyRun, type Run } from "../src/run/run.ts";
import { columnName, rewardEnd, rewardHead, rewardRow } from "./print-rewards.ts";

/** @returns a function that takes the events of one run in order and writes what a person wants to see of each. */
export function runPrinter(write: (line: string) => void): (event: LoggedEvent) => void {
  let run: Run = emptyRun;
  return (event) => {
    run = apply(run, event);
    for (const line of describe(event, run)) write(line);
  };
}

function describe(event: LoggedEvent, run: Run): string[] {
  const group = "group" in event ? run.groups[event.group] : undefined;
  const kind = group?.task.kind;
  switch (event.type) {
    case "run.started": {
      const { policy, anchor, judge } = event.models;
      const { adapter } = event;
      const on =
        adapter === null ? "" : ` (${adapter.vendor} ${adapter.architecture}${adapter.isFallback ? ", software" : ""})`;
      const roles = policy.id === anchor.id ? `${policy.id} as policy and anchor` : `${policy.id}, anchor ${anchor.id}`;
      const judged =
        judge === null ? "" : `, judged by ${judge.id}${event.judgeIndependent ? "" : " (not independent)"}`;
      return [`${roles}${judged}, ${policy.dtype}, on ${policy.device}${on}; seed ${event.seed}`];
    }
    case "group.started":
      return ["", event.task.prompt, "", `1 Explore: ${event.size} rollouts`];
    case "rollout.finished": {
      const cut = event.ended === "length" ? ", cut" : "";
      const head = `  ${String(event.rollout + 1).padStart(2)}  `;
      const text = kind === "code" ? statements(event.text) : oneLine(event.text);
      return [`${head}${text}  [${event.tokenIds.length} tokens${cut}]`];
    }
    case "reference.finished":
      if (event.aggregator !== "synthesis") return [];
      return ["", "2 Synthesise (the anchor does not see the question)", ...indented(event.text, kind === "code")];
    case "rubric.finished": {
      const from =
        event.source === "reference" ? "by the anchor, from the reference alone" : `from the ${event.source}`;
      const criteria = event.criteria.map(({ id, text }) => `  ${columnName(id).padStart(4)}  ${text}`);
      return [
        "",
        `3 Reward: a rubric, written ${from}`,
        ...(criteria.length === 0 ? ["      no criteria"] : criteria),
        "",
      ];
    }
    case "reward": {
      if (group === undefined) return [];
      const first = group.rollouts.filter(({ reward }) => reward !== undefined).length === 1;
      const title = kind === "code" ? ["", "3 Reward: each function against the reference, on the same inputs"] : [];
      return [...(first ? [...title, ...rewardHead(group)] : []), ...rewardRow(group, event.rollout)];
    }
    case "group.finished":
      if (group === undefined) return [];
      return [...(kind === "math" ? ["", "3 Reward"] : []), ...rewardEnd(group), "", seconds(event.ms)];
    case "notice":
      return [`Notice: ${event.message}`];
    case "run.finished":
      return [`Done in ${(event.atMs / 1000).toFixed(1)} s.`];
    case "run.stopped":
      return ["Stopped."];
    case "run.failed":
      return [`Failed: ${event.message}`];
    default:
      return [];
  }
}

function seconds({ rollouts, synthesis, reward }: { rollouts: number; synthesis: number; reward: number }): string {
  const s = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return `Rollouts ${s(rollouts)}, synthesis ${s(synthesis)}, rewards ${s(reward)}.`;
}

/** A program in little room: without its comments and fences. */
function statements(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("//") && !line.startsWith("```")).join(" ");
}

/** A program keeps its lines. */
function indented(text: string, lines: boolean): string[] {
  return (lines ? text.trim().split("\n") : [oneLine(text)]).map((line) => `      ${line}`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ⏎ ").trim();
}
