/** @file `npm run record`: makes the recorded runs of public/recorded/, which the page plays before a model is loaded. Real runs of the built page, on wasm. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatEvent } from "../src/run/lines.ts";
import { launch } from "./chromium.ts";
import { noWords, parseOptions, runCommand } from "./options.ts";
import { modelReady, openLab, runToEnd } from "./page.ts";
import { serve } from "./server.ts";
import { buildIfStale, DIST, ROOT } from "./site.ts";

/** The first one is what a first visit shows. */
const RECORDED = [
  {
    file: "shells.jsonl",
    title: "Shells, a story of two steps",
    prompt: "Mia has 14 shells. She buys 3 bags of 4. She gives away 9. How many shells does she have now?",
    seed: 1,
    why: "Chosen as a first example because its answers disagree.",
  },
  {
    file: "square-root.jsonl",
    title: "The square root of 16",
    prompt: "What is the square root of 16?",
    seed: 1,
    why: "Chosen because it is short.",
  },
];

await runCommand(async (argv) => {
  noWords(parseOptions(argv, {}).words);
  await buildIfStale();
  const folder = join(ROOT, "public", "recorded");
  const server = await serve(DIST);
  const browser = await launch({ webgpu: false });
  try {
    const files = new Map<string, string>();
    for (const { file, prompt, seed } of RECORDED) {
      const link = { view: "lab", prompt, seed, groupSize: 8, device: "wasm" } as const;
      const lab = await openLab(browser, server.url, link);
      await modelReady(lab);
      const events = await runToEnd(lab, 120_000);
      if (events.at(-1)?.type !== "run.finished") throw new Error(`the run for ${file} did not finish`);
      files.set(file, events.map(formatEvent).join(""));
      await lab.context.close();
    }
    mkdirSync(folder, { recursive: true });
    for (const old of readdirSync(folder)) rmSync(join(folder, old));
    for (const [file, text] of files) writeFileSync(join(folder, file), text);
    const index = { runs: RECORDED.map(({ file, title, why }) => ({ file, title, why })) };
    writeFileSync(join(folder, "index.json"), `${JSON.stringify(index, null, 2)}\n`);
    console.log(`${files.size} runs are in public/recorded/`);
    return 0;
  } finally {
    await browser.close();
    await server.close();
  }
});
