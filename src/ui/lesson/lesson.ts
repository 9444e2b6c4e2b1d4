/** @file What the lesson says: its steps, what each waits for, and what summaries of the paper get wrong. Text alone; panels/Lesson*.svelte and LearnPage.svelte show it, signals.ts sees what was done. */
import type { Domain } from "../../lab/protocol.ts";
import type { Question } from "../state/prediction.ts";
import type { Target } from "../state/parts.ts";
import type { Signal } from "./signals.ts";
import type { LessonStep } from "./steps.ts";

export interface LessonTask {
  readonly text: string;
  readonly waits: Signal;
}

export interface LessonPage {
  readonly step: LessonStep;
  readonly title: string;
  readonly minutes: number;
  readonly text: readonly string[];
  readonly tasks: readonly LessonTask[];
  /** Where on the stage to look. */
  readonly point: Target;
  /** What a button puts into the question bar. */
  readonly ask: { readonly domain: Domain; readonly prompt: string } | null;
  /** Of a step with a training below it in place of the lab: the choices that a button puts in, as a link says them. */
  readonly training?: string;
  /** Asked in the step itself. */
  readonly guess?: Pick<Question, "text" | "options">;
  /** Once all is done: what there was to see. */
  readonly after: string;
}

export const pages: readonly LessonPage[] = [
  {
    step: "run",
    title: "One question, eight answers",
    minutes: 4,
    text: [
      "A language model does not look an answer up. It writes word by word, and at each word it throws dice. Ask twice, and it may say two things.",
      "So let us ask a small one eight times at once: What is the square root of 16?",
    ],
    tasks: [{ text: "Press Run, and wait until the answers have ended.", waits: "answers" }],
    point: "run",
    ask: { domain: "sums", prompt: "What is the square root of 16?" },
    after:
      "Where answers differ, that is no fault of the page: the method lives on it. (Two numbers squared make 16, 4 and −4; the root sign means the 4.)",
  },
  {
    step: "predict",
    title: "Guess before you look",
    minutes: 6,
    text: [
      "Now a problem that no model here was trained on, and this time slowly. Press New problem, switch on Step mode (below the stage), then press Run. The stage waits before each phase.",
      "Before you go on, guess. It is no test: who has guessed looks more closely.",
    ],
    tasks: [
      { text: "Guess what the vote will say.", waits: "guess" },
      { text: "Press Next, and read the answers.", waits: "answers" },
    ],
    point: "step",
    ask: null,
    after:
      "Taking the most common answer is called a vote, or self-consistency. Remember what it said: you will need it.",
  },
  {
    step: "reference",
    title: "One answer out of eight",
    minutes: 5,
    text: [
      "Next, the anchor: the same model, frozen. It reads all the answers and writes a new one, the reference. The question is covered. The anchor never sees it, so it cannot simply answer once more; it has to work with what the others wrote.",
      "Before you press Next: will it say what most answers say?",
    ],
    tasks: [{ text: "Let the anchor write, and read its reference to the end.", waits: "reference" }],
    point: "synthesise",
    ask: null,
    after:
      "The anchor does not count votes. It can take a step from one answer and a correction from another. It can also be wrong.",
  },
  {
    step: "reward",
    title: "Agreement is not truth",
    minutes: 5,
    text: [
      "Each answer is now held against the reference: the same result earns 1, another one 0. The bars show just that, and nothing else. If the reference is wrong, wrong answers are rewarded.",
      "What counts in training is the advantage: how far a reward lies above or below the mean of its own group.",
    ],
    tasks: [{ text: "Press Next until the rewards are on the cards.", waits: "rewards" }],
    point: "reward",
    ask: null,
    after: "If all eight earn the same, every advantage is 0: no spread, no signal. The group then teaches nothing.",
  },
  {
    step: "key",
    title: "Who was right?",
    minutes: 4,
    text: [
      "This problem has a key, and it is sealed: neither the policy, nor the anchor, nor this page has looked at it. Go on with Next until only the key is left, guess who will be right, then open it.",
    ],
    tasks: [{ text: "Open the key.", waits: "key" }],
    point: "key",
    ask: null,
    after: "Only now are there ticks and crosses. Compare them with the rewards: where do the two disagree?",
  },
  {
    step: "again",
    title: "Once is an anecdote",
    minutes: 5,
    text: [
      "One problem shows how it works, not how well. Throw the dice again: New problem, Run, open the key. The dice choose, not you and not we; that is why the tally counts only these.",
    ],
    tasks: [{ text: "Open the keys of three problems in all.", waits: "keys" }],
    point: "dice",
    ask: null,
    after:
      "Who is ahead in your tally: the first answer, the vote, or the synthesis? Three problems are still few. A fair comparison takes hundreds, and says how sure it is.",
  },
  {
    step: "flu",
    title: "When no answer is the right one",
    minutes: 6,
    text: [
      "How to treat a mild flu at home? There is no number to compare. So the anchor writes a reference as before, and then, from the reference alone, at least five criteria that can be answered by yes or no: a rubric. A judge, another model, answers each of them for each answer.",
      "Please take none of it as medical advice: a very small model writes it.",
    ],
    tasks: [{ text: "Press Run, and follow the rubric until every answer has its reward.", waits: "verdicts" }],
    point: "reward",
    ask: { domain: "advice", prompt: "How to treat a mild flu at home?" },
    after: "A reward of 0.8 means: four of five criteria met. It does not mean: 80 % right.",
  },
  {
    step: "rubric",
    title: "Ask for what was forgotten",
    minutes: 4,
    text: [
      "The rubric comes from the reference, so what the reference forgot, nobody is asked for. You can mend that: add a criterion, such as “Says when to see a doctor.”, or change one. Only what changed is judged again.",
    ],
    tasks: [{ text: "Add or change a criterion.", waits: "edited" }],
    point: "reward",
    ask: null,
    after: "You have changed what is rewarded, and so what a model would learn. Whoever writes the rubric decides.",
  },
  {
    step: "disagree",
    title: "Disagree with the judge",
    minutes: 4,
    text: [
      "A small judge errs. Find a verdict that you do not share, say so, and give a reason. What the judge said stays beside it: nothing is wiped out.",
      "And because people err as well, take it back again.",
    ],
    tasks: [
      { text: "Override one verdict.", waits: "override" },
      { text: "Undo it.", waits: "undo" },
    ],
    point: "reward",
    ask: null,
    after: "All of this stands in the run's file: who said what, who changed it, and who changed it back.",
  },
  {
    step: "student",
    title: "The student and the teacher",
    minutes: 8,
    text: [
      "So far nobody has learnt anything. Now the rewards are used: step after step, what earned more than its group becomes likelier. The policy is the student. Its teacher is the synthesis that the frozen anchor writes, which has never seen the question.",
      "First four lines are drawn, on problems that nobody learns from: a single answer, lowest; greedy and the vote; the teacher, well above. The student begins on the first line. The better its answers, the better what the teacher reads, and so what it writes. Can a student pass the teacher that it learns from?",
    ],
    tasks: [
      { text: "Guess, then press Put the choices in and Start.", waits: "foretold" },
      { text: "Wait until the start has been measured, and find the teacher’s line.", waits: "measured" },
      { text: "Let it learn until it is measured again. Then pause, and compare before and after.", waits: "learnt" },
    ],
    point: "training",
    ask: null,
    training: "items=20&evaluate-every=5",
    guess: {
      text: "After some fifty steps, where will a single answer of the student be?",
      options: ["above the teacher", "between greedy and the teacher", "below greedy"],
    },
    after:
      "Reaching greedy alone is sharpening: it says more often what it knew. Passing the teacher is learning. Twenty problems are few, so mind the error bars before you say that it has happened; and try random rewards as well.",
  },
];

