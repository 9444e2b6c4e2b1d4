/**
 * @file A symbolic checker over a worker that may be killed: one pair at a time, a fixed time for each, then the answer is null and a fresh worker takes over.
 * Starts nothing before the first pair. What the worker runs is in compute-engine.worker.ts and node-checker.ts.
 */
import type { SymbolicChecker } from "../verify/math/settle.ts";

/** What a worker says: null once when it is ready, then one verdict a pair. */
export interface Listener {
  ready(): void;
  verdict(equal: boolean | null): void;
  /** It will say nothing more. */
  broke(): void;
}

export interface EngineWorker {
  send(pair: readonly [string, string]): void;
  kill(): void;
}

export interface DisposableChecker extends SymbolicChecker {
  /** Ends the worker. A later pair starts another. */
  dispose(): void;
}

/** Loading a megabyte of algebra on a slow machine. A worker that has not begun by then never will. */
const START_MS = 30_000;
/** After so many workers that never began, no more are tried: the files are missing, or the machine is too small. */
const MOST_FAILURES = 2;

/** @param limitMs for one pair, counted from when the worker is ready. */
export function createChecker(start: (listener: Listener) => EngineWorker, limitMs = 200): DisposableChecker {
  let worker: Promise<Running | null> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let failures = 0;

  async function ask(pair: readonly [string, string]): Promise<boolean | null> {
    if (failures >= MOST_FAILURES) return null;
    worker ??= begin(start);
    const running = await worker;
    if (running === null) {
      failures++;
      worker = undefined;
      return null;
    }
    const verdict = await running.ask(pair, limitMs);
    if (!running.alive) worker = undefined;
    return verdict;
  }

  return {
    check(a, b) {
      const mine = turn.then(() => ask([a, b]));
      turn = mine;
      return mine;
    },
    dispose() {
      void worker?.then((running) => {
        running?.kill();
      });
      worker = undefined;
    },
  };
}

interface Running {
  readonly alive: boolean;
  ask(pair: readonly [string, string], limitMs: number): Promise<boolean | null>;
  kill(): void;
}

/** @returns null when the worker does not begin. */
function begin(start: (listener: Listener) => EngineWorker): Promise<Running | null> {
  return new Promise((resolve) => {
    let alive = true;
    let settle: ((equal: boolean | null) => void) | undefined;
    const end = () => {
      alive = false;
      clearTimeout(timer);
      worker?.kill();
      settle?.(null);
      resolve(null);
    };
    const timer = setTimeout(end, START_MS);
    let worker: EngineWorker | undefined;
    try {
      worker = start({
        ready() {
          clearTimeout(timer);
          resolve(running);
        },
        verdict: (equal) => settle?.(equal),
        broke: end,
      });
    } catch {
      end();
    }
    const running: Running = {
      get alive() {
        return alive;
      },
      ask(pair, limitMs) {
        if (!alive) return Promise.resolve(null);
        return new Promise((answer) => {
          const late = setTimeout(end, limitMs);
          settle = (equal) => {
            clearTimeout(late);
            settle = undefined;
            answer(equal);
          };
          worker?.send(pair);
        });
      },
      kill: end,
    };
  });
}
