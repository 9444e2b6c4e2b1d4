/** @file What the worker does with commands: a policy and a judge, one run at a time. Calls are in calls.ts, trainings in trainings.ts; how each part works is injected: see lab.worker.ts. */
import { ModelError } from "../cat/models.ts";
import { CodedError } from "../run/coded-error.ts";
import { answerCall, type CallParts } from "./calls.ts";
import type { ChangeParts, ChangeRequest } from "./change-run.ts";
import { failureOf, neverBegan } from "./failure.ts";
import type { LoadedJudge } from "./load-judge.ts";
import type { LabModel, LoadedModel, LoadModel } from "./load-model.ts";
import { lookAtTokens } from "./look.ts";
import { type Load, ModelSlot } from "./model-slot.ts";
import { Notices, type NoticeSource } from "./notices.ts";
import {
  type Command,
  type JudgeChoice,
  type ModelState,
  type Notice,
  OWN_ROLES,
  type RoleChoice,
  type RunRequest,
  type ServedPlace,
  type TokenLook,
  type TokenQuestion,
  type TrainingCommand,
} from "./protocol.ts";
import type { LoadOptions } from "./start-model.ts";
import type { RunListener, RunModels } from "./run-lab.ts";
import type { Trainings } from "./trainings.ts";

export interface LabParts extends CallParts {
  readonly post: (notice: Notice) => void;
  readonly loadModel: LoadModel;
  readonly loadServed: (
    place: ServedPlace,
    choice: Parameters<LoadModel>[1],
    base: string,
    options: LoadOptions,
  ) => Promise<LoadedModel>;
  /** Beside that policy, where it is no server's. */
  readonly loadJudge: (choice: JudgeChoice, policy: LoadedModel, options: LoadOptions) => Promise<LoadedJudge>;
  /** Asks the server nothing yet. */
  readonly serveAnchor: (place: ServedPlace) => Promise<LabModel & NoticeSource>;
  /** Ends when the log has ended; throws only if it ended without its last event. */
  readonly runLab: (
    run: string,
    request: RunRequest,
    models: RunModels,
    stop: AbortSignal,
    listener: RunListener,
  ) => Promise<void>;
  /** See `changeRun`; what of its parts depends on no model is its own affair. */
  readonly changeRun: (
    request: ChangeRequest,
    parts: Pick<ChangeParts, "policy" | "anchor" | "judge" | "notices" | "stop" | "post">,
  ) => Promise<boolean>;
  /** The same each time. */
  readonly trainings: () => Promise<Pick<Trainings, "handle" | "giveWay">>;
}

type LoadCommand = Extract<Command, { type: "model.load" }>;

const REPLACED = "Another model or device was chosen meanwhile. Start the run again.";
const STOPPED = "It was stopped while the model was still loading. Wait until it is ready, then run again.";

