/** @file The log of a training that was: four steps of kitten on sums in Node, G 4, two tasks a step, six held-out items, seed 1. Only log-probabilities, entropies and margins are rounded. */
import { readFileSync } from "node:fs";
import { readEvents } from "../../src/run/lines.ts";
import { applyToTraining, emptyTraining, type Training } from "../../src/run/training.ts";

export function realTraining(): { readonly training: Training; readonly problem: string | null } {
  let training = emptyTraining();
  const problem = readEvents(readFileSync("tests/fixtures/trainings/sums.jsonl", "utf8"), (event) => {
    training = applyToTraining(training, event);
  });
  return { training, problem };
}
