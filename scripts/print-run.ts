/** @file A run as lines for a terminal, event by event: for `npm run demo`. */
import type { LoggedEvent } from "../src/run/event.ts";
import { apply, emptyRun, type GroupState, type Run } from "../src/run/run.ts";

/** @returns a function that takes the events of one run in order and writes what a person wants to see of each. */
export function runPrinter(write: (line: string) => void): (event: LoggedEvent) => void {
  let run: Run = emptyRun;
  return (event) => {
    run = apply(run, event);
    for (const line of describe(event, run)) write(line);
  };
}

function describe(event: LoggedEvent, run: Run): string[] {
  switch (event.type) {
    case "run.started": {
      const { policy, anchor } = event.models;
      const { adapter } = event;
      const on =
        adapter === null ? "" : ` (${adapter.vendor} ${adapter.architecture}${adapter.isFallback ? ", software" : ""})`;
      const roles = policy.id === anchor.id ? `${policy.id} as policy and anchor` : `${policy.id}, anchor ${anchor.id}`;
      return [`${roles}, ${policy.dtype}, on ${policy.device}${on}; seed ${event.seed}`];
    }
    case "group.started":
      return ["", event.task.prompt, "", `1 Explore: ${event.size} rollouts`];
    case "rollout.finished": {
      const cut = event.ended === "length" ? ", cut" : "";
      const head = `  ${String(event.rollout + 1).padStart(2)}  `;
      return [`${head}${oneLine(event.text)}  [${event.tokenIds.length} tokens${cut}]`];
    }
    case "reference.finished":
      if (event.aggregator !== "synthesis") return [];
      return ["", "2 Synthesise (the anchor does not see the question)", `      ${oneLine(event.text)}`];
    case "group.finished":
      return ["", "3 Reward", ...rewards(run.groups[event.group]), "", seconds(event.ms)];
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

function rewards(group: GroupState | undefined): string[] {
  if (group === undefined) return [];
  const reference = group.references.synthesis?.finished?.extracted ?? null;
  const answers = group.rollouts.map(({ equivalence }) => equivalence?.extracted ?? "no answer");
  const width = Math.max(6, ...answers.map((answer) => answer.length));
  const rows = group.rollouts.map(({ equivalence, reward, advantage }, i) => {
    const equal =
      { true: "equal", false: "different", null: "undecided" }[String(equivalence?.equivalent ?? null)] ?? "";
    return `  ${String(i + 1).padStart(2)}  ${(answers[i] ?? "").padEnd(width)}  ${equal.padEnd(9)}  ${number(reward).padStart(6)}  ${signed(advantage).padStart(9)}`;
  });
  return [
    `      reference: ${reference ?? "no answer"}`,
    `   #  ${"answer".padEnd(width)}  ${"compared".padEnd(9)}  reward  advantage`,
    ...rows,
  ];
}

function seconds({ rollouts, synthesis, reward }: { rollouts: number; synthesis: number; reward: number }): string {
  const s = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return `Rollouts ${s(rollouts)}, synthesis ${s(synthesis)}, rewards ${s(reward)}.`;
}

function number(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : String(Math.round(value * 100) / 100);
}

function signed(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const rounded = value.toFixed(2);
  return value > 0 ? `+${rounded}` : rounded.replace("-", "−").replace("−0.00", "0.00");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ⏎ ").trim();
}
