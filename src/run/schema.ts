/** @file What a line of a run file must look like, checked at run time for files from elsewhere. Unknown fields pass, and fields that docs/formats.md does not pin may be missing. */
import * as v from "valibot";
import { editableTemplates } from "../cat/prompt-edits.ts";
import type { LoggedEvent } from "./event.ts";

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const maybe = v.nullable(finite);
const text = v.string();
const numbers = v.array(finite);

const ended = v.picklist(["stop", "length"]);
/** A person reads a group; a file that asks for millions of rollouts is an attack or a mistake. */
const size = v.pipe(index, v.minValue(1), v.maxValue(1024));

const aggregator = v.picklist([
  "single",
  "greedy",
  "majority",
  "lowestPerplexity",
  "selfBestOfN",
  "mutualPredictability",
  "universalSelfConsistency",
  "synthesisOfOne",
  "synthesis",
  "synthesisExecuted",
  "synthesisWithPrompt",
  "synthesisOfStrangers",
  "anchorAlone",
  "longestRollout",
  "passAtG",
]);

const model = v.looseObject({
  id: text,
  revision: v.nullable(text),
  dtype: text,
  device: v.picklist(["webgpu", "wasm", "node", "remote"]),
  files: v.array(v.looseObject({ path: text, bytes: index, sha256: v.pipe(text, v.regex(/^[0-9a-f]{64}$/)) })),
  server: v.optional(text),
});

const stamped = { seq: index, atMs: v.pipe(finite, v.minValue(0)) };
const grouped = { ...stamped, group: index };

const started = v.looseObject({
  type: v.literal("run.started"),
  ...stamped,
  format: index,
  app: text,
  startedAt: v.optional(text, ""),
  kind: v.picklist(["demo", "bench", "train"]),
  seed: index,
  groupSize: size,
  domain: v.nullable(text),
  item: v.nullable(index),
  sampling: v.looseObject({ temperature: finite, topK: v.nullable(index), topP: maybe, maxTokens: index }),
  models: v.looseObject({ policy: model, anchor: model, judge: v.nullable(model) }),
  judgeIndependent: v.boolean(),
  editedPrompts: v.exactOptional(
    v.array(
      v.looseObject({
        set: v.picklist(["default", "kitten", "kitten-judge"]),
        template: v.picklist(editableTemplates),
        user: text,
      }),
    ),
  ),
  adapter: v.nullable(v.looseObject({ vendor: text, architecture: text, description: text, isFallback: v.boolean() })),
  lengthPenalty: v.optional(v.nullable(v.pipe(index, v.minValue(1)))),
  rubricFrom: v.optional(v.picklist(["reference", "prompt"])),
  rewardBy: v.optional(v.picklist(["rubric", "sameMeaning"])),
  training: v.optional(
    v.looseObject({
      ...{ tasks: index, kl: finite, learningRate: finite, items: index, evaluateEvery: index },
      aggregator: v.picklist(["synthesis", "majority", "selfBestOfN"]),
      rubricFrom: v.picklist(["reference", "prompt"]),
      anchor: v.picklist(["frozen", "current"]),
      reward: v.picklist(["cat", "random", "shuffled"]),
    }),
  ),
});

/** Bounded, since verdicts are kept by it: one far out would make an array that takes minutes to walk. */
const criterion = v.pipe(index, v.maxValue(63));

