/** @file `npm run verify -- code`: pairs of programs from standard input, each compared by what it does in Chromium's sandbox. A line of JSON for each line. */
import { createInterface } from "node:readline";
import type { CodeRunner } from "../src/cat/models.ts";
import { type Comparison, comparePrograms } from "../src/verify/code/compare.ts";
import { signatureParameters } from "../src/verify/code/signature.ts";
import { flag, noWords, parseOptions } from "./options.ts";

/** @returns the exit status: 0 also when lines were bad, which say so themselves. */
export async function verifyCode(argv: readonly string[]): Promise<number> {
  // It prints JSON either way.
  noWords(parseOptions(argv, { json: flag() }).words);
  // Not before the options are right: it brings Vite and a browser.
  const { openSandboxPage } = await import("./sandbox-page.ts");
  const { runner, close } = await openSandboxPage();
  try {
    for await (const line of createInterface({ input: process.stdin })) {
      console.log(JSON.stringify(await compareLine(line, runner)));
    }
  } finally {
    await close();
  }
  return 0;
}

/** @param line `{"a", "b", "signature"?, "inputs"?}`. @returns what is wrong with a bad one. */
export async function compareLine(line: string, runner: CodeRunner): Promise<Comparison | { readonly error: string }> {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch (error) {
    return { error: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return { error: 'not an object: it takes {"a", "b", "signature"?, "inputs"?}' };
  const { a, b, signature, inputs } = given as Readonly<Record<string, unknown>>;
  if (typeof a !== "string") return { error: '"a" is no text: it takes a program' };
  if (typeof b !== "string") return { error: '"b" is no text: it takes a program' };
  const parameters = readSignature(signature);
  if (parameters === undefined) return { error: '"signature" is not one: it takes a text such as "f(list, n)"' };
  const lists = inputs ?? null;
  if (!isInputs(lists)) return { error: '"inputs" are none: it takes a list of argument lists such as [[[1, 2], 3]]' };
  return comparePrograms(fenced(a), fenced(b), runner, { parameters, inputs: lists });
}

/** A bare program, as a block of an answer: with its helpers, and whatever way its function is written. */
function fenced(text: string): string {
  const bare = /^\s*(?:\/[/*]|"use strict"|(?:export\s+|async\s+)*(?:function|const|let|var|class)\b)/.test(text);
  return bare && !text.includes("```") ? `\`\`\`js\n${text}\n\`\`\`` : text;
}

/** @returns null where there is none, undefined where it is not one. */
function readSignature(signature: unknown): readonly string[] | null | undefined {
  if (signature === undefined || signature === null) return null;
  return typeof signature === "string" ? signatureParameters(signature) : undefined;
}

function isInputs(inputs: unknown): inputs is readonly (readonly unknown[])[] | null {
  return inputs === null || (Array.isArray(inputs) && inputs.every((input) => Array.isArray(input)));
}
