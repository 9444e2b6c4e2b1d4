/** @file Where the policy stands, as the screen needs it, and words for it and for the judge. Loading is asked of the client; nothing is loaded here. */
import type { LabClient } from "../../lab/client.ts";
import { type DeviceChoice, type ModelState, type ServedPlace, TRAINED } from "../../lab/protocol.ts";

/** The model that ships with the page; an id of models/manifest.json. */
export const EMBEDDED_MODEL = "kitten";

/** One sentence for where a model stands. @param name what to call it in a sentence. */
export function sentenceOf(state: ModelState, name: "model" | "judge"): string {
  switch (state.phase) {
    case "absent":
      return `The ${name} is not loaded`;
    case "downloading":
      return `Fetching the ${name}`;
    case "starting":
      return `Starting the ${name}`;
    case "checking":
      return name === "model" ? "Checking the device" : "Checking the judge";
    case "ready":
      return "Ready";
    case "failed":
      return `The ${name} could not be loaded`;
  }
}

/** It is on its way. */
export function isBusy({ phase }: ModelState): boolean {
  return phase === "downloading" || phase === "starting" || phase === "checking";
}

export class LabModel {
  state = $state.raw<ModelState>({ phase: "absent" });
  /** What was last asked for. */
  choice = $state<DeviceChoice>("auto");
  /** Of the manifest, fetched from a hub, or what a training made. For this visit. */
  policy = $state(EMBEDDED_MODEL);
  /** Where the policy is on a server; `null`: it is none of a server. */
  served = $state.raw<ServedPlace | null>(null);
  readonly #client: () => LabClient;

  constructor(client: () => LabClient) {
    this.#client = client;
  }

  readonly ready = $derived(this.state.phase === "ready");
  readonly busy = $derived(isBusy(this.state));
  /** Knows a small world only, so that a question can be out of its depth. */
  readonly small = $derived(this.state.phase === "ready" && this.state.domains.length > 0);

  /** Asks for the model on a device. What is there or on its way already is not asked for twice: the worker would not answer. */
  load(device: DeviceChoice, policy = this.policy, served = policy === this.policy ? this.served : null): void {
    if (
      device === this.choice &&
      policy === this.policy &&
      served === this.served &&
      this.state.phase !== "absent" &&
      this.state.phase !== "failed"
    )
      return;
    this.choice = device;
    this.policy = policy;
    this.served = served;
    // Said at once: the worker itself may take seconds to answer on a slow line.
    this.state = { phase: "starting" };
    this.#client().load(policy, device, served);
  }

  /** Not the embedded one. */
  readonly trained = $derived(this.policy.startsWith(TRAINED));

  /** Asks for a model on a server. */
  serve(place: ServedPlace): void {
    this.load(this.choice, `${place.model} at ${place.server}`, place);
  }

  /** Asks for what a training has made; `null`: for the embedded policy again. */
  use(training: { readonly id: string; readonly steps: number } | null): void {
    const { choice } = this;
    this.load(choice, training === null ? EMBEDDED_MODEL : `${TRAINED}${training.id}@${training.steps}`);
  }

  readonly sentence = $derived(sentenceOf(this.state, "model"));

  /** Why `auto` chose wasm, calmly; `null` when there is nothing to explain. */
  readonly why = $derived.by(() => {
    if (this.state.phase !== "ready") return null;
    switch (this.state.why) {
      case "no-webgpu":
        return "Your browser offers no WebGPU; wasm runs the same model, and a small one is quick there.";
      case "software-adapter":
        return "Your browser has only a software graphics adapter; wasm is faster here.";
      case "self-test":
        return "Your graphics adapter gave wrong results in a short test; wasm is used instead.";
      case "other-dtype":
        return "The weights that you chose did not run rightly on your graphics adapter; others of the same model, which are here, are used.";
      case "webgpu-failed":
        return "The model could not be started on your graphics adapter; wasm is used instead.";
      case null:
        return null;
    }
  });
}
