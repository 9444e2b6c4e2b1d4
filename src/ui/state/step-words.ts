/** @file What each phase is about to do, in a sentence, for who goes step by step. */
import type { TaskKind } from "../../cat/types.ts";
import type { Phase } from "./timeline.ts";

/** @param sealed the key has not been opened yet: that is done by hand. */
export function whatComes(phase: Phase, kind: TaskKind, sealed: boolean): string {
  switch (phase) {
    case "explore":
      return "The policy answers the question several times, by chance each time.";
    case "synthesise":
      return "The anchor reads the answers, not the question, and writes one reference.";
    case "reward":
      if (kind === "code") return "Each program is run beside the reference.";
      if (kind === "math") return "Each answer is held against the reference.";
      return "The anchor makes a rubric of the reference; a judge holds each answer against it.";
    case "others":
      return "The same answers, made into one in other ways.";
    case "key":
      return sealed ? "It is sealed: open it on the stage to see who was right." : "It says who was right.";
  }
}
