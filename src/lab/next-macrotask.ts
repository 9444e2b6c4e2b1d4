/** @file Lets the worker hear its page: on wasm, work is long synchronous calls that resolve in microtasks, and no message comes between. No timer, which a hidden tab slows down. */

export function nextMacrotask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
