/** @file What crosses the worker boundary: commands in, notices out. No request mirrors the engine; weights never cross. */
import type { FailureCode, LikelyToken, ModelRecord } from "../cat/models.ts";
import type { PromptEdit } from "../cat/prompt-edits.ts";
import type { Criterion, TaskKind } from "../cat/types.ts";
import type { Catalogue } from "../models/catalogue.ts";
import type { DeviceFit } from "../models/dtype-fit.ts";
import type { LoadReport } from "../models/load-report.ts";
import type { Domain } from "../models/place.ts";
import type { Progress } from "../models/progress-meter.ts";
import type { AdapterRecord, LoggedEvent, OverrideValue, RunHeader, TrainingRecord } from "../run/event.ts";
import type { FrameRequest } from "../sandbox/frame-host.ts";
import type { ServedPlace } from "../served/place.ts";

export type { Domain, PromptPlace } from "../models/place.ts";
export { bestDtype, type DeviceFit, obstacle, PROCESSOR } from "../models/dtype-fit.ts";
export type { LoadReport } from "../models/load-report.ts";
export { hubIdOf } from "../models/hub-id.ts";
export { type ServedPlace, serverAddress } from "../served/place.ts";
export type { ServerReport } from "../served/check-server.ts";

/** What kind of task a domain of the embedded models asks. */
export const KIND_OF = { sums: "math", lists: "code", advice: "open" } as const satisfies Record<Domain, TaskKind>;

/** A model of this name, the id of a training, `@` and its steps is what that training has made so far: after more of them it is another model. */
export const TRAINED = "training:";

/** `auto`: WebGPU on a hardware adapter, wasm otherwise. */
export type DeviceChoice = "auto" | "webgpu" | "wasm";

/** What a visitor asks for. Everything a link carries, and nothing that only the screen needs. */
export interface RunRequest extends Pick<RunHeader, "lengthPenalty" | "rubricFrom" | "rewardBy"> {
  readonly prompt: string;
  readonly kind: TaskKind;
  /** `null` for a question that is of none of the embedded models' domains. */
  readonly domain: Domain | null;
  /** Id and index of the held-out item the prompt came from; `null` when typed. */
  readonly item: { readonly id: string; readonly index: number } | null;
  /** 0..2³²−1. */
  readonly seed: number;
  /** G, 1..16. */
  readonly groupSize: number;
  /** The visitor's own wording of prompts, of whatever sets; none when left out. */
  readonly prompts?: readonly PromptEdit[];
}

export interface Failure {
  /** `server`: a served model did not answer as it should. `insecure-origin`: the page came over plain http from another machine, where browsers lend neither storage nor hashes. */
  readonly code: FailureCode | "insecure-origin" | "server";
  /** For people: names the value and the remedy. */
  readonly message: string;
}

/** Who a model is loaded for. The policy is the anchor too: same files, loaded once. */
export type LoadedRole = "policy" | "judge";

/** Who judges: the page's own judge, a model of the hub that was fetched, or one on a server. */
export type JudgeChoice =
  | { readonly from: "page" }
  /** `model`: "owner/name@dtype". */
  | { readonly from: "hub"; readonly model: string }
  | { readonly from: "server"; readonly place: ServedPlace };

/** The parts that are not the policy's own affair. */
export interface RoleChoice {
  /** `null`: the policy as it was at first. */
  readonly anchor: ServedPlace | null;
  readonly judge: JudgeChoice;
}

export const OWN_ROLES: RoleChoice = { anchor: null, judge: { from: "page" } };

/** Where a model stands. `ready` says what really runs and, if that is not what was hoped for, why. */
export type ModelState =
  | { readonly phase: "absent" }
  | {
      readonly phase: "downloading";
      readonly loadedBytes: number;
      readonly totalBytes: number;
      /** From a hub alone. */
      readonly bytesPerSecond?: number | null;
      readonly secondsLeft?: number | null;
    }
  | { readonly phase: "starting" }
  | { readonly phase: "checking" }
  | {
      readonly phase: "ready";
      readonly record: ModelRecord;
      readonly adapter: AdapterRecord | null;
      /** What it was made for; empty for a general model, which nothing is out of the depth of. */
      readonly domains: readonly string[];
      /** Why `auto` chose wasm, or other weights of the same model (`other-dtype`); `null` when it did not have to. */
      readonly why: "no-webgpu" | "software-adapter" | "self-test" | "webgpu-failed" | "other-dtype" | null;
    }
  | { readonly phase: "failed"; readonly failure: Failure };

