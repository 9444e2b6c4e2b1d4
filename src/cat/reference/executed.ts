/** @file Synthesis that is run before it is believed. Ours, not the paper's: what a program does can be looked at without knowing the task. */
import type { GroupEvent } from "../../run/event.ts";
import { makeInputs } from "../../verify/code/inputs.ts";
import { gaveValue } from "../../verify/code/outcome.ts";
import { finalProgram } from "../answer.ts";
import type { CodeRunner, LanguageModel, Stop } from "../models.ts";
import type { CatOptions } from "../options.ts";
import type { Group, Reference } from "../types.ts";
import { synthesizeAgain } from "./synthesis.ts";

/**
 * The reference if its function gives a value on some input; else one more attempt of the anchor, at a temperature.
 * @param reference the synthesis of the group. A second anchor call is made only when it does not run.
 * @returns null when the second does not run either.
 */
export async function* synthesizeExecuted(
  reference: Reference,
  group: Group,
  anchor: LanguageModel,
  runner: CodeRunner,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, Reference | null> {
  if (await runs(reference, runner, options.seed, stop)) return { ...reference, aggregator: "synthesisExecuted" };
  const again = yield* synthesizeAgain(group, anchor, options, stop);
  return (await runs(again, runner, options.seed, stop)) ? again : null;
}

async function runs(reference: Reference, runner: CodeRunner, seed: number, stop?: Stop): Promise<boolean> {
  const program = finalProgram(reference);
  return program !== null && gaveValue(await runner.run(program, makeInputs(program.parameters, seed), stop));
}
