/** @file Names for two trainings that are compared: what they differ in, and nothing else. */
import type { RunHeader } from "../../run/event.ts";
import { dateText } from "../numbers.ts";

export interface Names {
  readonly own: string;
  readonly other: string;
}

/** "this training (seed 1)" and "the other (seed 2)"; of two that were chosen alike, when they began. */
export function namesOf(own: RunHeader | undefined, other: RunHeader | undefined): Names {
  const [mine, theirs] = [chosen(own), chosen(other)];
  const differing = Object.keys(mine).filter((name) => mine[name] !== theirs[name]);
  const said = (choices: Readonly<Record<string, string>>, header: RunHeader | undefined): string => {
    if (header === undefined) return "";
    const words = differing.map((name) => `${name} ${choices[name]}`).join(", ");
    return ` (${words === "" ? dateText(header.startedAt) : words})`;
  };
  return { own: `this training${said(mine, own)}`, other: `the other${said(theirs, other)}` };
}

function chosen(header: RunHeader | undefined): Readonly<Record<string, string>> {
  const { training } = header ?? {};
  return {
    domain: header?.domain ?? "none",
    seed: String(header?.seed),
    G: String(header?.groupSize),
    ...{ tasks: String(training?.tasks), KL: String(training?.kl), "learning rate": String(training?.learningRate) },
    reference: training?.aggregator ?? "",
    "rubric from": training?.rubricFrom ?? "",
    ...{ anchor: training?.anchor ?? "", reward: training?.reward ?? "" },
    "length penalty": String(header?.lengthPenalty ?? "none"),
  };
}