/** One line of the library, read from the log itself. */
export interface RunSummary {
  readonly id: string;
  readonly startedAt: string;
  readonly prompt: string;
  readonly status: "running" | "finished" | "stopped" | "failed";
  readonly seed: number;
  readonly groupSize: number;
  readonly model: string;
  readonly device: string;
  /** Of its file. */
  readonly bytes: number;
}

export interface ImportedRun {
  readonly summary: RunSummary;
  /** Why only the lines before a bad one were kept, naming it; `null` when all were. */
  readonly problem: string | null;
}

/** What a person does with a run that has ended. */
export type Change =
  | {
      readonly of: "override";
      /** A `seq`; see docs/formats.md, Corrections. */
      readonly target: number;
      readonly value: OverrideValue;
      readonly note: string;
    }
  | { readonly of: "undo"; readonly target: number }
  /** Criteria that keep id and words keep their verdicts. */
  | { readonly of: "rubric"; readonly group: number; readonly criteria: readonly Criterion[] }
  /** The anchor writes a new rubric from the reference that counts. Needs a policy. */
  | { readonly of: "propose" }
  /** The judge decides what is open. Loads it if need be. */
  | { readonly of: "again" }
  /** A run that ended before its time goes on from where it was, with the models that it began with. */
  | { readonly of: "finish" }
  /** Opens the key: labels of everybody’s answers, all at once. `base`: an address in the page’s folder. Nothing is added where it is open. */
  | { readonly of: "key"; readonly base: string };

/** A rollout whose tokens are looked into. */
export interface TokenQuestion {
  /** As it was sent, rendered. */
  readonly prompt: string;
  readonly tokenIds: readonly number[];
  /** The model that wrote it, as its run says. */
  readonly by: ModelRecord;
}

export interface TokenLook {
  /** [tokens][alternatives], likeliest first, the token itself among them if it is likely enough. */
  readonly top: readonly (readonly LikelyToken[])[];
  /** What each token completes of the text. */
  readonly texts: readonly string[];
}

/** How a training steps; each is explained where it is chosen. */
export interface TrainingSettings extends Omit<TrainingRecord, "items"> {
  readonly seed: number;
  /** G. */
  readonly rollouts: number;
  /** Rollouts of more tokens lose 1 of their reward, so that saying more is not the way to be paid more; `null`: none does. */
  readonly lengthPenalty: number | null;
}

/** All that a person chooses of a training. */
export interface TrainingChoice extends TrainingSettings, TrainingRecord {
  readonly domain: Domain;
}

export type TrainingPhase = "loading" | "evaluating" | "running" | "paused" | "ended" | "failed";

export interface TrainingState {
  readonly phase: TrainingPhase;
  readonly loadedBytes?: number;
  readonly totalBytes?: number;
  /** Items of the evaluation that is under way: done, and all. */
  readonly evaluated?: number;
  readonly toEvaluate?: number;
  readonly failure: Failure | null;
  readonly device: ModelRecord["device"] | null;
  /** false: there is no OPFS. */
  readonly kept: boolean;
  /** `step`: how many had been made. */
  readonly checkpoints: readonly { readonly step: number; readonly score: number | null }[];
}

/** One line of the kept trainings. */
export interface TrainingSummary {
  readonly id: string;
  readonly startedAt: string;
  readonly domain: Domain;
  readonly seed: number;
  readonly steps: number;
  /** Of a single sample, at the start and at the last evaluation. */
  readonly first: number | null;
  readonly last: number | null;
  /** It learns no more. */
  readonly ended: boolean;
  readonly bytes: number;
}

export interface SavedTraining {
  readonly name: string;
  readonly bytes: ArrayBuffer;
}

/** What a policy says to one prompt: likeliest word by word, and by chance. */
export interface Answers {
  readonly greedy: string;
  readonly samples: readonly string[];
}

export interface TrainingAnswers {
  /** Of the policy as it started. */
  readonly before: Answers;
  readonly after: Answers;
}

