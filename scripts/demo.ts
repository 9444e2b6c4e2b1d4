/** @file `npm run demo`: one run of the built page in a headless browser, printed as it happens. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { placePrompt } from "../src/models/place.ts";
import { formatEvent } from "../src/run/lines.ts";
import { LONGEST_PROMPT } from "../src/ui/state/link.ts";
import { launch } from "./chromium.ts";
import {
  choice,
  flag,
  integer,
  MAX_SEED,
  noWords,
  optional,
  parseOptions,
  runCommand,
  text,
  UsageError,
} from "./options.ts";
import { modelReady, openLab, runToEnd } from "./page.ts";
import { runPrinter } from "./print-run.ts";
import { serve } from "./server.ts";
import { buildIfStale, DIST, ROOT } from "./site.ts";

/** A whole group of advice on a software adapter takes a quarter of an hour on a busy machine. */
const RUN_MS = 45 * 60_000;

await runCommand(async (argv) => {
  const { values, words } = parseOptions(argv, {
    domain: choice(["sums", "lists", "advice"], "sums"),
    item: optional(integer(0, Infinity, 0)),
    prompt: optional(text("a question")),
    rollouts: integer(1, 16, 8),
    seed: integer(0, MAX_SEED, 1),
    device: choice(["webgpu", "wasm"], "webgpu"),
    json: flag(),
  });
  noWords(words);
  const { domain, device, rollouts: groupSize, seed, json } = values;
  const { prompt, item } = question(domain, values.prompt, values.item);
  const { inside, strange, domain: reads } = placePrompt(prompt);
  if (!inside) {
    const why =
      strange.length === 0 ? "it strings known words together in a new way" : `it has no ${strange.join(", ")}`;
    console.error(
      `The embedded models' small world does not hold this question: ${why}. Expect little of the answers.`,
    );
  } else if (reads !== null && reads !== domain) {
    console.error(`This reads like a question for ${reads}; ${domain} is asked.`);
  }

  await buildIfStale();
  const server = await serve(DIST);
  const browser = await launch({ webgpu: device === "webgpu" });
  const close = () => Promise.all([browser.close(), server.close()]);
  process.once("SIGINT", () => void close());
  try {
    const print = json
      ? (event: Parameters<typeof formatEvent>[0]) => process.stdout.write(formatEvent(event))
      : runPrinter(console.log);
    const link = { view: "lab", prompt, domain, seed, groupSize, device, ...(item === null ? {} : { item }) } as const;
    const lab = await openLab(browser, server.url, link, { onEvent: print });
    console.error("Loading the model …");
    await modelReady(lab);
    const events = await runToEnd(lab, RUN_MS);
    return events.at(-1)?.type === "run.finished" ? 0 : 1;
  } finally {
    await close();
  }
});

/** The question that is asked: a held-out item of the domain by number (0 where nothing is said), or the visitor's own. */
function question(domain: string, prompt: string | null, item: number | null): { prompt: string; item: number | null } {
  if (prompt !== null && item !== null)
    throw new UsageError("--item and --prompt exclude each other: give one of them");
  if (prompt !== null) {
    if (prompt.length > LONGEST_PROMPT) {
      throw new UsageError(
        `--prompt has ${prompt.length} characters: it takes a question of at most ${LONGEST_PROMPT}`,
      );
    }
    return { prompt, item: null };
  }
  const lines = readFileSync(join(ROOT, "models", "items", domain, "tasks.jsonl"), "utf8")
    .trim()
    .split("\n");
  const line = lines[item ?? 0];
  if (line === undefined) {
    throw new UsageError(`--item is "${item ?? 0}": it takes a whole number from 0 to ${lines.length - 1}`);
  }
  return { prompt: (JSON.parse(line) as { prompt: string }).prompt, item: item ?? 0 };
}