export class Lab {
  readonly #parts: LabParts;
  readonly #policy: ModelSlot<LoadedModel>;
  readonly #judge: ModelSlot<LoadedJudge>;
  /** Name of the policy last asked for. */
  #chosen: string | undefined;
  #roles: RoleChoice = OWN_ROLES;
  /** Once there was a command about them. */
  #trainings: ReturnType<LabParts["trainings"]> | undefined;
  #running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(parts: LabParts) {
    this.#parts = parts;
    this.#policy = new ModelSlot((state) => {
      parts.post({ type: "model", role: "policy", state });
    });
    this.#judge = new ModelSlot((state) => {
      parts.post({ type: "model", role: "judge", state });
    });
  }

  handle(command: Command): void {
    switch (command.type) {
      case "model.load":
        this.#loadPolicy(command);
        return;
      case "judge.load": {
        const policy = this.#policy.last;
        if (policy !== undefined && policy.failure === null) this.#loadJudge(policy);
        return;
      }
      case "roles.choose":
        this.#choose(command.roles);
        return;
      case "run.start":
        this.#start(command.run, command.request);
        return;
      case "run.stop":
        this.#running?.abort.abort(new Error(STOPPED));
        return;
      case "run.change":
        this.#change(command);
        return;
      case "training.start":
      case "training.continue":
      case "training.run":
      case "training.pause":
      case "training.back":
      case "training.end":
      case "training.answers":
      case "trainings.list":
      case "trainings.read":
      case "trainings.remove":
      case "trainings.save":
      case "trainings.load":
        this.#train(command);
        return;
      default:
        void answerCall(command, { ...this.#parts, look: (question) => this.#look(question) }).then(this.#parts.post);
    }
  }

  /** @returns once no run is in progress, nor one that came meanwhile */
  async turn(): Promise<void> {
    for (let before: unknown; before !== this.#running;) {
      before = this.#running;
      await this.#running?.ended;
    }
  }

  #train(command: TrainingCommand): void {
    this.#trainings ??= this.#parts.trainings();
    this.#trainings.then(
      (trainings) => {
        trainings.handle(command);
      },
      (error: unknown) => {
        this.#trainings = undefined; // it may come the next time
        const failure = failureOf(error);
        if ("call" in command) this.#parts.post({ type: "refused", call: command.call, failure });
        else if ("training" in command)
          this.#parts.post({ type: "training", training: command.training, state: neverBegan(failure) });
      },
    );
  }

  /** Takes its turn among the runs, since it may need their models: it waits for the one in progress, and the next one stops it. */
  #change({ call, run, log, change }: Extract<Command, { type: "run.change" }>): void {
    const { post, changeRun } = this.#parts;
    const before = this.#running;
    const abort = new AbortController();
    // Who stops what is going on means both.
    abort.signal.addEventListener("abort", () => before?.abort.abort(abort.signal.reason));
    const policy = () => {
      const { last } = this.#policy;
      if (last === undefined) throw new ModelError("no-judge", "No model is loaded. Load the model, then try again.");
      return last;
    };
    const make = async (): Promise<void> => {
      await before?.ended;
      const notices = new Notices();
      const heard = async (): Promise<LoadedModel> => {
        const loaded = await policy().loaded;
        notices.listenTo(loaded);
        return loaded;
      };
      try {
        const value = await changeRun(
          { run, log, change },
          {
            policy: heard,
            anchor: async () => {
              const served = await this.#anchor();
              if (served !== null) notices.listenTo(served);
              const loaded = await heard();
              return served ?? loaded.anchor ?? loaded.model;
            },
            judge: async () => {
              const { judge, judgeFailure } = await this.#judgeFor(policy(), abort.signal);
              abort.signal.throwIfAborted();
              if (judge === null) throw judgeFailure ?? new ModelError("no-judge", "There is no judge. Load it first.");
              notices.listenTo(judge);
              return judge.model;
            },
            notices: () => notices.take(),
            stop: abort.signal,
            post: (events) => {
              post({ type: "events", run, events });
            },
          },
        );
        post({ type: "answer", call, value });
      } catch (error) {
        post({ type: "refused", call, failure: failureOf(error) });
      } finally {
        notices.release();
      }
    };
    this.#running = { abort, ended: make() };
  }

  /**
   * A model that failed is loaded anew; one that is there or on its way is kept. Frees what holds the memory that a new one
   * may need: first the run in progress, then the judge, which may share the device of the policy, then the policy.
   */
  #loadPolicy({ model: id, device, base, served }: LoadCommand): void {
    const key = JSON.stringify([id, device, served]);
    if (this.#policy.holds(key)) return;
    const judgeAgain = this.#judge.last !== undefined && this.#chosen === id;
    this.#chosen = id;
    this.#running?.abort.abort(new Error(REPLACED));
    const ended = this.#running?.ended;
    const policy = this.#policy.load(key, {
      after: Promise.all([ended, this.#judge.clear(REPLACED, ended)]),
      start: (options) =>
        served === undefined
          ? this.#parts.loadModel(id, device, base, options)
          : this.#parts.loadServed(served, device, base, options),
      state: readyState,
    });
    void this.#watch(policy);
    if (judgeAgain) this.#loadJudge(policy);
  }

  /** Without its policy there is no judge: it may be on the device that was lost, and the next policy decides where it goes. */
  async #watch(policy: Load<LoadedModel>): Promise<void> {
    try {
      const { lost } = await policy.loaded;
      this.#policy.fail(policy, await lost);
    } catch {
      // The slot has said so.
    }
    if (this.#policy.last === policy) void this.#judge.clear(REPLACED, this.#running?.ended);
  }

  /** @param after whoever still uses the judge that gives way */
  #loadJudge(policy: Load<LoadedModel>, after?: Promise<void>): Load<LoadedJudge> {
    const { last } = this.#judge;
    const { judge } = this.#roles;
    const key = JSON.stringify([policy.key, judge]);
    if (last !== undefined && this.#judge.holds(key)) return last;
    return this.#judge.load(key, {
      after,
      start: async (options) => this.#parts.loadJudge(judge, await policy.loaded, options),
      state: readyState,
    });
  }

  #choose(roles: RoleChoice): void {
    this.#roles = roles;
    const policy = this.#policy.last;
    // One that is there or on its way is asked for, so the one in its place is as well.
    if (this.#judge.last !== undefined && policy !== undefined && policy.failure === null) {
      this.#loadJudge(policy, this.#running?.ended);
    }
  }

  /** `null`: the policy as it was at first. */
  async #anchor(): Promise<(LabModel & NoticeSource) | null> {
    const { anchor } = this.#roles;
    return anchor === null ? null : this.#parts.serveAnchor(anchor);
  }

  async #look(question: TokenQuestion): Promise<TokenLook> {
    const load = this.#policy.last;
    if (load === undefined || load.failure !== null) throw new Error("No model is loaded. Load it, then look again.");
    return lookAtTokens((await load.loaded).model, question);
  }

  /** Takes the place of the run in progress at once, so that two in one tick never run side by side. */
  #start(run: string, request: RunRequest): void {
    const before = this.#running;
    before?.abort.abort(new Error("Another run was started."));
    const abort = new AbortController();
    this.#running = { abort, ended: this.#run(run, request, abort.signal, before?.ended) };
  }

  /** Never throws: a run that cannot begin, or that ends without its last event, is said to be lost. */
  async #run(run: string, request: RunRequest, stop: AbortSignal, before: Promise<void> | undefined): Promise<void> {
    const { post, runLab } = this.#parts;
    const load = this.#policy.last;
    try {
      await before;
      if (load === undefined) throw new Error("No model is loaded. Load the model, then run again.");
      await (await this.#trainings)?.giveWay();
      const policy = await unlessStopped(load.loaded, stop);
      if (load.failure !== null) {
        post({ type: "run.lost", run, failure: load.failure });
        return;
      }
      if (policy === null) {
        stop.throwIfAborted();
        return;
      }
      const judge = request.kind === "open" ? await this.#judgeFor(load, stop) : { judge: null, judgeFailure: null };
      await runLab(run, request, { policy, anchor: await this.#anchor(), ...judge }, stop, {
        events(events) {
          post({ type: "events", run, events });
        },
        unsaved(error) {
          post({ type: "unsaved", run, failure: failureOf(error) });
        },
      });
    } catch (error) {
      post({ type: "run.lost", run, failure: failureOf(error) });
    }
  }

  /** Loads the judge if need be. A stop by the visitor gives its load up: who stops a run does not want the rest of a download either. One by the next run does not. */
  async #judgeFor(policy: Load<LoadedModel>, stop: AbortSignal): Promise<Pick<RunModels, "judge" | "judgeFailure">> {
    const load = this.#loadJudge(policy);
    try {
      const judge = await unlessStopped(load.loaded, stop);
      const stopped = stop.reason instanceof Error && stop.reason.message === STOPPED;
      if (judge === null && stopped && this.#judge.last === load) void this.#judge.clear(STOPPED);
      return { judge, judgeFailure: null };
    } catch (error) {
      // A judge goes with its policy: then the policy's failure is the cause, and the run cannot go on with it.
      const { code, message } = policy.failure ?? failureOf(error);
      const sentence = `The judge could not be loaded: ${message}`;
      return { judge: null, judgeFailure: new CodedError(code, sentence, { cause: error }) };
    }
  }
}

function readyState({ model, why, domains }: LoadedModel | LoadedJudge): ModelState {
  return { phase: "ready", record: model.record, adapter: model.adapter, domains, why };
}

/** @returns `null` once stopped, however long `work` may take; what is there by then wins. */
function unlessStopped<T>(work: Promise<T>, stop: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const stopped = (): void => {
      setTimeout(() => {
        resolve(null);
      });
    };
    if (stop.aborted) stopped();
    else stop.addEventListener("abort", stopped, { once: true });
    work.then(resolve, reject);
  });
}