/** One training at a time. It takes its turn with runs. */
export type TrainingCommand =
  | {
      readonly type: "training.start";
      readonly training: string;
      readonly choice: TrainingChoice;
      readonly device: DeviceChoice;
      readonly base: string;
    }
  /** From its log and last checkpoint; paused, unless it runs already. */
  | {
      readonly type: "training.continue";
      readonly training: string;
      readonly device: DeviceChoice;
      readonly base: string;
    }
  /** `null`: until paused. */
  | { readonly type: "training.run"; readonly steps: number | null }
  /** The step that is under way is given up. */
  | { readonly type: "training.pause" }
  /** To a checkpoint; 0 is the untrained policy. */
  | { readonly type: "training.back"; readonly step: number }
  | { readonly type: "training.end" }
  /** Answered with `TrainingAnswers`; nothing is logged or learnt from. */
  | { readonly type: "training.answers"; readonly call: number; readonly prompt: string }
  | { readonly type: "trainings.list"; readonly call: number }
  | { readonly type: "trainings.read"; readonly call: number; readonly training: string }
  | { readonly type: "trainings.remove"; readonly call: number; readonly training: string }
  | {
      readonly type: "trainings.save";
      readonly call: number;
      readonly training: string;
      readonly as: "hub" | "onnx" | "run";
      readonly base: string;
    }
  /** A hub zip that was saved before. */
  | { readonly type: "trainings.load"; readonly call: number; readonly bytes: ArrayBuffer };

/** Commands with a `call` are answered by one `answer` or `refused` of the same number. */
export type Command =
  /** `model`: of the manifest, or `training:ID@STEPS` for what a training made. `base`: address of the page's folder, which a worker cannot know. */
  | {
      readonly type: "model.load";
      readonly model: string;
      readonly device: DeviceChoice;
      readonly base: string;
      /** Where `model` is on a server; left out: it runs in this page, on that device. */
      readonly served?: ServedPlace;
    }
  /** From the next run on. A judge that is loaded and no longer chosen gives way to the one that is. */
  | { readonly type: "roles.choose"; readonly roles: RoleChoice }
  /** Answered with a `ServerReport`. */
  | { readonly type: "server.check"; readonly call: number; readonly place: ServedPlace }
  /** Ahead of the first open question, which would load it as well. Nothing happens when it is there or on its way. */
  | { readonly type: "judge.load" }
  | { readonly type: "run.start"; readonly run: string; readonly request: RunRequest }
  | { readonly type: "run.stop" }
  /** Answered with a `PromptPlace`; needs no model. */
  | { readonly type: "prompt.place"; readonly call: number; readonly prompt: string }
  /** Answered with a `TokenLook` by the policy that is loaded or on its way. */
  | { readonly type: "tokens.look"; readonly call: number; readonly question: TokenQuestion }
  | { readonly type: "runs.list"; readonly call: number }
  | { readonly type: "runs.read"; readonly call: number; readonly run: string }
  | { readonly type: "runs.remove"; readonly call: number; readonly run: string }
  /** Puts a removed file back, whatever is in it. */
  | { readonly type: "runs.restore"; readonly call: number; readonly run: string; readonly text: string }
  | { readonly type: "runs.import"; readonly call: number; readonly text: string }
  /**
   * A person's change of a run that has ended; what is appended to its log comes as `events` before the answer, which says
   * whether the run's file has it too. `log`: as the page has it, for a run that is not kept.
   */
  | {
      readonly type: "run.change";
      readonly call: number;
      readonly run: string;
      readonly log: string;
      readonly change: Change;
    }
  | TrainingCommand;

/** Where hub models are fetched from. */
export interface HubPlace {
  /** Such as "https://huggingface.co". */
  readonly host: string;
  /** Where a file lies below it, with {id}, {revision} and {path}. */
  readonly layout: string;
  /** Goes to this host and nowhere else; `null`: none. */
  readonly token: string | null;
}

export const HUB: HubPlace = { host: "https://huggingface.co", layout: "{id}/resolve/{revision}/{path}", token: null };

/** A model that was fetched from a hub. */
export interface KeptHubModel {
  readonly model: string;
  /** That its files are of; `null`: the hub named none, or several. */
  readonly commit: string | null;
  readonly bytes: number;
  /** Of those, what other models have too. */
  readonly sharedBytes: number;
  readonly savedAt: string;
  readonly usedAt: string | null;
  /** Paths of files that are not here any more, or were damaged. */
  readonly missing: readonly string[];
}

