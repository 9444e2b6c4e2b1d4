/** @file Waits that grow and end, and the watchdog, on a clock of the test's own. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Attempts, Watchdog } from "../../src/models/patience.ts";

const patience = { attempts: 4, firstWaitMs: 100, longestWaitMs: 300, stallMs: 1000 };
const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How long the next attempt is waited for. */
async function waited(attempts: Attempts, gotOn: boolean): Promise<number | false> {
  const start = Date.now();
  const again = attempts.again(gotOn).then((yes) => yes && Date.now() - start);
  await vi.runAllTimersAsync();
  return again;
}

test("waits double up to the longest, and end; whoever gets on begins anew", async () => {
  const attempts = new Attempts(patience, never);
  expect([await waited(attempts, false), await waited(attempts, false)]).toEqual([100, 200]);
  expect(await waited(attempts, true)).toBe(100);
  expect([await waited(attempts, false), await waited(attempts, false), await waited(attempts, false)]).toEqual([
    200,
    300,
    false,
  ]);
});

test("a stop ends the wait with its reason", async () => {
  const stop = new AbortController();
  const wait = new Attempts(patience, stop.signal).again(false);
  stop.abort(new Error("enough"));
  await expect(wait).rejects.toThrow("enough");
});

test("the watchdog barks when nothing came for so long, and only then", async () => {
  const watchdog = new Watchdog(1000, never);
  for (let i = 0; i < 5; i++) {
    await vi.advanceTimersByTimeAsync(900);
    watchdog.feed();
  }
  expect(watchdog.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1300);
  expect(watchdog.signal.reason).toEqual(new Error("nothing came for 1 s"));
  watchdog.end();
  expect(vi.getTimerCount()).toBe(0);
});
