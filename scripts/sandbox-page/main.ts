/** @file The page that runs programs in a browser's sandbox and does nothing else. Not part of the product; scripts/sandbox-page.ts builds and opens it. */
import type { FrameMessage, FrameOrder } from "../../src/sandbox/frame.ts";
import { answerFrames, documentFrames } from "../../src/sandbox/frame-host.ts";
import type { Program } from "../../src/verify/code/extract.ts";
import type { Outcome } from "../../src/verify/code/outcome.ts";
import type { Call, Reply } from "./worker.ts";

declare global {
  var runProgram: (program: Program, inputs: readonly (readonly unknown[])[]) => Promise<readonly Outcome[]>;
  /**
   * Runs a script in a frame's worker without the harness, to see what the other walls hold. It ends by posting an array.
   * @param frame the same name for the same frame.
   * @returns the array; null when it has not come in time.
   */
  var runBare: (script: string, frame: string, limitMs: number) => Promise<readonly unknown[] | null>;
  /** Begins to keep the longest time between two animation frames, in milliseconds. */
  var watchFrames: () => void;
  var longestFrame: number;
  /** Works without a pause in a task of its own, as a page that is busy would. */
  var keepBusy: (forMs: number) => Promise<void>;
}

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const answers = answerFrames(documentFrames());
const waiting: ((reply: Exclude<Reply, { frame: unknown }>) => void)[] = [];
worker.onmessage = ({ data }: MessageEvent<Reply>) => {
  if ("frame" in data) answers.take(data.frame);
  else waiting[data.call]?.(data);
};
globalThis.runProgram = (program, inputs) =>
  new Promise((resolve, reject) => {
    const call = waiting.length;
    waiting.push((reply) => {
      if ("outcomes" in reply) resolve(reply.outcomes);
      else reject(new Error(reply.error));
    });
    worker.postMessage({ call, program, inputs } satisfies Call);
  });

const frames = new Map<string, { readonly port: MessagePort; scripts: number }>();
globalThis.runBare = (script, name, limitMs) => {
  let frame = frames.get(name);
  if (frame === undefined) {
    const { port1, port2 } = new MessageChannel();
    documentFrames().open(port2);
    frame = { port: port1, scripts: 0 };
    frames.set(name, frame);
  }
  const n = ++frame.scripts;
  const { port } = frame;
  port.postMessage([n, script] satisfies FrameOrder);
  return new Promise((resolve) => {
    const finish = (said: readonly unknown[] | null) => {
      clearTimeout(timer);
      port.postMessage([n, null] satisfies FrameOrder);
      resolve(said);
    };
    const timer = setTimeout(finish, limitMs, null);
    port.onmessage = ({ data: [of, kind, said] }: MessageEvent<FrameMessage>) => {
      if (of !== n) return;
      if (kind === "broke") finish([said]);
      if (kind === "said" && Array.isArray(said)) finish(said);
    };
  });
};

globalThis.watchFrames = () => {
  globalThis.longestFrame = 0;
  let before = performance.now();
  const frame = (now: number) => {
    globalThis.longestFrame = Math.max(globalThis.longestFrame, now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};

globalThis.keepBusy = (forMs) =>
  new Promise((resolve) => {
    setTimeout(() => {
      for (const end = performance.now() + forMs; performance.now() < end;);
      resolve();
    }, 0);
  });
