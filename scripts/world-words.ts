/** @file `npx tsx scripts/world-words.ts`: makes src/models/world-words.json, the words of the small world, from the committed training prompts. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isNumber, pairsOf, wordsOf } from "../src/models/words.ts";
import { noWords, parseOptions, runCommand } from "./options.ts";
import { ROOT } from "./site.ts";

const DOMAINS = ["sums", "lists", "advice"];
const FILE = join(ROOT, "src", "models", "world-words.json");

/** Sorted, so that the file changes only where the prompts do. */
function worldWords(prompts: readonly string[]) {
  const numbers = new Set<number>();
  const next = new Map<string, Set<string>>();
  for (const words of prompts.map(wordsOf)) {
    for (const word of words.filter(isNumber)) numbers.add(Number(word));
    for (const [before, word] of pairsOf(words)) next.set(before, (next.get(before) ?? new Set()).add(word));
  }
  const follows = [...next].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    numbers: [...numbers].sort((a, b) => a - b).join(" "),
    next: Object.fromEntries(follows.map(([word, after]) => [word, [...after].sort().join(" ")])),
  };
}

export function worldWordsText(): string {
  const domains = DOMAINS.map((domain) => {
    const lines = readFileSync(join(ROOT, "models", "items", domain, "train.jsonl"), "utf8")
      .trim()
      .split("\n");
    return [domain, worldWords(lines.map((line) => (JSON.parse(line) as { prompt: string }).prompt))];
  });
  const about =
    "The words of the committed training prompts, and which follow which: ^ is the beginning, # a number. Made by scripts/world-words.ts.";
  return `${JSON.stringify({ about, domains: Object.fromEntries(domains) as unknown }, null, 2)}\n`;
}

if (process.argv[1] === import.meta.filename) {
  await runCommand(async (argv) => {
    noWords(parseOptions(argv, {}).words);
    writeFileSync(FILE, worldWordsText());
    return Promise.resolve(0);
  });
}
