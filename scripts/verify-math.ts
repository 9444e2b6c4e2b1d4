/** @file Pairs of answers as JSON lines, compared one after another. A line out for each line in, in order; a bad line gives its error and stops nothing. */
import { createInterface } from "node:readline";
import * as v from "valibot";
import { createNodeChecker } from "../src/symbolic/node-checker.ts";
import type { SymbolicChecker } from "../src/verify/math/settle.ts";
import { equivalentAnswers } from "../src/verify/math/verdict.ts";

export interface VerifyOptions {
  readonly paperExact: boolean;
  readonly acceptAlternative: boolean;
}

const PAIR = v.object({ a: v.string(), b: v.string() });

/** Ends when the input has ended. */
export async function verifyMath(
  input: NodeJS.ReadableStream,
  print: (line: string) => void,
  options: VerifyOptions,
): Promise<void> {
  const symbolic = createNodeChecker();
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      print(JSON.stringify(await verifyLine(line, { ...options, symbolic })));
    }
  } finally {
    symbolic.dispose();
  }
}

async function verifyLine(line: string, options: VerifyOptions & { readonly symbolic: SymbolicChecker }) {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch {
    return { error: 'the line is no JSON: it takes {"a": "…", "b": "…"}' };
  }
  const pair = v.safeParse(PAIR, given);
  if (!pair.success) {
    const { path, message } = pair.issues[0];
    return {
      error: `${v.getDotPath(pair.issues[0]) ?? (path === undefined ? "the line" : "a field")}: ${message}. It takes {"a": "…", "b": "…"}`,
    };
  }
  const start = performance.now();
  const { equal, rule, a, b, second } = await equivalentAnswers(pair.output.a, pair.output.b, options);
  return { equal, rule, a, b, second, ms: Math.round((performance.now() - start) * 1000) / 1000 };
}
