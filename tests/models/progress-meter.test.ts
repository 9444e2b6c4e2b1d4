/** @file Progress over several files: the total first, speed of what came, never of what was there. */
import { expect, test } from "vitest";
import { type Progress, ProgressMeter } from "../../src/models/progress-meter.ts";

function meter(total: number, reached: readonly number[]) {
  const said: Progress[] = [];
  const clock = { now: 0 };
  const it = new ProgressMeter(
    total,
    reached,
    () => clock.now,
    (progress) => said.push(progress),
  );
  return { it, said, clock };
}

test("what is there counts as done, not as speed", () => {
  const { it, said, clock } = meter(1000, [400, 0]);
  expect(said).toEqual([{ loadedBytes: 400, totalBytes: 1000, bytesPerSecond: null, secondsLeft: null }]);
  clock.now = 2000;
  it.reach(1, 200);
  expect(said.at(-1)).toEqual({ loadedBytes: 600, totalBytes: 1000, bytesPerSecond: 100, secondsLeft: 4 });
});

test("the speed is that of the last seconds", () => {
  const { it, said, clock } = meter(1e6, [0]);
  for (let second = 1; second <= 20; second++) {
    clock.now = second * 1000;
    it.reach(0, second <= 10 ? second * 10_000 : 100_000 + (second - 10) * 1000);
  }
  expect(said.at(-1)!.bytesPerSecond).toBeCloseTo(1000);
});

test("a file that begins again takes its bytes back and gives no negative speed", () => {
  const { it, said, clock } = meter(1000, [500]);
  clock.now = 2000;
  it.reach(0, 0);
  expect(said.at(-1)).toMatchObject({ loadedBytes: 0, bytesPerSecond: 0, secondsLeft: null });
});

test("reports are few, but the last one comes", () => {
  const { it, said, clock } = meter(100, [0]);
  for (let i = 1; i <= 100; i++) {
    clock.now = i;
    it.reach(0, i);
  }
  expect(said).toHaveLength(2);
  expect(said.at(-1)).toMatchObject({ loadedBytes: 100 });
});

test("no time is named that comes of the first bytes alone", () => {
  const { it, said, clock } = meter(1e9, [0]);
  clock.now = 5000;
  it.reach(0, 3000);
  expect(said.at(-1)).toMatchObject({ bytesPerSecond: 600, secondsLeft: null });
});
