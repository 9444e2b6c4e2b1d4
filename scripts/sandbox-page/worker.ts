/** @file Stands for the lab's worker on the sandbox page: programs are asked for in here, and the page makes the frames. */
import { createBrowserRunner } from "../../src/sandbox/browser-runner.ts";
import { type FrameRequest, remoteFrames } from "../../src/sandbox/frame-host.ts";
import type { Program } from "../../src/verify/code/extract.ts";
import type { Outcome } from "../../src/verify/code/outcome.ts";

export interface Call {
  readonly call: number;
  readonly program: Program;
  readonly inputs: readonly (readonly unknown[])[];
}
export type Reply =
  | { readonly frame: FrameRequest }
  | { readonly call: number; readonly outcomes: readonly Outcome[] }
  | { readonly call: number; readonly error: string };

const runner = createBrowserRunner(
  remoteFrames((frame, transfer) => {
    self.postMessage({ frame } satisfies Reply, { transfer });
  }),
);

self.onmessage = ({ data: { call, program, inputs } }: MessageEvent<Call>) => {
  runner.run(program, inputs).then(
    (outcomes) => {
      self.postMessage({ call, outcomes } satisfies Reply);
    },
    (error: unknown) => {
      self.postMessage({ call, error: String(error) } satisfies Reply);
    },
  );
};
