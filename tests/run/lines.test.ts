import { expect, test } from "vitest";
import type { LoggedEvent } from "../../src/run/event.ts";
import { formatEvent, parseRun } from "../../src/run/lines.ts";
import { upgradeFrom } from "../../src/run/upgrade.ts";
import { runToEnd } from "../cat/run.ts";
import { scripted } from "../scripted.ts";

const log = await runToEnd({ policy: scripted({ answer: () => "It is \\boxed{4}" }) });
const lines = log.map(formatEvent);

test("a file cut anywhere gives the run up to the cut and names the broken line", () => {
  const text = lines.join("");
  const cut = parseRun(text.slice(0, lines[0]!.length + lines[1]!.length + 20));
  expect(cut.events).toHaveLength(2);
  expect(cut.problem).toMatch(/^line 3: not JSON, or cut short/);
  expect(parseRun(text).events).toEqual(log);
});

test.each([
  ["", /empty/],
  ["hello", /line 1: not JSON/],
  ["[1]\n", /line 1: not a JSON object/],
  [lines[1]!, /line 1: a run file begins with a run.started line/],
  [lines[0]!.replace('"format":1', '"format":7'), /line 1: format 7 is newer than 1.*update/],
  [lines[0]!.replace('"format":1', '"format":"x"'), /line 1: "format" must be a whole number/],
  [lines[0]!.replace('"groupSize":4', '"groupSize":"4"'), /line 1: "groupSize": /],
  [lines[0]! + lines[2]!, /line 2: "seq" is 2, expected 1/],
  [lines[0]! + lines[2]!.replace('"seq":2', '"seq":1'), /line 2: event for group 0, which has not started/],
  [lines[0]! + lines[1]!.replace('"kind":"math"', '"kind":"math","label":"4"'), /line 2: "task.label"/],
  [lines[0]! + lines[0]!.replace('"seq":0', '"seq":1'), /line 2: a run starts once/],
  [lines[0]! + lines[1]!.replace('"group":0', '"group":7'), /line 2: group 7 starts, expected 0/],
  [lines[0]! + lines[1]!.replace('"size":4', '"size":30000000'), /line 2: "size"/],
  [
    lines[0]! +
      lines[1]! +
      '{"type":"verdict","seq":2,"atMs":9,"group":0,"rollout":0,"criterion":4294967294,"met":true,"probability":1,"by":"model"}\n',
    /line 3: "criterion"/,
  ],
  [
    lines[0]! +
      lines[1]! +
      '{"type":"rubric.finished","seq":2,"atMs":9,"group":0,"source":"reference","criteria":[{"id":0,"text":"a"},{"id":0,"text":"b"}],"attempts":1}\n',
    /line 3: .*two criteria have the same id/,
  ],
  [[...lines, lines.at(-1)!.replace(/"seq":\d+/, `"seq":${lines.length}`)].join(""), /run.finished after the end/],
])("%j is refused with its line", (text, problem) => {
  expect(parseRun(text).problem).toMatch(problem);
});

test("a file without the fields that nobody pins reads all the same", () => {
  const old = lines.map((line) => {
    const { startedAt: _, margins: __, ended, ...event } = JSON.parse(line) as Record<string, unknown>;
    return JSON.stringify(event["type"] === "rollout.finished" ? { ...event, ended } : event);
  });
  const { events, problem } = parseRun(old.join("\n"));
  expect(problem).toBeNull();
  expect(events.find((e) => e.type === "rollout.finished")?.margins).toEqual([]);
});

test("unknown fields survive", () => {
  const text = lines[0]!.replace('"app":', '"extra":{"a":1},"app":');
  expect(parseRun(text).events[0]).toMatchObject({ extra: { a: 1 } });
});

test("NaN, Infinity and undefined never reach a file", () => {
  const bad = { ...log.at(-1)!, atMs: Number.NaN } as LoggedEvent;
  expect(() => formatEvent(bad)).toThrow(/"atMs" of a run.finished event is NaN/);
});

test("the upgrade chain starts at the file's format and ends at the newest", () => {
  const steps = [(e: object) => ({ ...e, one: true }), (e: object) => ({ ...e, two: true })];
  expect(upgradeFrom(2, steps)({ type: "x" })).toEqual({ type: "x", two: true });
  expect(upgradeFrom(1, steps)({ type: "run.started", format: 1 })).toEqual({
    type: "run.started",
    format: 3,
    one: true,
    two: true,
  });
  expect(() => upgradeFrom(4, steps)).toThrow(/format 4 is newer than 3/);
});