/** For what summaries get wrong, at the end. */
export const READING_MINUTES = 2;

export interface Correction {
  readonly said: string;
  readonly so: string;
  /** Where in the paper. */
  readonly where: string;
}

/** Whole papers become one sentence, and something is lost. Versions: v1 of September 2025, v3 of May 2026. */
export const corrections: readonly Correction[] = [
  {
    said: "“GRPO gives good answers a reward.”",
    so: "The R stands for relative: group relative policy optimisation. A reward counts only against the other answers to the same question, less the group's mean and over its spread. An answer with reward 1 among eight of them moves nothing.",
    where: "v1 equations 1–3, v3 equations 6–8",
  },
  {
    said: "“27 % better at mathematics.”",
    so: "Gains are relative, not points, and the figures quoted are the best of three models. Where a single answer of Qwen 3 4B was right in 79 of 100 cases and the synthesis of eight in 85, that is 6 points, or 8 % relative.",
    where: "v1 abstract and figure 7, v3 §4.5",
  },
  {
    said: "“Synthesis beats everything.”",
    so: "The first version said so of mathematics. The third is softer: there it matches the best of the methods that exist, and its case rests on questions whose answers cannot be checked.",
    where: "v1 and v3, results on MATH-500",
  },
  {
    said: "“It is right even where all answers are wrong.”",
    so: "It happens, with every model that was tried, and it is the most striking thing in the paper. It happens in about 1 % of questions.",
    where: "v1 and v3, with a worked example in v1 appendix A, v3 appendix B",
  },
  {
    said: "“It often overrules the majority.”",
    so: "On MATH-500 it differs from the vote in 14 % of questions by the first version, in 5 to 7 % by the third. Quote the version with the number.",
    where: "v1 results, v3 table 1",
  },
  {
    said: "“A model that grades itself.”",
    so: "The rubric is the model's own, but in the paper an independent and much larger model judges by it. A small judge in a page is not that one.",
    where: "v1 and v3 §3.2.2, v3 appendix A.3",
  },
];