const ofGroup = [
  v.looseObject({
    type: v.literal("group.started"),
    ...grouped,
    // Strict, alone of all: a label must not travel in a task.
    task: v.strictObject({ id: v.nullable(text), prompt: text, kind: v.picklist(["math", "code", "open"]) }),
    size,
  }),
  v.looseObject({
    type: v.literal("prompt.sent"),
    ...grouped,
    role: v.picklist(["policy", "anchor", "judge"]),
    purpose: v.picklist([
      "rollout",
      "synthesis",
      "rubric",
      "verdict",
      "choose",
      "sameMeaning",
      "says",
      "denies",
      "score",
    ]),
    rollout: v.nullable(index),
    criterion: v.nullable(criterion),
    step: v.exactOptional(index),
    messages: v.array(v.looseObject({ role: v.picklist(["system", "user", "assistant"]), content: text })),
    rendered: text,
  }),
  v.looseObject({ type: v.literal("rollout.delta"), ...grouped, rollout: index, text, tokens: index, logprob: maybe }),
  v.looseObject({
    type: v.literal("rollout.finished"),
    ...grouped,
    rollout: index,
    ended,
    text,
    tokenIds: v.array(index),
    logprobs: numbers,
    entropies: numbers,
    tokens: v.optional(index),
    margins: v.optional(v.array(maybe), []),
    textLengths: v.exactOptional(v.array(index)),
    ms: finite,
  }),
  v.looseObject({ type: v.literal("reference.delta"), ...grouped, aggregator, text }),
  v.looseObject({
    type: v.literal("reference.finished"),
    ...grouped,
    aggregator,
    chosen: v.nullable(index),
    text,
    ended: v.optional(ended, "stop"),
    extracted: v.nullable(text),
    tokens: index,
    ms: finite,
    agrees: v.optional(v.nullable(v.boolean())),
  }),
  v.looseObject({ type: v.literal("rubric.delta"), ...grouped, attempt: v.pipe(index, v.minValue(1)), text }),
  v.looseObject({
    type: v.literal("rubric.finished"),
    ...grouped,
    source: v.picklist(["reference", "prompt", "visitor"]),
    criteria: v.pipe(
      v.array(v.looseObject({ id: criterion, text })),
      v.check((list) => new Set(list.map((c) => c.id)).size === list.length, "two criteria have the same id"),
    ),
    attempts: index,
    attempt: v.optional(v.nullable(index), null),
  }),
  v.looseObject({
    type: v.literal("verdict"),
    ...grouped,
    rollout: index,
    criterion,
    met: v.nullable(v.boolean()),
    probability: maybe,
    by: v.picklist(["model", "human"]),
  }),
  v.looseObject({
    type: v.literal("equivalence"),
    ...grouped,
    rollout: index,
    equivalent: v.nullable(v.boolean()),
    extracted: v.nullable(text),
    normal: v.nullable(text),
    rule: text,
    second: v.nullable(v.boolean()),
  }),
  v.looseObject({
    type: v.literal("tests"),
    ...grouped,
    rollout: index,
    results: v.array(
      v.looseObject({ input: v.unknown(), expected: v.unknown(), actual: v.unknown(), same: v.boolean() }),
    ),
    failure: v.nullable(text),
  }),
  v.looseObject({
    type: v.literal("sources"),
    ...grouped,
    steps: v.array(v.looseObject({ start: index, end: index })),
    found: v.array(
      v.looseObject({
        rollout: index,
        step: index,
        stance: v.nullable(v.picklist(["supports", "contradicts", "silent"])),
        probability: v.looseObject({ says: maybe, denies: maybe }),
      }),
    ),
  }),
  v.looseObject({
    type: v.literal("reward"),
    ...grouped,
    rollout: index,
    value: v.nullable(v.pipe(finite, v.minValue(-1), v.maxValue(1))),
  }),
  v.looseObject({
    type: v.literal("group.finished"),
    ...grouped,
    advantages: v.array(maybe),
    ms: v.looseObject({ rollouts: finite, synthesis: finite, reward: finite }),
  }),
] as const;

/** One line of a run file in the newest format. */
export const eventSchema = v.variant("type", [
  started,
  ...ofGroup,
  v.looseObject({
    type: v.literal("label"),
    ...grouped,
    rollout: v.nullable(index),
    aggregator: v.nullable(aggregator),
    correct: v.nullable(v.boolean()),
    score: maybe,
    answer: v.optional(text),
  }),
  v.looseObject({
    type: v.literal("override"),
    ...stamped,
    target: index,
    value: v.union([v.boolean(), text, v.null()]),
    note: text,
    at: v.optional(text),
  }),
  v.looseObject({ type: v.literal("undo"), ...stamped, target: index, at: v.optional(text) }),
  v.looseObject({
    type: v.literal("step"),
    ...stamped,
    step: index,
    groups: v.array(index),
    loss: finite,
    kl: v.nullable(finite),
    gradNorm: finite,
    rewardMean: v.nullable(finite),
    rewardStd: v.nullable(finite),
    fracRewardZeroStd: v.nullable(finite),
    entropy: v.nullable(finite),
    meanTokens: v.nullable(finite),
    clipFraction: finite,
    ms: finite,
    checkpoint: v.nullable(text),
  }),
  v.looseObject({
    type: v.literal("evaluation"),
    ...stamped,
    step: index,
    items: index,
    score: v.looseObject({ mean: finite, se: finite }),
    aggregator: v.optional(v.picklist(["greedy", "majority", "synthesis"])),
  }),
  v.looseObject({ type: v.literal("rewound"), ...stamped, step: index }),
  v.looseObject({ type: v.literal("notice"), ...stamped, code: text, message: text }),
  v.looseObject({ type: v.literal("run.finished"), ...stamped }),
  v.looseObject({ type: v.literal("run.resumed"), ...stamped, at: v.optional(text) }),
  v.looseObject({ type: v.literal("run.stopped"), ...stamped, by: v.picklist(["visitor", "limit"]) }),
  v.looseObject({ type: v.literal("run.failed"), ...stamped, code: text, message: text }),
]);

// The compiler holds the schema to the types: what passes is an event.
eventSchema satisfies v.GenericSchema<unknown, LoggedEvent>;
