/** @file The symbolic checker in a browser. Its worker, with a megabyte of algebra, is fetched when the first pair needs it. */
import { createChecker, type DisposableChecker } from "./checker.ts";

export function createBrowserChecker(limitMs?: number): DisposableChecker {
  return createChecker((listener) => {
    const worker = new Worker(new URL("./compute-engine.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<null | { readonly equal: boolean | null }>) => {
      if (data === null) listener.ready();
      else listener.verdict(data.equal);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      listener.broke();
    };
    return {
      send(pair) {
        worker.postMessage(pair);
      },
      kill() {
        worker.terminate();
      },
    };
  }, limitMs);
}
