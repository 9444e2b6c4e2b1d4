/** @file Marks answers against the label of an item with one right answer, in the way of its kind. Draws no table. Advice has a reading instead (advice/reading.ts). */
import { finalAnswer, finalProgram, type Written } from "../cat/answer.ts";
import type { CodeRunner, Stop } from "../cat/models.ts";
import { majority, majorityOfBehaviour } from "../cat/reference/majority.ts";
import { rewardByEquivalence } from "../cat/reward/equivalence.ts";
import { rewardByTests } from "../cat/reward/tests.ts";
import type { Group, Reference, Reward } from "../cat/types.ts";
import { extractFunction } from "../verify/code/extract.ts";
import { makeInputs } from "../verify/code/inputs.ts";
import { gaveValue, type Outcome, sameOutcome } from "../verify/code/outcome.ts";
import { sameAnswer } from "../verify/math/equivalent.ts";
import type { AnswerItem } from "./item.ts";
import { result } from "./result.ts";

export interface Marking {
  /** Whether a text answers the item rightly. A text without an answer does not. */
  right(written: Written): Promise<boolean>;
  /** Whether two texts answer alike; two without an answer do. */
  same(a: Written, b: Written | null): Promise<boolean>;
  majority(group: Group): Promise<Reference | null>;
  /** What the method itself would pay: never told the label. @returns [G] */
  rewards(group: Group, reference: Reference): Promise<readonly Reward[]>;
}

/** @throws Error for code without a runner, and for a label whose function does not run. */
export async function markingFor(
  item: AnswerItem,
  runner: CodeRunner | null,
  seed: number,
  stop?: Stop,
): Promise<Marking> {
  const { task, label } = item;
  if (task.kind === "math") return markMath(label.answer);
  if (runner === null) throw new Error(`item ${task.id ?? ""} asks for a program: give the benchmark a code runner`);
  return markCode(item, runner, seed, stop);
}

function markMath(answer: string): Marking {
  const found = (written: Written | null) => (written === null ? null : finalAnswer(written));
  const same = (a: string | null, b: string | null) =>
    a === null || b === null ? a === b : sameAnswer(a, b).equal === true;
  return {
    right: (written) => Promise.resolve(found(written) !== null && same(found(written), answer)),
    same: (a, b) => Promise.resolve(same(found(a), found(b))),
    majority: (group) => Promise.resolve(majority(group)),
    rewards: (group, reference) => result(rewardByEquivalence(group, reference)),
  };
}

/** Behaviour on the inputs that the label's function has parameters for. Equal programs are run once. */
async function markCode({ task, label }: AnswerItem, runner: CodeRunner, seed: number, stop?: Stop): Promise<Marking> {
  const truth = extractFunction(label.answer);
  const inputs = makeInputs(truth?.parameters ?? [], seed);
  const known = new Map<string, Promise<readonly Outcome[]>>();
  const behaviour = (written: Written | null) => {
    const program = written && finalProgram(written);
    if (program === null) return null;
    const before = known.get(program.source) ?? runner.run(program, inputs, stop);
    known.set(program.source, before);
    return before;
  };
  const same = async (a: Written, b: Written | null) => {
    const [x, y] = [await behaviour(a), await behaviour(b)];
    return x === null || y === null ? x === y : x.every((outcome, i) => sameOutcome(outcome, y[i]!));
  };
  const key: Written = { text: label.answer, ended: "stop" };
  const right = await behaviour(key);
  if (right === null || !gaveValue(right))
    throw new Error(`the label of item ${task.id ?? ""} is no function that runs`);
  return {
    right: (written) => same(key, written),
    same,
    majority: (group) => majorityOfBehaviour(group, runner, seed, stop),
    rewards: (group, reference) => result(rewardByTests(group, reference, runner, seed, stop)),
  };
}
