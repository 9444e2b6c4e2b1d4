/** @file Table: hostile programs in the browser's sandbox. Are they judged right, do they reach anything, and does the page stay free meanwhile? */
import { HOSTILE, judgeHostile } from "../hostile.ts";
import { openSandboxPage } from "../sandbox-page.ts";
import { setTrap } from "../trap.ts";
import type { Table } from "./entry.ts";
import { type Longest, longest, readTrace } from "./trace.ts";
import { markdownTable } from "./table.ts";

/** What a busy page would show, so that a probe that sees nothing would be noticed. */
const CONTROL_MS = 80;

interface Sandbox {
  readonly programs: number;
  readonly right: number;
  readonly wrong: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** On the page's main thread. */
  readonly script: Longest;
  readonly task: Longest;
  /** Between two animation frames. */
  readonly longestFrameMs: number;
  /** The longest script when the page was kept busy on purpose for {@link CONTROL_MS}. */
  readonly control: Longest;
}

export const sandbox: Table<Sandbox> = {
  name: "sandbox",
  title: "Hostile programs",
  command: "npm run results -- sandbox",
  inputs: ["src/sandbox", "src/verify/code", "scripts/sandbox-page", "tests/fixtures/hostile.jsonl"],
  async measure(log) {
    const trap = await setTrap();
    const { page, evaluate, runner, close } = await openSandboxPage({ webgpu: true });
    try {
      const trace = async (work: () => Promise<unknown>) => {
        const browser = page.context().browser()!;
        await browser.startTracing(page, {
          categories: ["devtools.timeline", "disabled-by-default-devtools.timeline"],
        });
        await work();
        return readTrace(await browser.stopTracing(), page.url());
      };
      const wrong: string[] = [];
      let longestFrameMs = 0;
      const start = performance.now();
      const events = await trace(async () => {
        await evaluate("watchFrames()");
        for (const hostile of HOSTILE) {
          const { equal, failure } = await judgeHostile(hostile, runner, trap.url);
          if (equal !== hostile.equal || ![hostile.failure].flat().includes(failure)) wrong.push(hostile.id);
        }
        longestFrameMs = (await evaluate("longestFrame")) as number;
      });
      const seconds = (performance.now() - start) / 1000;
      log(`${HOSTILE.length} programs in ${seconds.toFixed(0)} s`);
      const control = await trace(() => evaluate(`keepBusy(${CONTROL_MS})`));
      const data: Sandbox = {
        programs: HOSTILE.length,
        right: HOSTILE.length - wrong.length,
        wrong,
        connections: trap.connections(),
        seconds,
        script: longest(events, "script"),
        task: longest(events, "task"),
        longestFrameMs,
        control: longest(control, "script"),
      };
      return { data, errors: [] };
    } finally {
      await close();
      trap.close();
    }
  },
  write(data) {
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    const row = (what: string, { worked, took }: Longest) => [what, ms(worked), ms(took)];
    return [
      `${data.programs} programs (tests/fixtures/hostile.jsonl), each followed by an honest one, in ${data.seconds.toFixed(0)} s in Chromium: ${data.right}/${data.programs} judged right, ${data.connections} connections to a server that counts them. On the page's main thread meanwhile; the budget is 50 ms of own script a frame. A machine with other work takes longer by the clock than the processor works.`,
      markdownTable(
        ["longest", "processor", "clock"],
        [
          row("script", data.script),
          row("task, the browser's own work included", data.task),
          ["time between two frames", "–", ms(data.longestFrameMs)],
          row(`script, the page kept busy for ${CONTROL_MS} ms on purpose`, data.control),
        ],
      ),
      ...(data.wrong.length > 0 ? [`Judged wrongly: ${data.wrong.join(", ")}.`] : []),
    ].join("\n\n");
  },
};
