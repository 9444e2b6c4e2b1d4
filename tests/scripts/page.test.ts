/** @file Pressing Run from outside: a question out of the model's depth takes a second press, however late the page says so, and a run that goes on is never pressed at. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LabPage, runToEnd } from "../../scripts/page.ts";
import { fixtureRun } from "../ui/fixture.ts";

const log = fixtureRun();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What came of it within five seconds. */
async function soon<T>(work: Promise<T>): Promise<T | Error> {
  const result = work.catch((error: unknown) => error as Error);
  await vi.advanceTimersByTimeAsync(5000);
  return result;
}

interface Behaviour {
  /** How long the page looks where a question belongs; presses meanwhile are lost. */
  readonly lookMs: number;
  /** The page has said before the first press that the question is out of depth. */
  readonly told?: boolean;
  readonly outside?: boolean;
  /** From the start of the run to its events. */
  readonly eventsMs?: number;
}

/** Of the page, what `runToEnd` uses. `stops` counts presses that would have stopped a run. */
function pageThat({ lookMs, told = false, outside = true, eventsMs = 0 }: Behaviour): LabPage & { stops: number } {
  let notice = told;
  let looking = false;
  let running = false;
  const events: (typeof log)[number][] = [];
  const press = () => {
    if (looking) return;
    looking = true;
    const before = notice;
    setTimeout(() => {
      looking = false;
      notice = outside;
      if (outside && !before) return;
      running = true;
      setTimeout(() => events.push(...log), eventsMs);
    }, lookMs);
  };
  const run = {
    click() {
      if (running) lab.stops++;
      else press();
      return Promise.resolve();
    },
    isVisible: () => Promise.resolve(!running),
  };
  const insist = {
    and: () => insist,
    click() {
      press();
      return Promise.resolve();
    },
    isVisible: () => Promise.resolve(notice && !running),
  };
  const page = {
    getByRole: (_: string, { name }: { name: string }) => (name === "Run" ? run : insist),
    locator: () => null,
    waitForTimeout: (ms: number) => new Promise((later) => setTimeout(later, ms)),
  };
  const lab = { page, events, lost: [], stops: 0 } as unknown as LabPage & { stops: number };
  return lab;
}

test.each([
  ["says so after a long look", { lookMs: 700 }],
  ["says so at once", { lookMs: 0 }],
  ["had said so before", { lookMs: 0, told: true }],
  ["has nothing to say", { lookMs: 700, outside: false }],
  ["has a run that is slow to begin", { lookMs: 0, told: true, eventsMs: 800 }],
] as const)("a page that %s runs to the end", async (_, behaviour) => {
  const lab = pageThat(behaviour);
  expect(await soon(runToEnd(lab, 3000))).toEqual(log);
  expect(lab.stops).toBe(0);
});

test("a run that never comes is an error that names the time allowed", async () => {
  const lab = pageThat({ lookMs: 10_000 });
  expect(await soon(runToEnd(lab, 200))).toMatchObject({
    message: "the run did not end within 0.2 s; its last event was none",
  });
});
