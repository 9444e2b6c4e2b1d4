/** @file The symbolic checker in a browser. Its worker, with a megabyte of algebra, is fetched when the first pair needs it. */
import { createChecker, type DisposableChecker } from "./checker.ts";
import workerAddress from "./compute-engine.worker.ts?worker&url";

/** @param start a module worker by its address, relative to that of a module */
export function createBrowserChecker(start: (address: string, from: string) => Worker): DisposableChecker {
  return createChecker((listener) => {
    const worker = start(workerAddress, import.meta.url);
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
  });
}
