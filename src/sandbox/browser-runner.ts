/**
 * @file Runs programs in a browser: each in a fresh worker inside a frame without an origin, killed when it takes too long.
 * Works in a page and in a worker; which of them makes the frame is the {@link FrameHost}'s business. The walls are listed in docs/decisions/0013-sandbox.md.
 */
import type { CodeRunner } from "../cat/models.ts";
import { Turns } from "../cat/turns.ts";
import type { Program } from "../verify/code/extract.ts";
import type { FrameMessage, FrameOrder } from "./frame.ts";
import type { FrameHost } from "./frame-host.ts";
import { allFailed, harness, isRefused, newSeal } from "./harness.ts";
import { Reading } from "./reading.ts";
import type { Outcome } from "../verify/code/outcome.ts";

/** A frame and a worker that have not begun by then never will. */
const START_MS = 20_000;
/** A frame that does not say within this time that a program is gone is gone itself. */
const END_MS = 5_000;

export interface BrowserRunner extends CodeRunner {
  /** Removes the frame, and with it whatever a program may have left. The next program gets another. */
  rest(): void;
}

/**
 * One program at a time, in the order they are given. They share a frame until one of them is killed or breaks, or until the runner rests.
 * @param limitMs for one program with all its inputs, from when it begins. What was done before counts; the rest is a timeout.
 */
export function createBrowserRunner(frames: FrameHost, limitMs = 1000): BrowserRunner {
  let frame: Frame | undefined;
  const turns = new Turns();

  function rest(): void {
    frame?.close();
    frame = undefined;
  }

  async function run(program: Program, inputs: readonly (readonly unknown[])[]): Promise<readonly Outcome[]> {
    if (isRefused(program)) return allFailed(inputs, "refused");
    for (let attempt = 1; attempt <= 2; attempt++) {
      frame ??= new Frame(frames);
      const seal = newSeal();
      const reading = new Reading(inputs, seal);
      const began = await frame.execute(harness(program, inputs, seal), reading, limitMs);
      // A worker that had to be killed, and the ones that it may have started, go with their frame.
      if (!reading.whole) rest();
      if (began) return reading.outcomes();
      // What an earlier program did to the process of the frame is no fault of this one's.
    }
    throw new Error(
      `The sandbox for programs did not start within ${START_MS / 1000} s, twice. Reload the page; if that does not help, something here forbids frames or workers.`,
    );
  }

  return {
    run(program, inputs, stop) {
      return turns.take(() => {
        stop?.throwIfAborted();
        return run(program, inputs);
      });
    },
    rest,
  };
}

/** One frame, from this side of its port. */
class Frame {
  readonly #port: MessagePort;
  readonly #remove: () => void;
  #programs = 0;

  constructor(frames: FrameHost) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#remove = frames.open(port2);
  }

  /** @returns whether the program began; false means that the frame is of no use. */
  execute(script: string, reading: Reading, limitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const n = ++this.#programs;
      const order = (text: string | null) => {
        this.#port.postMessage([n, text] satisfies FrameOrder);
      };
      const finish = () => {
        clearTimeout(timer);
        this.#port.onmessage = null;
        resolve(reading.began);
      };
      const end = () => {
        clearTimeout(timer);
        // What it has said may still be on its way, however long the page is busy: the answer comes behind it.
        timer = setTimeout(finish, END_MS);
        order(null);
      };
      let timer = setTimeout(finish, START_MS);
      this.#port.onmessage = ({ data }: MessageEvent<FrameMessage>) => {
        if (data[0] !== n) return;
        if (data[1] === "ended") {
          finish();
          return;
        }
        const before = reading.began;
        if (data[1] === "said") reading.take(data[2]);
        else reading.broke(data[2]);
        if (reading.whole || data[1] === "broke") end();
        else if (!before && reading.began) {
          clearTimeout(timer);
          timer = setTimeout(end, limitMs);
        }
      };
      order(script);
    });
  }

  close(): void {
    this.#port.close();
    this.#remove();
  }
}
