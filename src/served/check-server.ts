/** @file Does a server answer, and what does it tell? One short question to the model, and the list of its models where it has one. */
import * as v from "valibot";
import type { Patience } from "../models/patience.ts";
import { askServer, SERVER_PATIENCE } from "./ask-server.ts";
import { modelsSchema } from "./chat.ts";
import type { ServedPlace } from "./place.ts";
import { ServedModel } from "./served-model.ts";

export interface ServerReport {
  /** Names that the server lists; `null`: it lists none, as some do. */
  readonly models: readonly string[] | null;
  /** Whether it tells how likely its answers were; `null` where no model was asked. */
  readonly tellsProbabilities: boolean | null;
  /** Of the question, milliseconds; `null` where no model was asked. */
  readonly ms: number | null;
}

/** It is looked at by a person: waits are short. */
const IMPATIENCE: Patience = { ...SERVER_PATIENCE, attempts: 2 };

/** @param place its model may be "": then only the list is asked for. @throws {ServerError}, saying what to do; the reason of `stop` */
export async function checkServer(place: ServedPlace, now: () => number, stop: AbortSignal): Promise<ServerReport> {
  if (place.model === "") return { models: await listModels(place, stop), tellsProbabilities: null, ms: null };
  const start = now();
  const model = new ServedModel(place, IMPATIENCE);
  const prompt = model.render([{ role: "user", content: "yes" }]);
  await model.decide([prompt], ["yes", "no"], stop);
  const ms = now() - start;
  const models = await listModels(place, stop).catch(() => null);
  stop.throwIfAborted();
  return { models, tellsProbabilities: model.decidesBy === "tokens", ms };
}

async function listModels(place: ServedPlace, stop: AbortSignal): Promise<readonly string[] | null> {
  const { response, watchdog } = await askServer({ place, path: "models", patience: IMPATIENCE, stop });
  try {
    const list = v.safeParse(modelsSchema, await response.json().catch(() => null));
    return list.success ? list.output.data.map(({ id }) => id) : null;
  } finally {
    watchdog.end();
  }
}
