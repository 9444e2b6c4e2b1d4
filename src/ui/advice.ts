/** @file What to say and offer when something fails: one sentence and one way on for each failure code. Detail comes with the failure itself. */
import type { Failure } from "../lab/protocol.ts";

/** `reload` the page, load the model again (`retry`), load it on the processor (`wasm`), `edit` the question, or nothing to press (`none`). */
export type WayOn = "retry" | "wasm" | "reload" | "edit" | "none";

export interface Advice {
  readonly sentence: string;
  readonly way: WayOn;
}

const table: Record<Failure["code"], Advice> = {
  "prompt-too-long": {
    sentence: "The question is longer than the model can read. Shorten it, or lower G.",
    way: "edit",
  },
  "prompt-empty": { sentence: "There is no question yet. Type one, or throw the dice.", way: "edit" },
  "no-judge": {
    sentence: "This kind of question needs a judge, and there is none here. Sums and lists do without one.",
    way: "edit",
  },
  "insecure-origin": {
    sentence: "This address is not secure enough for a model to run. Open the page over https, or on this machine.",
    way: "none",
  },
  server: { sentence: "A server that plays a part did not answer as it should.", way: "retry" },
  "no-webgpu": { sentence: "This browser offers no WebGPU. The processor (wasm) can run the same model.", way: "wasm" },
  "file-missing": {
    sentence: "A file of the model could not be fetched. Check the connection, then try again.",
    way: "retry",
  },
  "file-damaged": {
    sentence: "A file of the model arrived damaged and was thrown away. Fetch it again.",
    way: "retry",
  },
  "model-unsupported": { sentence: "This device cannot run the model. The processor (wasm) may.", way: "wasm" },
  "self-test-failed": {
    sentence:
      "The graphics processor computes this model wrongly, so it is not used. The processor (wasm) gives right results.",
    way: "wasm",
  },
  "out-of-memory": {
    sentence: "The memory of this device is full. Close other tabs, lower G, then try again.",
    way: "retry",
  },
  "device-lost": { sentence: "The browser took the graphics processor away. Load the model again.", way: "retry" },
  "device-stalled": {
    sentence: "The graphics processor stopped answering. Reload the page; kept runs stay.",
    way: "reload",
  },
  storage: { sentence: "This browser could not keep the data. Free some space, or export what you need.", way: "none" },
  "run-invalid": { sentence: "The file is not a run that this page can read.", way: "none" },
  unexpected: {
    sentence: "Something went wrong that we did not foresee. Reload the page; kept runs stay.",
    way: "reload",
  },
};

/** @param code any text: codes of newer formats get the advice for the unexpected. */
export function adviceFor(code: string): Advice {
  return Object.hasOwn(table, code) ? table[code as Failure["code"]] : table.unexpected;
}
