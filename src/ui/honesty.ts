/** @file What must stand beside every number of the embedded models, wherever it goes. */
import type { Run } from "../run/run.ts";

/** The words of the foot of the page. */
export const HONESTY =
  "Real models, running here. We trained the small ones with synthetic answer keys and chose how often they slip, so they show the mechanism; they are not evidence for the paper.";

/** Whether a model of a run was trained by this project for its small world. */
export function isEmbedded({ models }: NonNullable<Run["header"]>): boolean {
  return [models.policy, models.anchor, models.judge].some((model) => model !== null && /^kitten\b/.test(model.id));
}
