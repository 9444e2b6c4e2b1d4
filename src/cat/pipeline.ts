/** @file Compute as Teacher, top to bottom (arXiv 2509.14234, v3 §3, v1 Algorithm 1): explore, synthesise, reward. Everything else in `cat/` is one of its steps. */
import type { GroupEvent } from "../run/event.ts";
import { advantages } from "./grpo.ts";
import { ModelError, type Roles, type Stop } from "./models.ts";
import type { CatOptions } from "./options.ts";
import { askOthers } from "./others.ts";
import { askJudge } from "./provenance/ask-judge.ts";
import { estimateReference } from "./reference/estimate.ts";
import { controlRewards } from "./reward/control.ts";
import { rewardByEquivalence } from "./reward/equivalence.ts";
import { rewardByRubric } from "./reward/judge.ts";
import { penalizeLength } from "./reward/length.ts";
import { proposeRubricFromPrompt } from "./reward/rubric-from-prompt.ts";
import { proposeRubric } from "./reward/rubric.ts";
import { rewardBySameMeaning } from "./reward/same-meaning.ts";
import { rewardByTests } from "./reward/tests.ts";
import { explore } from "./rollouts.ts";
import type { Group, Reference, Reward, Task } from "./types.ts";

/**
 * The method on one task. Yields every event; returns nothing that the events do not say.
 * @throws {ModelError}, and the reason of `stop`; what was yielded before stays true.
 */
export async function* runCat(task: Task, roles: Roles, options: CatOptions, stop?: Stop): AsyncGenerator<GroupEvent> {
  const { now } = options;
  yield { type: "group.started", task, size: options.groupSize };

  const start = now();
  const group = yield* explore(task, roles.policy, options, stop);
  const explored = now();
  const reference = yield* estimateReference(group, roles, options, stop);
  const synthesized = now();
  const paid = penalizeLength(reward(task, group, reference, roles, options, stop), group, options);
  const rewards = yield* controlRewards(paid, group, options);

  const ms = { rollouts: explored - start, synthesis: synthesized - explored, reward: now() - synthesized };
  yield { type: "group.finished", advantages: advantages(rewards), ms };
  if (reference === null) return;
  if (options.sources === true && task.kind === "open" && roles.judge !== null) {
    yield* askJudge(group.rollouts, reference.text, roles.judge, stop);
  }
  if (options.others === true) yield* askOthers({ task, group, synthesis: reference }, roles, options, stop);
}

/** The task is for one ablation alone: `rubricFrom: "prompt"`. */
async function* reward(
  task: Task,
  group: Group,
  reference: Reference | null,
  { anchor, judge, runner, symbolic = null }: Roles,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent, readonly Reward[]> {
  if (reference === null) return yield* undecided(group);
  switch (group.kind) {
    case "math":
      return yield* rewardByEquivalence(group, reference, symbolic);
    case "open": {
      if (judge === null) throw new ModelError("no-judge", "An open question needs a judge. Load one first.");
      if (options.rewardBy === "sameMeaning") return yield* rewardBySameMeaning(group, reference, judge, stop);
      const criteria = yield* options.rubricFrom === "prompt"
        ? proposeRubricFromPrompt(task, anchor, options, stop)
        : proposeRubric(reference, anchor, options, stop);
      return yield* rewardByRubric(group, criteria, judge, stop);
    }
    case "code": {
      if (runner === null) throw new ModelError("model-unsupported", "A program has to be run, and nothing here can.");
      return yield* rewardByTests(group, reference, runner, options.seed, stop);
    }
    default:
      return group.kind satisfies never;
  }
}

/** Nothing to hold the rollouts against. */
function* undecided({ rollouts }: Group): Generator<GroupEvent, readonly Reward[]> {
  for (const { index } of rollouts) yield { type: "reward", rollout: index, value: null };
  return rollouts.map(() => null);
}
