/** @file The start of a training's log: what was chosen, and with what; and the choice out of it again. */
import { version } from "../../package.json" with { type: "json" };
import { ModelError } from "../cat/models.ts";
import type { RunEvent, RunHeader } from "../run/event.ts";
import { RUN_FORMAT } from "../run/event.ts";
import type { LoadedTraining } from "./loaded-training.ts";
import { type Domain, KIND_OF, type TrainingChoice } from "./protocol.ts";

export function headerOf(choice: TrainingChoice, { trainee, judge, adapter }: LoadedTraining): RunEvent {
  const { seed, rollouts, domain, lengthPenalty, ...training } = choice;
  const { policy, initialPolicy, sampling, maxTokens } = trainee;
  return {
    type: "run.started",
    format: RUN_FORMAT,
    app: `CaT Lab ${version}`,
    startedAt: new Date().toISOString(),
    kind: "train",
    seed,
    groupSize: rollouts,
    domain,
    item: null,
    sampling: { ...sampling, maxTokens },
    models: {
      policy: policy.record,
      anchor: training.anchor === "frozen" ? initialPolicy.record : policy.record,
      judge: judge?.record ?? null,
    },
    // The judge is a model of its own.
    judgeIndependent: judge !== null,
    adapter,
    ...(lengthPenalty === null ? {} : { lengthPenalty }),
    training,
  };
}

/** @throws {ModelError} `run-invalid` if it is no training of ours */
export function choiceOf({
  seed,
  groupSize: rollouts,
  domain,
  lengthPenalty = null,
  training,
}: RunHeader): TrainingChoice {
  if (training === undefined || domain === null || !Object.hasOwn(KIND_OF, domain)) {
    throw new ModelError("run-invalid", `This is the log of no training on ${Object.keys(KIND_OF).join(", ")}.`);
  }
  return { seed, rollouts, domain: domain as Domain, lengthPenalty, ...training };
}
