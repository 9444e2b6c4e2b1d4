/**
 * @file From a choice to a training that is ready: the embedded policy with the weights that a training starts from, judge, tasks, held-out items,
 * on a device that computes rightly. Comes in a chunk of its own, with ONNX Runtime and the trainer.
 */
import { heldOutItems } from "../bench/held-out-files.ts";
import { fetchManifest, type Manifest } from "../models/manifest.ts";
import type { BrowserRunner } from "../sandbox/browser-runner.ts";
import { readTasks } from "../train/tasks-file.ts";
import { fetchText } from "./fetch-text.ts";
import { loadJudge } from "./load-judge.ts";
import { chooseDevice } from "./load-model.ts";
import type { LoadedTraining, LoadTraining, TrainingPlace } from "./loaded-training.ts";
import { KIND_OF, type TrainingChoice } from "./protocol.ts";
import { type SharedRuntime, shareRuntime } from "./shared-runtime.ts";
import { type Fetched, fetchTrainable, type LoadOptions, startOrFallBack } from "./start-model.ts";
import { createTrainee, type Trainee } from "./trainee.ts";
import { grpoSettings } from "./training.ts";
import { withBreaks } from "./with-breaks.ts";

/** @param runner is asked for programs; stays the caller's */
export function trainingLoader(runner: BrowserRunner): LoadTraining {
  return async (choice, place, { progress, stop }) => {
    const manifest = await fetchManifest(new URL("models/manifest.json", place.base));
    const options: LoadOptions = {
      progress: (state) => {
        if (state.phase === "downloading") progress(state.loadedBytes, state.totalBytes);
      },
      stop,
    };
    const fetched = await fetchTrainable(place.base, manifest, choice.domain, options);
    const texts = await readTexts(choice, place);
    stop.throwIfAborted();
    const { device } = await chooseDevice(place.device);
    const { started } = await startOrFallBack({ choice: place.device, device }, async (on) => {
      const shared = await shareRuntime(on);
      try {
        return { shared, trainee: await startTrainee(shared, fetched, choice) };
      } catch (error) {
        shared.leave();
        throw error;
      }
    });
    try {
      stop.throwIfAborted();
      return await withJudge({ ...started, fetched, texts, choice, runner }, { manifest, place, options });
    } catch (error) {
      await started.trainee.dispose();
      started.shared.leave();
      throw error;
    }
  };
}

interface Started {
  readonly shared: SharedRuntime;
  readonly trainee: Trainee;
  readonly fetched: Fetched;
  readonly texts: Pick<LoadedTraining, "tasks" | "items">;
  readonly choice: TrainingChoice;
  readonly runner: BrowserRunner;
}

async function withJudge(
  { shared, fetched, texts, choice, runner, ...first }: Started,
  { manifest, place, options }: { manifest: Manifest; place: TrainingPlace; options: LoadOptions },
): Promise<LoadedTraining> {
  const { runtime } = shared;
  const host = { manifest, base: place.base, choice: place.device, runtime };
  const judge = KIND_OF[choice.domain] === "open" ? await loadJudge(host, options) : null;
  let { trainee } = first;
  return {
    get trainee() {
      return trainee;
    },
    judge: judge === null ? null : withBreaks(judge.model),
    runner,
    ...texts,
    adapter: runtime.adapter,
    onNotice(listener) {
      runtime.onNotice = listener;
    },
    async renew() {
      const { generation } = runtime;
      await trainee.dispose();
      await runtime.renew(generation);
      trainee = await startTrainee(shared, fetched, choice);
    },
    rest() {
      runner.rest();
    },
    async dispose() {
      runner.rest();
      try {
        await judge?.dispose();
        await trainee.dispose();
      } finally {
        shared.leave();
      }
    },
  };
}

async function readTexts({ domain, items }: TrainingChoice, { base }: TrainingPlace) {
  const read = (path: string) => fetchText(new URL(`models/${path}`, base).href);
  const [tasks, heldOut] = await Promise.all([
    read(`items/${domain}/train.jsonl`),
    heldOutItems(domain, KIND_OF[domain] === "open", read),
  ]);
  return { tasks: readTasks(tasks), items: heldOut.slice(0, items) };
}

async function startTrainee(
  { runtime }: SharedRuntime,
  { files, entry }: Fetched,
  choice: TrainingChoice,
): Promise<Trainee> {
  const trainee = await createTrainee(runtime, files, entry, grpoSettings(choice));
  const { policy, initialPolicy } = trainee;
  return { ...trainee, policy: withBreaks(policy), initialPolicy: withBreaks(initialPolicy) };
}
