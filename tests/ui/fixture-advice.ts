/** @file A run of `advice`: eight answers about a mild flu, a rubric of six criteria, and a judge that looks for words. For tests of the page and for looking at it. */
import type { LoggedEvent } from "../../src/run/event.ts";
import { scripted } from "../scripted.ts";
import { recordFixture } from "./fixture-core.ts";

const REST = "Rest in bed, because your body heals while you sleep.";
const FLUIDS = "Drink plenty of water or tea, because a fever dries you out.";
const MEDICINE = "Take a simple fever medicine if you need it, and follow the packet.";
const DOCTOR = "See a doctor if you get worse or struggle to breathe.";
const APART = "Stay away from other people, because the flu spreads easily.";
const SOUP = "Eat light meals such as soup, because they are easy on your stomach.";
const AIR = "Open the window now and then, because fresh air helps you breathe.";
const ONIONS = "Put onion slices in your socks, because they pull the flu out.";
const STONE = "Lay a blue stone on your chest, because it absorbs the fever.";

const ANSWERS = [
  [REST, FLUIDS, DOCTOR, SOUP],
  [FLUIDS, ONIONS, AIR],
  [REST, FLUIDS, MEDICINE, DOCTOR, APART, SOUP],
  [REST, STONE, APART],
  [FLUIDS, MEDICINE, DOCTOR, AIR],
  [REST, REST, FLUIDS, SOUP],
  [REST, FLUIDS, MEDICINE, APART, ONIONS],
  [AIR, SOUP],
].map((sentences) => sentences.join(" "));

const REFERENCE = [REST, FLUIDS, MEDICINE, DOCTOR, APART].join(" ");

/** Criteria, and the word that the judge of this fixture looks for. */
const RUBRIC: readonly (readonly [criterion: string, word: string])[] = [
  ["Tells you to rest.", "Rest"],
  ["Recommends water, tea or other drinks often.", "Drink"],
  ["Advises following the packet when taking medicine.", "packet"],
  ["Says when to see a doctor about the flu.", "doctor"],
  ["Tells you to stay away from others.", "Stay away"],
  ["Does not recommend onions in socks.", ""],
];

const XML = `<rubric>${RUBRIC.map(([text]) => `<criterion>${text}</criterion>`).join(" ")}</rubric>`;

/** P(yes). Where the answer only mentions fresh air, this judge cannot tell whether that is rest. */
function yes(prompt: string): number {
  const [, told = "", asked, statement = ""] = /^([^]*)\n(Says|Denies): (.*?)(?:<|$)/.exec(prompt) ?? [];
  if (asked !== undefined) {
    const inOtherWords = statement === FLUIDS && told.includes("soup");
    return asked === "Says" && (told.includes(statement) || inOtherWords) ? 0.96 : 0.03;
  }
  const [answer = "", rest = ""] = prompt.split("\nCriterion: ");
  const [, word] = RUBRIC.find(([text]) => rest.startsWith(text)) ?? [];
  if (word === undefined) return 0;
  if (word === "") return answer.includes("onion") ? 0.08 : 0.86;
  if (word === "Rest" && !answer.includes(word) && answer.includes("window")) return 0.5;
  if (word === "Drink" && answer.includes("soup") && !answer.includes(word)) return 0.58;
  return answer.includes(word) ? 0.97 : 0.11;
}

interface Choices {
  /** What the anchor replies when asked for criteria. */
  readonly rubric?: string;
  /** The judge is asked where the steps of the reference come from. */
  readonly sources?: boolean;
}

/** The log of one finished run; its rewards are not all alike. */
export function adviceRun({ rubric = XML, sources = false }: Choices = {}): Promise<readonly LoggedEvent[]> {
  return recordFixture({
    domain: "advice",
    task: { id: null, prompt: "How to treat a mild flu at home?", kind: "open" },
    item: null,
    size: ANSWERS.length,
    sources,
    policy: scripted({ answer: (_, row) => ANSWERS[row]!, promptSet: "kitten" }),
    anchor: scripted({
      answer: (prompt) => (prompt.includes("Write criteria") ? rubric : REFERENCE),
      promptSet: "kitten",
    }),
    judge: scripted({ yes, promptSet: "kitten-judge" }),
  });
}
