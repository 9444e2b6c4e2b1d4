/** @file The symbolic checker in Node, for the command line and for tests. The process does not wait for its worker. */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { createChecker, type DisposableChecker } from "./checker.ts";

/** The twin of compute-engine.worker.ts, as text: Node 20 starts no TypeScript in a worker. */
const WORKER = `
const { parentPort, workerData } = require("node:worker_threads");
const { ComputeEngine } = require(workerData);
const engine = new ComputeEngine();
const prove = (a, b) => {
  try {
    const [x, y] = [engine.parse(a), engine.parse(b)];
    return x.isValid && y.isValid ? (x.isIdenticallyEqual(y) ?? null) : null;
  } catch {
    return null;
  }
};
parentPort.on("message", ([a, b]) => parentPort.postMessage({ equal: prove(a, b) }));
prove("x^2-1", "(x-1)(x+1)");
parentPort.postMessage(null);
`;

export function createNodeChecker(limitMs?: number): DisposableChecker {
  return createChecker((listener) => {
    const engine = createRequire(import.meta.url).resolve("@cortex-js/compute-engine");
    const worker = new Worker(WORKER, {
      eval: true,
      workerData: engine,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.unref();
    worker.on("message", (data: null | { readonly equal: boolean | null }) => {
      if (data === null) listener.ready();
      else listener.verdict(data.equal);
    });
    worker.on("error", () => {
      listener.broke();
    });
    worker.on("exit", () => {
      listener.broke();
    });
    return {
      send(pair) {
        worker.postMessage(pair);
      },
      kill() {
        void worker.terminate();
      },
    };
  }, limitMs);
}
