/** @file A training's choices as text, which is what people and links give: checked, read, and put into a link. Says what is wrong; keeps nothing. */
import type { TrainingChoice } from "../../lab/protocol.ts";
import { type ChoiceField, choiceFields, type ChoiceName } from "./training-fields.ts";

/** What is in each field, whether it can be used or not. */
export type ChoiceTexts = Readonly<Record<ChoiceName, string>>;
export type ChoiceProblems = Readonly<Partial<Record<ChoiceName, string>>>;

/** As `npm run train` has them. */
export const firstTexts: ChoiceTexts = {
  ...{ domain: "sums", aggregator: "synthesis", reward: "cat", seed: "1", rollouts: "8", tasks: "8" },
  ...{ learningRate: "0.0001", kl: "0.01", lengthPenalty: "", anchor: "frozen", rubricFrom: "reference" },
  ...{ items: "100", evaluateEvery: "10" },
};

/** Held-out items that advice has; the others have as many as can be asked for. */
const ADVICE_ITEMS = 120;

/** Why an option cannot be taken in a domain; `null` when it can. */
export function obstacleTo(name: ChoiceName, value: string, domain: string): string | null {
  const votes = name === "aggregator" && value === "majority" && domain === "advice";
  return votes ? "Advice has no one answer to vote on: take synthesis or self best-of-N." : null;
}

/** What is wrong with each text, naming what is accepted; empty when they are a choice. */
export function problemsOf(texts: ChoiceTexts): ChoiceProblems {
  const found = choiceFields.map((field) => [field.name, problemOf(field, texts)] as const);
  return Object.fromEntries(found.filter(([, problem]) => problem !== null));
}

function problemOf(field: ChoiceField, texts: ChoiceTexts): string | null {
  const { name, label } = field;
  const text = texts[name].trim();
  const shown = text === "" ? "nothing" : `“${shortened(text)}”`;
  if ("options" in field) {
    const values = field.options.map(({ value }) => value);
    if (values.includes(text)) return obstacleTo(name, text, texts.domain);
    return `${label} is ${shown}: it takes ${values.slice(0, -1).join(", ")} or ${values.at(-1)!}.`;
  }
  if (field.optional && text === "") return null;
  const to = name === "items" && texts.domain === "advice" ? ADVICE_ITEMS : field.to;
  const value = readNumber(text);
  if (value !== null && value >= field.from && value <= to && (!field.whole || Number.isInteger(value))) return null;
  const kind = field.whole ? "a whole number" : "a number";
  return `${label} is ${shown}: it takes ${kind} from ${field.from} to ${to}${field.optional ? ", or nothing" : ""}.`;
}

/** @param texts without a problem */
export function choiceOf(texts: ChoiceTexts): TrainingChoice {
  const value = (field: ChoiceField) => {
    const text = texts[field.name].trim();
    if ("options" in field) return text;
    return text === "" ? null : Number(text);
  };
  return Object.fromEntries(choiceFields.map((field) => [field.name, value(field)])) as unknown as TrainingChoice;
}

export function textsOf(choice: TrainingChoice): ChoiceTexts {
  const texts = choiceFields.map(({ name }) => [name, choice[name] === null ? "" : String(choice[name])] as const);
  return Object.fromEntries(texts) as ChoiceTexts;
}

/** What a link leaves out is as at first, and so is what cannot be used. @returns a sentence for each of those */
export function parseChoice(query: string): { readonly texts: ChoiceTexts; readonly problems: readonly string[] } {
  const params = new URLSearchParams(query);
  const said = choiceFields.map(({ name, param }) => [name, params.get(param) ?? firstTexts[name]] as const);
  const texts = Object.fromEntries(said) as ChoiceTexts;
  const problems = problemsOf(texts);
  const usable = choiceFields.map(({ name }) => [name, problems[name] === undefined ? texts[name] : firstTexts[name]]);
  return {
    texts: Object.fromEntries(usable) as ChoiceTexts,
    problems: Object.values(problems).map((problem) => `The link cannot be followed in one thing. ${problem}`),
  };
}

/** Only what is other than at first, so that a link stays short. */
export function formatChoice(texts: ChoiceTexts): string {
  const params = new URLSearchParams();
  for (const { name, param } of choiceFields) {
    if (texts[name].trim() !== firstTexts[name]) params.set(param, texts[name].trim());
  }
  return params.toString();
}

/** "1e-4" is a number to people; "0x10" is not. */
function readNumber(text: string): number | null {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : null;
}

function shortened(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
