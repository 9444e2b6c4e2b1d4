/** @file What ran on a page's main thread, read from a trace of Chromium's. Tasks and scripts alone. */

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds, by the clock. */
  readonly dur?: number;
  /** Microseconds, of the processor. */
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly data?: { readonly frames?: readonly { readonly url: string; readonly processId?: number }[] };
  };
}

const NAMES = {
  script: ["FunctionCall", "EvaluateScript", "v8.compile", "FireAnimationFrame", "TimerFire"],
  task: ["RunTask"],
};

/** @returns the events of the main thread of the process that shows the address. @throws when the trace has none. */
export function readTrace(trace: Buffer, url: string): readonly TraceEvent[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const pid = traceEvents.flatMap(({ args }) => args.data?.frames ?? []).find((frame) => frame.url === url)?.processId;
  const main = traceEvents.find(
    (e) => e.pid === pid && e.name === "thread_name" && e.args.name === "CrRendererMain",
  )?.tid;
  if (main === undefined) throw new Error(`the trace has no main thread of ${url}`);
  return traceEvents.filter((e) => e.pid === pid && e.tid === main);
}

/** In milliseconds; 0 when there was none. */
export interface Longest {
  /** Of the processor: the work itself. */
  readonly worked: number;
  /** By the clock: with the time in which the machine did other work. */
  readonly took: number;
}

export function longest(events: readonly TraceEvent[], of: keyof typeof NAMES): Longest {
  const named = events.filter(({ name }) => NAMES[of].includes(name));
  const max = (values: readonly number[]) => Math.max(0, ...values) / 1000;
  return { worked: max(named.map(({ tdur = 0 }) => tdur)), took: max(named.map(({ dur = 0 }) => dur)) };
}
