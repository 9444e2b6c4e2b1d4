/** @file The screen's lock, with a browser that only counts. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WakeLock } from "../../src/lab/wake-lock.ts";
import { settled } from "./parts.ts";

let visible: () => void;
const page = { visibilityState: "visible", addEventListener: (_: string, heard: () => void) => (visible = heard) };
let locks: { released: boolean; release: () => Promise<void> }[];

beforeEach(() => {
  locks = [];
  const request = () => {
    const lock = {
      released: false,
      release: () => {
        lock.released = true;
        return Promise.resolve();
      },
    };
    locks.push(lock);
    return Promise.resolve(lock);
  };
  vi.stubGlobal("document", page);
  vi.stubGlobal("navigator", { wakeLock: { request } });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const held = () => locks.map(({ released }) => !released);

test("is held until it is released, and taken again when the tab comes back", async () => {
  const lock = new WakeLock();
  lock.hold();
  await settled();
  lock.hold();
  await settled();
  expect(held()).toEqual([true]);
  // As a browser does when the tab is hidden.
  locks[0]!.released = true;
  visible();
  await settled();
  expect(held()).toEqual([false, true]);
  lock.release();
  visible();
  await settled();
  expect(held()).toEqual([false, false]);
});

test("who releases before it was given has none", async () => {
  const lock = new WakeLock();
  lock.hold();
  lock.release();
  await settled();
  expect(held()).toEqual([false]);
});

test("a browser without it is not asked", () => {
  vi.stubGlobal("navigator", {});
  expect(() => {
    new WakeLock().hold();
  }).not.toThrow();
});
