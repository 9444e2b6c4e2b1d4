/** @file What an engine does otherwise than asked, on standard error: for benchmarks, which ask the same again and again. For runs: print-run.ts. */
const said = new Set<string>();

/** Each message once. */
export function sayNotice(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  console.error(`Notice: ${message}`);
}
