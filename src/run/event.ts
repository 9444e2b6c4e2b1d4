/** @file A run is a list of these events and nothing else: screen, disk, export, replay and tests read it. Fields as docs/formats.md pins them. */
import type { Message, ModelRecord, Purpose } from "../cat/models.ts";
import type { PromptEdit } from "../cat/prompt-edits.ts";
import type { Aggregator, Criterion, Reward, Task } from "../cat/types.ts";

/** The format that this code writes; upgrade.ts reads the older ones. */
export const RUN_FORMAT = 1;

/** What happens inside one group; the pipeline yields these. */
export type GroupEvent =
  | { readonly type: "group.started"; readonly task: Task; readonly size: number }
  | {
      readonly type: "prompt.sent";
      readonly role: "policy" | "anchor" | "judge";
      readonly purpose: Purpose;
      readonly rollout: number | null;
      readonly criterion: number | null;
      /** Of the reference, from 0: which one the judge is asked about. */
      readonly step?: number;
      readonly messages: readonly Message[];
      readonly rendered: string;
    }
  | {
      readonly type: "rollout.delta";
      readonly rollout: number;
      readonly text: string;
      readonly tokens: number;
      /** Nats, summed over the delta's tokens, at temperature 1; `null` where a served model does not tell. */
      readonly logprob: number | null;
    }
  | {
      readonly type: "rollout.finished";
      readonly rollout: number;
      readonly ended: "stop" | "length";
      readonly text: string;
      /** Empty where a served model does not tell, as the next three. */
      readonly tokenIds: readonly number[];
      readonly logprobs: readonly number[];
      readonly entropies: readonly number[];
      /** How many tokens there were, where their ids are not known; else left out. */
      readonly tokens?: number | undefined;
      /** See `SampledToken.margin`. */
      readonly margins: readonly (number | null)[];
      /** UTF-16 units of `text` that each token completed, 0 inside a character and for the end token; their sum is the text. Left out in files from before it was kept. */
      readonly textLengths?: readonly number[];
      readonly ms: number;
    }
  | { readonly type: "reference.delta"; readonly aggregator: Aggregator; readonly text: string }
  | {
      readonly type: "reference.finished";
      readonly aggregator: Aggregator;
      readonly chosen: number | null;
      readonly text: string;
      readonly ended: "stop" | "length";
      /** The final answer found in it; `null` when there is none. */
      readonly extracted: string | null;
      /** Tokens spent beyond the rollouts. */
      readonly tokens: number;
      readonly ms: number;
      /** Of the other methods: whether it answers as the synthesis does; null when that cannot be decided or there is no answer. Left out where answers are not equal or different. */
      readonly agrees?: boolean | null | undefined;
    }
  | {
      readonly type: "rubric.delta";
      /** From 1; what an earlier attempt wrote is given up. */
      readonly attempt: number;
      readonly text: string;
    }
  | {
      readonly type: "rubric.finished";
      readonly source: "reference" | "prompt" | "visitor";
      readonly criteria: readonly Criterion[];
      readonly attempts: number;
      /** Whose criteria these are, from 1; null of none, and in files from before it was kept. */
      readonly attempt: number | null;
    }
  | {
      readonly type: "verdict";
      readonly rollout: number;
      readonly criterion: number;
      readonly met: boolean | null;
      readonly probability: number | null;
      readonly by: "model" | "human";
    }
  | {
      readonly type: "equivalence";
      readonly rollout: number;
      readonly equivalent: boolean | null;
      readonly extracted: string | null;
      readonly normal: string | null;
      readonly rule: string;
      readonly second: boolean | null;
    }
  | {
      readonly type: "tests";
      readonly rollout: number;
      readonly results: readonly {
        readonly input: unknown;
        readonly expected: unknown;
        readonly actual: unknown;
        readonly same: boolean;
      }[];
      readonly failure: string | null;
    }
  | {
      /** Where the judge finds that the steps of the synthesis come from. */
      readonly type: "sources";
      /** Places of the steps in the reference, in UTF-16 units. */
      readonly steps: readonly { readonly start: number; readonly end: number }[];
      /** Of every rollout with a text and every step, once. */
      readonly found: readonly JudgeFound[];
    }
  | { readonly type: "reward"; readonly rollout: number; readonly value: Reward }
  | {
      readonly type: "group.finished";
      readonly advantages: readonly (number | null)[];
      readonly ms: { readonly rollouts: number; readonly synthesis: number; readonly reward: number };
    };

/** What the judge finds that a rollout says of a step. */
export interface JudgeFound {
  readonly rollout: number;
  /** From 0. */
  readonly step: number;
  /** `null`: undecided. */
  readonly stance: "supports" | "contradicts" | "silent" | null;
  /** Of yes against no, to whether it says the step, and to whether it says the opposite; `null` without an answer. */
  readonly probability: { readonly says: number | null; readonly denies: number | null };
}

/** The graphics adapter of a run, as the browser names it. */
export interface AdapterRecord {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** A software adapter. */
  readonly isFallback: boolean;
}

/** A model as a run names it. */
export interface RunModel extends ModelRecord {
  /** Address of the server that it ran on, without any key; left out of what ran here. */
  readonly server?: string | undefined;
}

