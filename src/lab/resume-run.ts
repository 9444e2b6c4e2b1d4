/**
 * @file A run that ended before its time goes on: the method is driven again with models that give from the log what is there and are asked for the
 * rest alone, and what the log has already is not told again. So the order of the method stands in one place, src/cat/pipeline.ts.
 */
import type { CatOptions } from "../cat/options.ts";
import {
  type GenerateRequest,
  type LanguageModel,
  ModelError,
  type Roles,
  type SampledToken,
  type Stop,
} from "../cat/models.ts";
import { runCat } from "../cat/pipeline.ts";
import type { GroupEvent, RunModel } from "../run/event.ts";
import type { GroupState, PromptSent } from "../run/run.ts";
import { sameWeights } from "../run/same-weights.ts";

/** @throws {ModelError} `model-unsupported` if another model plays the part now than when the run began */
export function checkSameModel(role: string, before: RunModel, now: RunModel): void {
  const same =
    before.id === now.id &&
    before.server === now.server &&
    before.device === now.device &&
    (before.files.length === 0 ? now.files.length === 0 : sameWeights(before, now));
  if (same) return;
  const where = ({ id, device, server }: RunModel) => `${id} (${server ?? device})`;
  const message = `The ${role} of this run was ${where(before)}, and now it is ${where(now)}. Choose that one again under Models, or run the question anew.`;
  throw new ModelError("model-unsupported", message);
}

/** What is missing of a group, as events. @throws as `runCat` */
export async function* resumeGroup(
  state: GroupState,
  roles: Roles,
  options: CatOptions,
  stop?: Stop,
): AsyncGenerator<GroupEvent> {
  const { policy, anchor, judge } = roles;
  const remembering: Roles = {
    ...roles,
    policy: generating(policy, (request, row) => rolloutOf(state, request, row, options)),
    anchor: generating(anchor, (request) => writtenBy(state, request)),
    judge: judge === null ? null : deciding(judge, state),
  };
  for await (const event of runCat(state.task, remembering, options, stop)) if (!isThere(state, event)) yield event;
}

/** One answer that the log has, as its tokens; `null`: it has none. */
type Remembered = readonly Pick<SampledToken, "token" | "text" | "logprob" | "ended">[] | null;

function rolloutOf(
  { rollouts }: GroupState,
  { noise, sampling }: GenerateRequest,
  row: number,
  options: CatOptions,
): Remembered {
  const rollout = rollouts[noise.rollout + row];
  // The greedy answer is asked for under the same name.
  if (rollout?.ended === undefined || noise.purpose !== "rollout" || sampling !== options.sampling) return null;
  const { text, ended, tokens, tokenIds, logprobs } = rollout;
  return Array.from({ length: Math.max(1, tokens) }, (_, i, last = Math.max(1, tokens) - 1) => ({
    token: tokenIds[i] ?? -1,
    text: i === 0 ? text : "",
    logprob: logprobs[i] ?? NaN,
    ended: i === last ? ended : null,
  }));
}

/** The reference and the rubric of the method itself; other methods ask anew. */
function writtenBy({ prompts, references, rubric }: GroupState, { prompt, noise }: GenerateRequest): Remembered {
  const whole = (text: string, ended: "stop" | "length"): Remembered => [{ token: -1, text, logprob: NaN, ended }];
  const synthesis = references.synthesis?.finished;
  const asked = prompts.find(({ purpose }) => purpose === "synthesis")?.rendered;
  if (noise.purpose === "synthesis" && synthesis !== undefined && prompt === asked) {
    return whole(synthesis.text, synthesis.ended);
  }
  if (noise.purpose !== "rubric" || rubric?.finished === undefined) return null;
  const criteria = rubric.finished.criteria.map(({ text }) => `<criterion>${text}</criterion>`);
  return whole(criteria.join("\n"), "stop");
}

