/** @file The parts of the page that have a name: a link can take them off the screen, a step of the lesson can point at them. An element says `data-part`; parts.css does the rest. */

/** What `hide=` takes. */
export const hideable = [
  "question",
  "domains",
  "dice",
  "examples",
  "settings",
  "prompts",
  "export",
  "others",
  "key",
  "timeline",
  "learn",
  "train",
  "runs",
] as const;
export type Part = (typeof hideable)[number];

/** As a teacher would call them. */
export const partNames: Readonly<Record<Part, string>> = {
  question: "the question and Run",
  domains: "kinds of question",
  dice: "New problem",
  examples: "examples",
  settings: "seed, G and device",
  prompts: "prompts",
  export: "export",
  others: "what others would say",
  key: "the key",
  timeline: "the timeline",
  learn: "Learn",
  train: "Train",
  runs: "Runs",
};

/** What a lesson points at. */
export type Target = Part | "run" | "step" | "explore" | "synthesise" | "reward" | "training";