export interface RunHeader {
  readonly app: string;
  /** Wall-clock time of the start, ISO 8601, UTC. */
  readonly startedAt: string;
  readonly kind: "demo" | "bench" | "train";
  readonly seed: number;
  readonly groupSize: number;
  readonly domain: string | null;
  /** Index of the held-out item, from 0. */
  readonly item: number | null;
  readonly sampling: {
    readonly temperature: number;
    readonly topK: number | null;
    readonly topP: number | null;
    readonly maxTokens: number;
  };
  readonly models: {
    readonly policy: RunModel;
    readonly anchor: RunModel;
    readonly judge: RunModel | null;
  };
  readonly judgeIndependent: boolean;
  /** The visitor's own wording of prompts that this run is under; left out when all stand as they ship. */
  readonly editedPrompts?: readonly PromptEdit[];
  /** `null` off WebGPU. */
  readonly adapter: AdapterRecord | null;
  /** Rollouts of more tokens lose 1 of their reward; left out or null: no penalty. */
  readonly lengthPenalty?: number | null | undefined;
  /** Open tasks: what the rubric is written from; the reference when left out. */
  readonly rubricFrom?: "reference" | "prompt" | undefined;
  /** Open tasks: how they are judged; by a rubric when left out. */
  readonly rewardBy?: "rubric" | "sameMeaning" | undefined;
  /** Of a training. */
  readonly training?: TrainingRecord | undefined;
}

/** What a training was chosen to do, beside seed, G and domain, which its header has anyway. */
export interface TrainingRecord {
  /** Of a step. */
  readonly tasks: number;
  readonly kl: number;
  readonly learningRate: number;
  readonly aggregator: "synthesis" | "majority" | "selfBestOfN";
  readonly rubricFrom: "reference" | "prompt";
  /** `current`: the policy reads its own rollouts, so that its errors may feed themselves. */
  readonly anchor: "frozen" | "current";
  readonly reward: "cat" | "random" | "shuffled";
  /** Held-out items of an evaluation. */
  readonly items: number;
  /** Steps from one evaluation to the next. */
  readonly evaluateEvery: number;
}

/**
 * What a person puts in place of what was logged: of a verdict, whether it is met; of an equivalence or tests, whether the
 * two are the same (null: cannot be decided); of a reference, its text; of a rollout, "pin" or "drop".
 */
export type OverrideValue = boolean | null | string;

export type RunEvent =
  | ({ readonly type: "run.started"; readonly format: number } & RunHeader)
  | (GroupEvent & { readonly group: number })
  | {
      readonly type: "label";
      readonly group: number;
      readonly rollout: number | null;
      readonly aggregator: Aggregator | null;
      readonly correct: boolean | null;
      readonly score: number | null;
      /** What the key says, where rollout and aggregator are null: such an event is about the task itself. */
      readonly answer?: string | undefined;
    }
  | {
      readonly type: "override";
      /** `seq` of the verdict, equivalence, tests, reference.finished or rollout.finished that a person corrects. */
      readonly target: number;
      readonly value: OverrideValue;
      readonly note: string;
      /** Wall-clock time, ISO 8601, UTC: `atMs` stands still once a run has ended. */
      readonly at?: string | undefined;
    }
  /** `target`: of an override that stands, or of a rubric that took another's place. */
  | { readonly type: "undo"; readonly target: number; readonly at?: string | undefined }
  | {
      readonly type: "step";
      readonly step: number;
      readonly groups: readonly number[];
      readonly loss: number;
      /** `null` where the coefficient is 0, or nothing was learnt: the initial policy was not asked. */
      readonly kl: number | null;
      readonly gradNorm: number;
      /** This and the next two: `null` where no rollout had a reward. */
      readonly rewardMean: number | null;
      readonly rewardStd: number | null;
      readonly fracRewardZeroStd: number | null;
      /** This and the next: `null` of no token. */
      readonly entropy: number | null;
      readonly meanTokens: number | null;
      readonly clipFraction: number;
      readonly ms: number;
      readonly checkpoint: string | null;
    }
  | {
      readonly type: "evaluation";
      readonly step: number;
      readonly items: number;
      readonly score: { readonly mean: number; readonly se: number };
      /** Whose; left out: a single sample's. */
      readonly aggregator?: "greedy" | "majority" | "synthesis" | undefined;
    }
  /** Of a training: back to where `step` had been made. Steps from that one on, and evaluations after it, no longer stand. */
  | { readonly type: "rewound"; readonly step: number }
  /** Something that was done otherwise than asked, and why: fewer rows at once, shorter answers, a device that was lost and came back. Codes of other versions are shown by their message. */
  | { readonly type: "notice"; readonly code: string; readonly message: string }
  | { readonly type: "run.finished" }
  /** A run that had ended before its time, or has no end, goes on: what follows is as if it had not. */
  | { readonly type: "run.resumed"; readonly at?: string | undefined }
  | { readonly type: "run.stopped"; readonly by: "visitor" | "limit" }
  | { readonly type: "run.failed"; readonly code: string; readonly message: string };

/** An event with its place in the log; `atMs` counts from the start of the run. */
export type LoggedEvent = RunEvent & { readonly seq: number; readonly atMs: number };
