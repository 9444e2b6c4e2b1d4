/** @file What the page says a training has come to, and the way back that it offers. */
import { render } from "svelte/server";
import { expect, test } from "vitest";
import { applyToTraining, emptyTraining, type Training } from "../../src/run/training.ts";
import TrainFindings from "../../src/ui/panels/TrainFindings.svelte";
import { MadeTraining } from "../run/made-training.ts";

const fold = ({ log }: MadeTraining): Training => log.reduce(applyToTraining, emptyTraining());

function said(made: MadeTraining, checkpoints: readonly { step: number; score: number | null }[] = []): string {
  const { body } = render(TrainFindings, { props: { training: fold(made), checkpoints, onback: () => undefined } });
  return body
    .replaceAll(/<!--.*?-->|<[^>]*>/gs, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

const scored = (mean: number) => new MadeTraining().lines(0.4, 0.6, 0.55, 0.7, 0.03).step(0).score(1, mean, 0.04);

test("a crossing says by how much, and whether that is more than its error", () => {
  expect(said(scored(0.83))).toContain("The student passed its teacher at step 1");
  expect(said(scored(0.83))).toContain("A single sample scores 83 ± 4 %, the initial teacher 70 ± 3 %.");
  expect(said(scored(0.83))).toContain("13 ± 5 points more: more than the standard error");
  expect(said(scored(0.72))).toContain("within the standard error of the difference, so it may be chance");
  expect(said(scored(0.83).step(1).score(2, 0.6))).toContain("no longer above the teacher");
});

test("greedy reached alone is sharpened, not taught; so far, while it goes on", () => {
  expect(said(scored(0.65))).toContain("Sharpened, not taught so far");
  expect(said(scored(0.65).add({ type: "run.finished" }))).toMatch(/Sharpened, not taught At step 1/);
  expect(said(scored(0.6))).toContain("is about as good as the initial greedy was");
  expect(said(scored(0.68))).toContain("is better than the initial greedy was");
  expect(said(scored(0.5))).toContain("Not as good as the initial greedy so far");
  expect(said(new MadeTraining())).toContain("Nothing to compare yet");
});

/** Twice as long at its end. */
function grown(): MadeTraining {
  const made = scored(0.65);
  for (let step = 1; step < 20; step++) made.step(step, { meanTokens: step < 10 ? 40 : 80 });
  return made;
}

test("an alarm says why it is one, in figures, and leads back to the best checkpoint", () => {
  const checkpoints = [
    { step: 0, score: 0.4 },
    { step: 1, score: 0.65 },
    { step: 20, score: null },
  ];
  const words = said(grown(), checkpoints);
  expect(words).toMatch(/Answers grow longer since step \d+/);
  expect(words).toContain("40 tokens an answer at the start, 80 now");
  expect(words).toContain("length itself is rewarded");
  expect(words).toContain("Back to the best checkpoint: step 1, 65 %");
  expect(said(scored(0.65), checkpoints)).not.toContain("Back to");
});

test("there is no way back where there is nowhere to go", () => {
  expect(said(grown())).toContain("no checkpoint with a score");
  expect(said(grown(), [{ step: 20, score: 0.9 }])).toContain("The best checkpoint is the present one: step 20, 90 %.");
  expect(said(grown().add({ type: "run.finished" }), [{ step: 1, score: 0.65 }])).toContain("has ended");
});
