/** @file Where the model stands, as the screen needs it. Loading is asked of the client; nothing is loaded here. */
import type { LabClient } from "../../lab/client.ts";
import type { DeviceChoice, ModelState } from "../../lab/protocol.ts";

/** The model that ships with the page; an id of models/manifest.json. */
const EMBEDDED_MODEL = "kitten";

export class LabModel {
  state = $state.raw<ModelState>({ phase: "absent" });
  /** What was last asked for. */
  choice = $state<DeviceChoice>("auto");
  readonly #client: () => LabClient;

  constructor(client: () => LabClient) {
    this.#client = client;
  }

  readonly ready = $derived(this.state.phase === "ready");
  readonly busy = $derived(["downloading", "starting", "checking"].includes(this.state.phase));

  /** Asks for the model on a device. What is there or on its way already is not asked for twice: the worker would not answer. */
  load(device: DeviceChoice): void {
    if (device === this.choice && this.state.phase !== "absent" && this.state.phase !== "failed") return;
    this.choice = device;
    // Said at once: the worker itself may take seconds to answer on a slow line.
    this.state = { phase: "starting" };
    this.#client().load(EMBEDDED_MODEL, device);
  }

  /** One sentence for where it stands. */
  readonly sentence = $derived.by(() => {
    switch (this.state.phase) {
      case "absent":
        return "The model is not loaded";
      case "downloading":
        return "Fetching the model";
      case "starting":
        return "Starting the model";
      case "checking":
        return "Checking the device";
      case "ready":
        return "Ready";
      case "failed":
        return "The model could not be loaded";
    }
  });

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
      case null:
        return null;
    }
  });
}
