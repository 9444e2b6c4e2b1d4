/** @file What panels say of a run, rendered as text without a browser; how they look and move is in tests/e2e. */
import { render } from "svelte/server";
import { expect, test } from "vitest";
import { apply, emptyRun, type GroupState } from "../../src/run/run.ts";
import RubricReward from "../../src/ui/panels/RubricReward.svelte";
import Synthesise from "../../src/ui/panels/Synthesise.svelte";
import { reader } from "../../src/ui/state/reader.svelte.ts";
import { Tracing } from "../../src/ui/state/tracing.svelte.ts";
import { adviceRun } from "./fixture-advice.ts";
import { listsRun } from "./fixture-lists.ts";

await reader.load();

const lists = (await listsRun()).reduce(apply, emptyRun).groups[0]!;
const advice = (await adviceRun()).reduce(apply, emptyRun).groups[0]!;
const rest = { over: false, render: null, onprompt: () => undefined, corrections: null };

/** The words of a panel, tags taken out. */
function wordsOf({ body }: { readonly body: string }): string {
  return body.replaceAll(/<!--.*?-->|<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
}

function referring(text: string, extracted: string | null, ended: "stop" | "length"): GroupState {
  const { synthesis } = lists.references;
  return {
    ...lists,
    references: { synthesis: { text, finished: { ...synthesis!.finished!, text, extracted, ended } } },
  };
}

test("the reference function is found where the rewards found it: in the text, fence included", () => {
  const source = "const twice = (list, n) => list.map((x) => x * n);";
  const said = (group: GroupState) =>
    wordsOf(render(Synthesise, { props: { ...rest, group, tracing: new Tracing(() => group), kind: "code" } }));
  expect(said(referring(`\`\`\`js\n${source}\n\`\`\``, source, "stop"))).toContain("reference function twice(list, n)");
  expect(said(referring(`\`\`\`js\n${source}\n\`\`\``, null, "length"))).toContain("reference function none found");
  expect(said(referring("I cannot.", null, "stop"))).toContain("reference function none found");
});

test("a rubric names the attempt it is of, and an empty reference as the reason for none", () => {
  const said = (finished: Partial<NonNullable<GroupState["rubric"]>["finished"] & object>) => {
    const rubric = { ...advice.rubric!, finished: { ...advice.rubric!.finished!, ...finished } };
    const group = { ...advice, rubric, criteria: rubric.finished.criteria };
    const props = { ...rest, group, logged: group, tracing: new Tracing(() => group), header: undefined };
    return wordsOf(render(RubricReward, { props }));
  };
  expect(said({ attempts: 2, attempt: 1 })).toContain("Rubric from the reference alone, the first of 2 attempts");
  expect(said({ attempts: 2, attempt: 2 })).toContain("Rubric from the reference alone, second attempt");
  expect(said({})).not.toContain("attempt");
  expect(said({ attempts: 0, attempt: null, criteria: [] })).toContain("The reference has no text");
  expect(said({ attempts: 2, attempt: null, criteria: [] })).toContain("no criterion that could be read");
});
