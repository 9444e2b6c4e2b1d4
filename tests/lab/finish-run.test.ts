/** @file A run that broke off anywhere is taken to the end that it would have come to, and asks the models for what was missing alone. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LanguageModel } from "../../src/cat/models.ts";
import { changeRun } from "../../src/lab/change-run.ts";
import type { RunRequest } from "../../src/lab/protocol.ts";
import { runLab } from "../../src/lab/run-lab.ts";
import type { LoggedEvent } from "../../src/run/event.ts";
import { formatEvent, parseRun } from "../../src/run/lines.ts";
import { apply, emptyRun, type Run } from "../../src/run/run.ts";
import { createNodeRunner } from "../../src/sandbox/node-runner.ts";
import { ServerError } from "../../src/served/server-error.ts";
import { type TestFiles, useTestFiles } from "./opfs.ts";
import { named, openRequest, request, TestDevice, testLoad } from "./parts.ts";

let files: TestFiles;
beforeEach(() => {
  files = useTestFiles();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const { signal } = new AbortController();
const policy = () => testLoad("wasm", { progress: () => undefined, stop: signal }).model;
const judge = named("judge");

async function wholeRun(asked: RunRequest, judging: LanguageModel = judge): Promise<LoggedEvent[]> {
  const log: LoggedEvent[] = [];
  const listener = { events: (e: readonly LoggedEvent[]) => log.push(...e), unsaved: () => undefined };
  const parts = { judge: { model: Object.assign(judging, { adapter: null }), onNotice: new TestDevice().onNotice } };
  const models = { policy: policy(), anchor: null, judgeFailure: null, runner: createNodeRunner(), ...parts };
  await runLab("whole", asked, models, signal, listener);
  return log;
}

/** @returns what is kept afterwards */
async function finish(log: readonly LoggedEvent[], judging: LanguageModel = judge): Promise<LoggedEvent[]> {
  files.texts.set("r.jsonl", log.map(formatEvent).join(""));
  const { model, domains } = policy();
  await changeRun(
    { run: "r", log: "", change: { of: "finish" } },
    {
      policy: () => Promise.resolve({ model, domains }),
      anchor: () => Promise.resolve(model),
      judge: () => Promise.resolve(judging),
      runner: createNodeRunner(),
      symbolic: null,
      fetchText: () => Promise.reject(new Error("not part of this test")),
      notices: () => [],
      now: () => 0,
      stop: signal,
      post: () => undefined,
    },
  );
  return [...parseRun(files.texts.get("r.jsonl")!).events];
}

const failed = (log: readonly LoggedEvent[]): LoggedEvent[] => [
  ...log,
  { type: "run.failed", code: "server", message: "The server died.", seq: log.length, atMs: log.at(-1)!.atMs },
];

/** What a run came to, without its times and the order in which it came. */
function outcome(log: readonly LoggedEvent[]) {
  const { status, groups }: Run = log.reduce(apply, emptyRun);
  return {
    status,
    groups: groups.map(({ rollouts, references, criteria, finished, prompts, sources }) => ({
      rollouts: rollouts.map(({ text, ended, tokenIds, logprobs, reward, advantage, verdicts, equivalence }) => {
        const met = verdicts.map((verdict) => [verdict?.met, verdict?.probability?.toFixed(6)]);
        return { text, ended, tokenIds, logprobs, reward, advantage, met, same: equivalence?.equivalent };
      }),
      references: Object.fromEntries(Object.entries(references).map(([name, { text }]) => [name, text])),
      criteria,
      advantages: finished?.advantages,
      prompts: new Set(prompts.map(({ purpose, rendered }) => purpose + rendered)),
      sources: sources?.found,
    })),
  };
}

describe.each<[string, RunRequest]>([
  ["a sum", request],
  ["advice by a rubric", openRequest],
  ["advice by sameness", { ...openRequest, rewardBy: "sameMeaning" }],
  ["a sum with a length penalty", { ...request, lengthPenalty: 1 }],
])("%s", (_, asked) => {
  test("broken off after any event comes to the same end", async () => {
    const whole = await wholeRun(asked);
    const wanted = outcome(whole);
    expect(wanted.status).toBe("finished");
    const begun = whole.findIndex((e) => e.type === "group.started") + 1;
    for (let end = begun; end < whole.length; end++) {
      const finished = await finish(failed(whole.slice(0, end)));
      expect(outcome(finished), `after event ${end - 1}, ${whole[end - 1]!.type}`).toEqual(wanted);
      expect(finished[end + 1]).toMatchObject({ type: "run.resumed" });
    }
  });
});

test("what a judge decided is not asked again", async () => {
  const whole = await wholeRun(openRequest);
  const firstVerdict = whole.findIndex((e) => e.type === "verdict");
  const asks = async (log: readonly LoggedEvent[]): Promise<number> => {
    const asked: string[] = [];
    const decide: LanguageModel["decide"] = (prompts) => {
      asked.push(...prompts);
      return Promise.resolve(prompts.map(() => [0.9, 0.1]));
    };
    await finish(failed(log), { ...named("judge"), decide });
    return asked.filter((prompt) => verdictPrompts.has(prompt)).length;
  };
  const verdictPrompts = new Set(
    whole.flatMap((e) => (e.type === "prompt.sent" && e.purpose === "verdict" ? e.rendered : [])),
  );
  // Both rollouts say the same, so one row of verdicts answers for both.
  expect(await asks(whole.slice(0, firstVerdict))).toBe(10);
  expect(await asks(whole.slice(0, firstVerdict + 2))).toBe(6);
  expect(await asks(whole.slice(0, firstVerdict + 5))).toBe(0);
});

test("a judge on a server that dies leaves what it decided, and one that comes back finishes the run", async () => {
  let left = 7;
  const dying = Object.assign(named("judge"), {
    decide: (prompts: readonly string[]) =>
      (left -= prompts.length) < 0
        ? Promise.reject(new ServerError("http://127.0.0.1:1/v1 does not answer."))
        : Promise.resolve(prompts.map(() => [0.9, 0.1])),
  });
  const log = await wholeRun(openRequest, dying);
  expect(log.at(-1)).toMatchObject({ type: "run.failed", code: "server" });
  expect(log.filter((e) => e.type === "verdict").length).toBe(5);
  const finished = await finish(log);
  expect(finished.at(-1)).toMatchObject({ type: "run.finished" });
  expect(finished.slice(0, log.length)).toEqual(log);
  expect(finished.filter((e) => e.type === "verdict").length).toBe(10);
});

test("with another model than it began with it is refused, and the log stays as it was", async () => {
  const log = failed((await wholeRun(openRequest)).slice(0, -20));
  await expect(finish(log, named("other judge"))).rejects.toThrow(
    "The judge of this run was judge (node), and now it is other judge",
  );
  expect(parseRun(files.texts.get("r.jsonl")!).events).toEqual(log);
});

test("a run that is over cannot be finished", async () => {
  await expect(finish(await wholeRun(request))).rejects.toThrow("nothing left to do");
});
