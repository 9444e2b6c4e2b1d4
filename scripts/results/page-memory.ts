/** @file Memory of a browser's pages and of its GPU process, from /proc (Linux alone): what each has to itself, and its share of what several have. */
import { readdirSync, readFileSync } from "node:fs";

/** Bytes; watches until `stop` is called. @returns with the most there was */
export function watchMemory(): { readonly before: number; stop(): number } {
  const before = pageMemory();
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, pageMemory())), 50);
  return {
    before,
    stop() {
      clearInterval(timer);
      return Math.max(peak, pageMemory());
    },
  };
}

/** Bytes, of the renderers and the GPU process among the descendants of this process. */
function pageMemory(): number {
  return descendants(process.pid)
    .filter((pid) => /--type=(renderer|gpu-process)/.test(read(`/proc/${pid}/cmdline`)))
    .reduce((sum, pid) => sum + shareOf(pid), 0);
}

function descendants(of: number): number[] {
  const parents = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // The name in parentheses may have spaces; the parent comes second after it.
    const parent = Number(
      read(`/proc/${name}/stat`)
        .replace(/^.*\) /s, "")
        .split(" ")[1],
    );
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => (parents.get(pid) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(of);
}

function shareOf(pid: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`)) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}

/** Nothing of a process that is gone. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
