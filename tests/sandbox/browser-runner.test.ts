/** @file The browser's runner over frames that a test plays: what it believes, what it waits for, when it takes another frame. Real frames are in tests/browser. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBrowserRunner } from "../../src/sandbox/browser-runner.ts";
import type { FrameMessage, FrameOrder } from "../../src/sandbox/frame.ts";
import type { FrameHost } from "../../src/sandbox/frame-host.ts";
import type { Outcome } from "../../src/verify/code/outcome.ts";

/** What one program's worker does; the seal is read from its script, which no program can. */
interface Played {
  readonly seal: string;
  readonly said: (data: unknown) => void;
  readonly broke: (why: string) => void;
  readonly ended: () => void;
}
type Play = (played: Played) => void;

const LIMIT_MS = 200;
let open: number[];
let closed: number[];
let ports: MessagePort[];

beforeEach(() => {
  [open, closed, ports] = [[], [], []];
});
afterEach(() => {
  vi.useRealTimers();
  for (const port of ports) port.close();
});

/** @param plays what the programs do, in order; undefined is a frame that is dead. @param onEnd whether a frame says that a program is gone. */
function host(plays: (Play | undefined)[], answersEnd = true): FrameHost {
  return {
    open(port) {
      const id = open.length + 1;
      open.push(id);
      ports.push(port);
      port.onmessage = ({ data: [n, script] }: MessageEvent<FrameOrder>) => {
        const post = (message: FrameMessage) => {
          port.postMessage(message);
        };
        if (script === null) {
          if (answersEnd) post([n, "ended"]);
          return;
        }
        plays.shift()?.({
          seal: /send\(\["(\w+)"/.exec(script)![1]!,
          said: (data) => {
            post([n, "said", data]);
          },
          broke: (why) => {
            post([n, "broke", why]);
          },
          ended: () => {
            post([n, "ended"]);
          },
        });
      };
      return () => closed.push(id);
    },
  };
}

const program = { name: "f", parameters: ["list"], source: "function f(list) {}" };
const one = '{"type":"value","value":1}';
const value: Outcome = { type: "value", value: 1 };
const right: Play = ({ seal, said }) => {
  said([seal, -1, ""]);
  said([seal, 0, one]);
};
const run = (frames: FrameHost, inputs: readonly (readonly unknown[])[] = [[[]]]) => {
  const runner = createBrowserRunner(frames, LIMIT_MS);
  return { runner, outcomes: runner.run(program, inputs) };
};

test("what the harness says is believed, and the frame is kept until the runner rests", async () => {
  const { runner, outcomes } = run(host([right, right]));
  expect(await outcomes).toEqual([value]);
  expect(await runner.run(program, [[[]]])).toEqual([value]);
  expect([open, closed]).toEqual([[1], []]);
  runner.rest();
  expect(closed).toEqual([1]);
});

test("what anyone else says is not: without the seal, out of turn, twice, or of another shape", async () => {
  const forged: Play = ({ seal, said }) => {
    const wrong = '{"type":"value","value":"forged"}';
    for (const message of ["ready", null, [], [0, wrong], ["s1", -1, ""], ["s1", 0, wrong], { 0: seal, 1: -1, 2: "", length: 3 }]) said(message); // prettier-ignore
    said([seal, 0, wrong]);
    said([seal, -1, ""]);
    for (const message of [[seal, 1, wrong], [seal, -1, wrong], [seal, "0", wrong], [seal, 0, wrong, 0], [seal, 0, "nonsense"], [seal, 0, '{"type":"failed","why":"none"}'], [seal, 0, { type: "value" }]]) said(message); // prettier-ignore
    said([seal, 0, one]);
    said([seal, 0, wrong]);
    said([seal, 1, one]);
    said([seal, 2, wrong]);
  };
  const { outcomes } = run(host([forged]), [[[]], [[]]]);
  expect(await outcomes).toEqual([value, value]);
});

test("a program that is late is ended; what it had said by then counts, and its frame goes", async () => {
  const late: Play = ({ seal, said }) => {
    said([seal, -1, ""]);
    said([seal, 0, one]);
  };
  const { outcomes } = run(host([late]), [[[]], [[]], [[]]]);
  expect(await outcomes).toEqual([value, { type: "failed", why: "timeout" }, { type: "failed", why: "timeout" }]);
  expect(closed).toEqual([1]);
});

test("a page that was busy turns no quick program into a timeout: what it held up comes before the end", async () => {
  // The frame is held up: it answers the order to end only after all that its worker had said.
  let held: Played | undefined;
  const frames = host([(played) => { played.said([played.seal, -1, ""]); held = played; }], false); // prettier-ignore
  const { outcomes } = run(frames);
  await new Promise((later) => setTimeout(later, LIMIT_MS + 150));
  held!.said([held!.seal, 0, one]);
  held!.ended();
  expect(await outcomes).toEqual([value]);
});

test("a worker that breaks: before it began the text did not parse, afterwards it crashed", async () => {
  const unread = run(host([({ broke }) => { broke("Uncaught SyntaxError: no"); }, right])); // prettier-ignore
  expect(await unread.outcomes).toEqual([{ type: "threw", error: "Uncaught SyntaxError: no" }]);
  expect(await unread.runner.run(program, [[[]]])).toEqual([value]);
  expect(open).toEqual([1]);
  const crashing: Play = (played) => {
    right(played);
    played.broke("out of memory");
  };
  const { outcomes } = run(host([crashing]), [[[]], [[]]]);
  expect(await outcomes).toEqual([value, { type: "failed", why: "crashed" }]);
  expect(closed).toEqual([2]);
});

test("a dead frame is no fault of the program: another is made, and if that is dead too, it is said", async () => {
  vi.useFakeTimers();
  const { outcomes } = run(host([undefined, right]));
  await vi.advanceTimersByTimeAsync(20_000);
  vi.useRealTimers();
  expect(await outcomes).toEqual([value]);
  expect([open, closed]).toEqual([[1, 2], [1]]);

  vi.useFakeTimers();
  const dead = run(host([undefined, undefined]));
  const said = expect(dead.outcomes).rejects.toThrow(/did not start.*Reload/);
  await vi.advanceTimersByTimeAsync(40_000);
  await said;
});

test("a program that is refused opens no frame; a stop that was asked for is thrown", async () => {
  const runner = createBrowserRunner(host([]), LIMIT_MS);
  expect(await runner.run({ ...program, source: 'import "x";' }, [[]])).toEqual([{ type: "failed", why: "refused" }]);
  expect(await runner.run({ ...program, name: "f); evil(" }, [[]])).toEqual([{ type: "failed", why: "refused" }]);
  const controller = new AbortController();
  controller.abort(new Error("asked for"));
  await expect(runner.run(program, [[]], controller.signal)).rejects.toThrow("asked for");
  expect(open).toEqual([]);
});