export interface ModelsReport {
  readonly catalogue: Catalogue;
  /** Of those, the ids that a visitor typed. */
  readonly typed: readonly string[];
  readonly kept: readonly KeptHubModel[];
  /** Downloads that were left on their way. */
  readonly begun: readonly { readonly model: string; readonly bytes: number }[];
  /** Of every model that was tried here, those of this page included. */
  readonly loads: readonly LoadReport[];
  /** What models run on here. */
  readonly device: DeviceFit;
  /** Of everything that this page keeps; `null`: the browser does not say. */
  readonly storage: { readonly usage: number; readonly quota: number } | null;
}

/** Of a download, import or export. `notes`: what did not go smoothly. */
export type DownloadState =
  | { readonly phase: "asking" }
  | (Progress & { readonly phase: "running"; readonly notes: readonly string[] })
  /** From files at hand. */
  | (Progress & { readonly phase: "importing" })
  | (Progress & { readonly phase: "exporting" })
  /** What came stays. */
  | { readonly phase: "paused" }
  | { readonly phase: "done"; readonly notes: readonly string[] }
  | { readonly phase: "exported" }
  | { readonly phase: "failed"; readonly failure: Failure };

/** A file that a visitor has at hand; its path as far as the browser tells, folders apart by slashes. */
export interface FileAtHand {
  readonly path: string;
  readonly file: File;
}

export interface ModelZip {
  readonly name: string;
  readonly zip: Blob;
}

/** About hub models, which are called "owner/name@dtype" (hub-key.ts). They need no model that is loaded. */
export type ModelsCommand =
  | { readonly type: "models.place"; readonly place: HubPlace }
  /** Answered with a `ModelsReport`. */
  | { readonly type: "models.list"; readonly call: number; readonly base: string }
  /** Begins or goes on; progress and outcome come as `download` notices. */
  | { readonly type: "models.download"; readonly model: string; readonly base: string }
  | { readonly type: "models.pause"; readonly model: string }
  /** Gives a download up, with what came. */
  | { readonly type: "models.cancel"; readonly call: number; readonly model: string; readonly base: string }
  /** Looks a model up by its id and lists it from then on. Answered with null, or refused saying why it would not do. */
  | { readonly type: "models.lookUp"; readonly call: number; readonly id: string }
  /** Takes it off the list; what was fetched of it stays until deleted. */
  | { readonly type: "models.forget"; readonly call: number; readonly id: string }
  /** Answered with the paths of damaged files, which are thrown away; the next download fetches them alone. */
  | { readonly type: "models.verify"; readonly call: number; readonly model: string }
  | { readonly type: "models.remove"; readonly call: number; readonly model: string }
  /** Folders and zips of models. Answered with the models that are here now; how each goes comes as `download`. */
  | {
      readonly type: "models.import";
      readonly call: number;
      readonly files: readonly FileAtHand[];
      readonly base: string;
    }
  /** Answered with a `ModelZip`, or `null` when it was stopped as a download is paused; how it goes comes as `download`. */
  | { readonly type: "models.export"; readonly call: number; readonly model: string };

/** Channel on which the worker repeats the events of its runs, and why one is lost, for tools that watch a page from outside (`npm run demo`). */
export const EVENTS_CHANNEL = "cat-lab-events";

export type Notice =
  | { readonly type: "model"; readonly role: LoadedRole; readonly state: ModelState }
  | { readonly type: "training"; readonly training: string; readonly state: TrainingState }
  | { readonly type: "download"; readonly model: string; readonly state: DownloadState }
  | { readonly type: "events"; readonly run: string; readonly events: readonly LoggedEvent[] }
  /** The run could not be kept; it goes on all the same. */
  | { readonly type: "unsaved"; readonly run: string; readonly failure: Failure }
  /** The run will have no further event: it could not begin, or its log broke off. */
  | { readonly type: "run.lost"; readonly run: string; readonly failure: Failure }
  | { readonly type: "answer"; readonly call: number; readonly value: unknown }
  | { readonly type: "refused"; readonly call: number; readonly failure: Failure }
  /** Programs run in a frame, which only the page can make; they and the worker then talk past the page. */
  | { readonly type: "frame"; readonly request: FrameRequest };
