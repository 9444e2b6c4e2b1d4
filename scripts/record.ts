/** @file `npm run record`: makes the recorded runs of public/recorded/, which the page plays before a model is loaded. Real runs of the built page, on wasm. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { formatEvent } from "../src/run/lines.ts";
import { launch } from "./chromium.ts";
import { noWords, parseOptions, runCommand } from "./options.ts";
import { modelReady, openLab, runToEnd } from "./page.ts";
import { serve } from "./server.ts";
import { buildIfStale, DIST, ROOT } from "./site.ts";

/** A run of advice on one thread of a busy machine. */
const RUN_MS = 300_000;
/** The page fetches one before anything else is there, on a slow line too: compressed as it is served, 0.2 s at 1.5 Mbit/s. */
const LARGEST_BYTES = 40_000;

/** The first one is what a first visit shows, the first of a domain what that domain shows. */
const RECORDED = [
  {
    file: "shells.jsonl",
    domain: "sums",
    groupSize: 8,
    title: "Shells, a story of two steps",
    prompt: "Mia has 14 shells. She buys 3 bags of 4. She gives away 9. How many shells does she have now?",
    seed: 1,
    why: "Chosen as a first example because its answers disagree.",
  },
  {
    file: "square-root.jsonl",
    domain: "sums",
    groupSize: 8,
    title: "The square root of 16",
    prompt: "What is the square root of 16?",
    seed: 1,
    why: "Chosen because it is short.",
  },
  {
    file: "even-numbers.jsonl",
    domain: "lists",
    groupSize: 8,
    title: "Even numbers, a function of three steps",
    prompt:
      "Write a JavaScript function f(list) that removes the odd numbers, adds 3 to each and returns the largest or null.",
    seed: 1,
    why: "Chosen as a first example because its steps are easy to check by eye.",
  },
  {
    file: "mild-flu.jsonl",
    domain: "advice",
    // A verdict for each answer and criterion makes a long file; four answers keep it small.
    groupSize: 4,
    title: "A mild flu",
    prompt: "How to treat a mild flu at home?",
    seed: 1,
    why: "Chosen because everybody can judge it. Not medical advice.",
  },
] as const;

await runCommand(async (argv) => {
  noWords(parseOptions(argv, {}).words);
  await buildIfStale();
  const folder = join(ROOT, "public", "recorded");
  const server = await serve(DIST);
  const browser = await launch({ webgpu: false });
  try {
    const files = new Map<string, string>();
    for (const { file, domain, prompt, seed, groupSize } of RECORDED) {
      const link = { view: "lab", prompt, domain, seed, groupSize, device: "wasm" } as const;
      const lab = await openLab(browser, server.url, link);
      await modelReady(lab);
      const events = await runToEnd(lab, RUN_MS);
      if (events.at(-1)?.type !== "run.finished") throw new Error(`the run for ${file} did not finish`);
      const text = events.map(formatEvent).join("");
      const bytes = brotliCompressSync(text).length;
      if (bytes > LARGEST_BYTES) {
        throw new Error(
          `the run for ${file} has ${bytes} bytes compressed, more than ${LARGEST_BYTES}: choose a shorter one`,
        );
      }
      files.set(file, text);
      await lab.context.close();
    }
    mkdirSync(folder, { recursive: true });
    for (const old of readdirSync(folder)) rmSync(join(folder, old));
    for (const [file, text] of files) writeFileSync(join(folder, file), text);
    const index = { runs: RECORDED.map(({ file, title, why, domain }) => ({ file, title, why, domain })) };
    writeFileSync(join(folder, "index.json"), `${JSON.stringify(index, null, 2)}\n`);
    console.log(`${files.size} runs are in public/recorded/`);
    return 0;
  } finally {
    await browser.close();
    await server.close();
  }
});