function generating(
  model: LanguageModel,
  remembered: (request: GenerateRequest, row: number) => Remembered,
): LanguageModel {
  return {
    ...portOf(model),
    async *generate(requests, stop) {
      const missing: { readonly asked: GenerateRequest; readonly request: number; readonly row: number }[] = [];
      for (const [request, asked] of requests.entries()) {
        for (let row = 0; row < asked.n; row++) {
          const tokens = remembered(asked, row);
          if (tokens === null) missing.push({ asked, request, row });
          else for (const token of tokens) yield { request, row, entropy: NaN, margin: null, ...token };
        }
      }
      if (missing.length === 0) return;
      // Each row keeps the noise that it would have had among the others.
      const rows = missing.map(({ asked, row }) => {
        return { ...asked, n: 1, noise: { ...asked.noise, rollout: asked.noise.rollout + row } };
      });
      for await (const token of model.generate(rows, stop)) {
        const { request, row } = missing[token.request]!;
        yield { ...token, request, row };
      }
    },
  };
}

function deciding(judge: LanguageModel, state: GroupState): LanguageModel {
  return {
    ...portOf(judge),
    async decide(prompts, choices, stop) {
      const known = prompts.map((prompt) => decisionOf(state, prompt));
      const missing = prompts.filter((_, i) => known[i] === null);
      const asked = missing.length === 0 ? [] : [...(await judge.decide(missing, choices, stop))];
      return known.map((decision) => decision ?? asked.shift()!);
    },
  };
}

/** P(yes) and P(no) of a question that was answered; `null`: it was not. */
function decisionOf(state: GroupState, prompt: string): readonly number[] | null {
  for (const sent of state.prompts) {
    if (sent.role !== "judge" || sent.rendered !== prompt) continue;
    const said = answerTo(state, sent);
    if (said === undefined) continue;
    const { yes, probability } = said;
    if (probability !== null) return [probability, 1 - probability];
    return yes === null ? [0, 0] : yes ? [1, 0] : [0, 1];
  }
  return null;
}

function answerTo({ rollouts }: GroupState, { purpose, rollout, criterion }: PromptSent) {
  const asked = rollout === null ? undefined : rollouts[rollout];
  const verdict = purpose === "verdict" && criterion !== null ? asked?.verdicts[criterion] : undefined;
  if (verdict !== undefined) return { yes: verdict.met, probability: verdict.probability };
  const compared = purpose === "sameMeaning" ? asked?.equivalence : undefined;
  return compared === undefined ? undefined : { yes: compared.equivalent, probability: null };
}

/** Does the log have it, or the beginning of it, whose rest comes whole with its end? */
function isThere(state: GroupState, event: GroupEvent): boolean {
  const { rollouts, references, rubric } = state;
  switch (event.type) {
    case "group.started":
      return true;
    case "prompt.sent": {
      const { role, purpose, rollout, criterion, rendered } = event;
      return state.prompts.some(
        (sent) =>
          sent.role === role &&
          sent.purpose === purpose &&
          sent.rollout === rollout &&
          sent.criterion === criterion &&
          sent.rendered === rendered,
      );
    }
    case "rollout.delta":
      return rollouts[event.rollout]!.text !== "";
    case "rollout.finished":
      return rollouts[event.rollout]!.ended !== undefined;
    case "reference.delta":
      return (references[event.aggregator]?.text ?? "") !== "";
    case "reference.finished":
      return references[event.aggregator]?.finished !== undefined;
    case "rubric.delta":
      return rubric?.finished !== undefined || rubric?.attempt === event.attempt;
    case "rubric.finished":
      return rubric?.finished !== undefined;
    case "verdict":
      return rollouts[event.rollout]!.verdicts[event.criterion] !== undefined;
    case "equivalence":
    case "tests":
      return rollouts[event.rollout]![event.type] !== undefined;
    case "reward":
      return rollouts[event.rollout]!.reward !== undefined;
    case "sources":
      return state.sources !== undefined;
    case "group.finished":
      return state.finished !== undefined;
    default:
      return event satisfies never;
  }
}

/** A copy that a class's instance does not give by spreading. */
function portOf(model: LanguageModel): LanguageModel {
  return {
    record: model.record,
    promptSet: model.promptSet,
    ...(model.editedPrompts === undefined ? {} : { editedPrompts: model.editedPrompts }),
    controlTokens: model.controlTokens,
    contextLength: model.contextLength,
    render: (messages) => model.render(messages),
    generate: (requests, stop) => model.generate(requests, stop),
    decide: (prompts, choices, stop) => model.decide(prompts, choices, stop),
    score: (requests, stop) => model.score(requests, stop),
  };
}
