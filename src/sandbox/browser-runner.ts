/**
 * @file Runs programs in a browser: each in a fresh worker of its own, made from a blob, stripped of the network and of storage, and killed when it takes too long.
 * A first wall: the worker still has the page's origin. Milestone 3 puts it into a sandboxed frame without one.
 */
import type { CodeRunner, Stop } from "../cat/models.ts";
import type { Program } from "../verify/code/extract.ts";
import type { Outcome } from "../verify/code/outcome.ts";
import { allFailed, allThrew, harness, isRefused } from "./harness.ts";

/** A worker that has not begun by then never will. */
const START_MS = 10_000;

/** @param limitMs for one program with all its inputs, from when it begins. What was done before counts; the rest is a timeout. */
export function createBrowserRunner(limitMs = 1000): CodeRunner {
  return {
    async run(program: Program, inputs: readonly (readonly unknown[])[], stop?: Stop) {
      stop?.throwIfAborted();
      if (isRefused(program)) return allFailed(inputs, "refused");
      const url = URL.createObjectURL(new Blob([harness(program, inputs)], { type: "text/javascript" }));
      // Not a module: Chromium 156 tells nobody when a module worker of a worker does not parse, and small models often write such programs.
      const worker = new Worker(url);
      try {
        return await outcomesOf(worker, inputs, limitMs);
      } finally {
        worker.terminate();
        URL.revokeObjectURL(url);
      }
    },
  };
}

function outcomesOf(worker: Worker, inputs: readonly unknown[], limitMs: number): Promise<readonly Outcome[]> {
  return new Promise((resolve) => {
    const outcomes = allFailed(inputs, "timeout");
    let done = 0;
    let began = false;
    const finish = (all: readonly Outcome[]) => {
      clearTimeout(timer);
      resolve(all);
    };
    const timeUp = () => {
      finish(outcomes);
    };
    let timer = setTimeout(timeUp, START_MS);
    worker.onmessage = ({ data }: MessageEvent<"ready" | readonly [number, string]>) => {
      if (data === "ready") {
        began = true;
        clearTimeout(timer);
        timer = setTimeout(timeUp, limitMs);
        return;
      }
      const [i, outcome] = data;
      outcomes[i] = JSON.parse(outcome) as Outcome;
      if (++done === inputs.length) finish(outcomes);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      // Before it began: the text does not parse. After: the worker broke, out of memory for one.
      finish(
        began
          ? [...outcomes.slice(0, done), ...allFailed(inputs.slice(done), "crashed")]
          : allThrew(inputs, event.message),
      );
    };
  });
}
