/**
 * @file The document in which programs run: a frame without an origin, whose one script starts a fresh worker for each program.
 * Text, because a `srcdoc` works offline where an address would not. Who makes the frame is in frame-host.ts, who talks to it in browser-runner.ts.
 */

/** From the frame, about program n: what its worker said; why the worker broke; that it is gone and has said all it will. */
export type FrameMessage =
  | readonly [n: number, kind: "said", data: unknown]
  | readonly [n: number, kind: "broke", why: string]
  | readonly [n: number, kind: "ended"];

/** To the frame: run this script as program n, or end it. At most one program runs at a time: the next ends the one before. */
export type FrameOrder = readonly [n: number, script: string | null];

/**
 * Takes one port, from whoever made the frame, and nothing after it. A program has no way to this script: what its worker says comes wrapped.
 * Not a module worker: Chromium 156 tells nobody when one does not parse, and small models often write such programs.
 */
const SCRIPT = `"use strict";
onmessage = ({ ports: [port] }) => {
  onmessage = null;
  let end = () => {};
  port.onmessage = ({ data: [n, script] }) => {
    end();
    if (script === null) return;
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const worker = new Worker(url);
    worker.onmessage = ({ data }) => port.postMessage([n, "said", data]);
    worker.onerror = (event) => {
      event.preventDefault();
      port.postMessage([n, "broke", String(event.message)]);
    };
    end = () => {
      end = () => {};
      worker.onmessage = worker.onerror = null;
      worker.terminate();
      URL.revokeObjectURL(url);
      port.postMessage([n, "ended"]);
    };
  };
};`;

/** What a page's content security policy must allow as a script, since a `srcdoc` obeys the policy of its page as well as its own. */
export async function frameScriptSource(): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(SCRIPT)));
  return `'sha256-${btoa(String.fromCharCode(...hash))}'`;
}

/** The frame's own policy goes on to its workers. It holds where a page has none or a wider one: no connection at all, no script but this one. */
export async function frameDocument(): Promise<string> {
  const policy = `default-src 'none'; script-src ${await frameScriptSource()}; worker-src blob:; base-uri 'none'; form-action 'none'`;
  return `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><script>${SCRIPT}</script>`;
}
