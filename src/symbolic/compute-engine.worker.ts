/** @file The worker that holds @cortex-js/compute-engine in a browser: says null when it is ready, then one verdict a pair. node-checker.ts has its twin. */
import { ComputeEngine } from "@cortex-js/compute-engine";

const engine = new ComputeEngine();

/** Only what it parsed without complaint counts. Whatever it throws means: cannot tell. */
function prove(a: string, b: string): boolean | null {
  try {
    const [x, y] = [engine.parse(a), engine.parse(b)];
    return x.isValid && y.isValid ? (x.isIdenticallyEqual(y) ?? null) : null;
  } catch {
    return null;
  }
}

self.onmessage = ({ data: [a, b] }: MessageEvent<readonly [string, string]>) => {
  self.postMessage({ equal: prove(a, b) });
};

// The first pair costs half a second of set-up, which is no pair's fault.
prove("x^2-1", "(x-1)(x+1)");
self.postMessage(null);
