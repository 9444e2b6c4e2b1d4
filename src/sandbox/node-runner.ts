/**
 * @file Runs programs in Node: a worker thread with little memory, a `vm` context without anything of Node's for each program, killed when it takes too long.
 * For benchmarks and training of our own models. No wall against code that means harm: `vm` is not one, and a program that makes V8 itself
 * give up (half a gigabyte of text split into an array) ends the process with it.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { CodeRunner } from "../cat/models.ts";
import { Turns } from "../cat/turns.ts";
import type { Program } from "../verify/code/extract.ts";
import type { Outcome } from "../verify/code/outcome.ts";
import { allFailed, allThrew, harness, isRefused, newSeal } from "./harness.ts";
import { readOutcome } from "./read-outcome.ts";

/** Kept for the next program; each program has a context of its own. Nothing of this realm is handed in, only text comes out. */
const WORKER = `"use strict";
const { parentPort } = require("node:worker_threads");
const vm = require("node:vm");
// A promise that a program leaves rejected would end this thread, and with it the next program.
process.on("unhandledRejection", () => undefined);
parentPort.on("message", ({ script, count }) => {
  let call;
  try {
    const options = { codeGeneration: { strings: false, wasm: false }, microtaskMode: "afterEvaluate" };
    call = vm.runInContext(script, vm.createContext(Object.create(null), options));
  } catch (error) {
    parentPort.postMessage(String(error));
    return;
  }
  for (let i = 0; i < count; i++) parentPort.postMessage([i, String(call(i))]);
});
`;

const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, codeRangeSizeMb: 16, stackSizeMb: 2 };

export interface NodeRunner extends CodeRunner {
  /** Ends the worker; the process does not wait for it either way. */
  dispose(): Promise<void>;
}

/** @param limitMs for one program with all its inputs. What was done before counts; the rest is a timeout. */
export function createNodeRunner(limitMs = 1000): NodeRunner {
  let worker: Worker | undefined;
  const turns = new Turns();

  async function run(program: Program, inputs: readonly (readonly unknown[])[]): Promise<readonly Outcome[]> {
    if (isRefused(program)) return allFailed(inputs, "refused");
    worker ??= await start();
    const { outcomes, alive } = await execute(worker, harness(program, inputs, newSeal()), inputs, limitMs);
    if (!alive) worker = undefined;
    return outcomes;
  }

  return {
    run(program, inputs, stop) {
      return turns.take(() => {
        stop?.throwIfAborted();
        return run(program, inputs);
      });
    },
    async dispose() {
      await turns.take(() => undefined);
      await worker?.terminate();
      worker = undefined;
    },
  };
}

async function start(): Promise<Worker> {
  const worker = new Worker(WORKER, { eval: true, env: {}, argv: [], execArgv: [], resourceLimits: LIMITS });
  await once(worker, "online");
  // One that was killed may still report that its memory ran out.
  worker.on("error", () => undefined);
  worker.unref();
  return worker;
}

function execute(
  worker: Worker,
  script: string,
  inputs: readonly unknown[],
  limitMs: number,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly alive: boolean }> {
  return new Promise((resolve) => {
    const outcomes = allFailed(inputs, "timeout");
    let done = 0;
    const finish = (all: readonly Outcome[], alive: boolean) => {
      clearTimeout(timer);
      worker.off("message", heard).off("error", crashed);
      if (alive) worker.unref();
      else void worker.terminate();
      resolve({ outcomes: all, alive });
    };
    const timer = setTimeout(() => {
      finish(outcomes, false);
    }, limitMs);
    const heard = (message: string | readonly [number, string]) => {
      if (typeof message === "string") {
        finish(allThrew(inputs, message), true);
        return;
      }
      const [i, outcome] = message;
      outcomes[i] = readOutcome(outcome) ?? { type: "failed", why: "crashed" };
      if (++done === inputs.length) finish(outcomes, true);
    };
    const crashed = () => {
      finish([...outcomes.slice(0, done), ...allFailed(inputs.slice(done), "crashed")], false);
    };
    worker.on("message", heard).on("error", crashed);
    worker.ref();
    worker.postMessage({ script, count: inputs.length });
  });
}
