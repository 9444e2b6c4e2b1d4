/** @file What a run did otherwise than asked: each sentence once, the last in a line, ticks on the track. How it looks is in tests/e2e. */
import { render } from "svelte/server";
import { expect, test } from "vitest";
import { apply, emptyRun } from "../../src/run/run.ts";
import Notices from "../../src/ui/panels/Notices.svelte";
import { noticeLines } from "../../src/ui/state/noticed.ts";
import { RunView } from "../../src/ui/state/run-view.svelte.ts";
import { spansOf } from "../../src/ui/state/timeline.ts";
import { fixtureRun, withNotices } from "./fixture.ts";

const fewer = "Memory is enough for 3 rows at once, not 8: the others wait their turn.";
const renewed = "The GPU was lost and came back: what was unfinished went on where it was.";
const plain = fixtureRun();
const log = withNotices(plain, [
  { at: 3, message: fewer },
  { at: 40, message: renewed },
  { at: 60, message: fewer },
]);
const { notices } = log.reduce(apply, emptyRun);

test("a sentence stands once, with how often and when first, where it was last said", () => {
  expect(noticeLines(notices)).toEqual([
    { message: renewed, atMs: plain[40]!.atMs, times: 1 },
    { message: fewer, atMs: plain[3]!.atMs, times: 2 },
  ]);
});

test("the last one is shown, the others are a press away; without any there is nothing to press", () => {
  const { body } = render(Notices, { props: { notices } });
  const items = [...body.matchAll(/<li([^>]*)>(.*?)<\/li>/gs)].map(([, attributes, inside]) => [
    attributes!.includes("hidden"),
    inside!.replaceAll(/<!--.*?-->|<[^>]*>/gs, "").trim(),
  ]);
  expect(items).toEqual([
    [true, renewed],
    [false, fewer],
  ]);
  expect(body).toContain("All 2</button>");
  const empty = render(Notices, { props: { notices: [] } }).body;
  expect(empty).toContain('role="status"');
  expect(empty).not.toMatch(/<button|<ul/);
});

test("ticks lie in order on the track, as many as there are by then; the phases are what they were", () => {
  const view = RunView.of("r", "kept", log);
  const places = view.noticed;
  expect(places.length).toBe(3);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
  expect(places[2]).toBeLessThan(1);
  view.seek(5);
  expect(view.noticed.length).toBe(1);
  expect(spansOf(log).map((s) => s.phase)).toEqual(spansOf(plain).map((s) => s.phase));
});
