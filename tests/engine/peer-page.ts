/** @file The page that tests/browser/peer.test.ts drives: greedy answers of an embedded model by transformers.js and by our engine. */
import { loadPeer } from "../../scripts/bench-page/peer.ts";
import { runBatch } from "../../src/engine/run-batch.ts";
import { browserRuntime } from "../../src/engine/page-runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { downloadModel } from "../../src/models/download.ts";
import { findModel, parseManifest } from "../../src/models/manifest.ts";
import { embeddedSource } from "../../src/models/source.ts";

export interface GreedyAnswers {
  /** [prompts][tokens], the end token included. */
  readonly ours: readonly (readonly number[])[];
  readonly theirs: readonly (readonly number[])[];
}

declare global {
  interface Window {
    greedyAnswers(id: string, contents: readonly string[], maxTokens: number): Promise<GreedyAnswers>;
  }
}

const GREEDY = { temperature: 0, topK: null, topP: null };

window.greedyAnswers = async (id, contents, maxTokens) => {
  const runtime = await browserRuntime("wasm");
  const entry = findModel(parseManifest(await (await fetch("models/manifest.json")).json()), id);
  const files = await downloadModel(embeddedSource(location.href), entry);
  const tokenizer = new Tokenizer(files);
  const session = await Session.create(runtime, files);
  const peer = await loadPeer({ id, dtype: "q8", paths: [] }, runtime);
  const prompts = contents.map((content) => tokenizer.encode(tokenizer.render([{ role: "user", content }])));
  const jobs = prompts.map((prompt, index) => ({
    ...{ index, prompt, maxTokens, endTokens: tokenizer.endTokens, vocabulary: null },
    request: {
      ...{ prompt: "", n: 1, maxTokens, sampling: GREEDY },
      noise: { seed: 0, group: index, purpose: "rollout" as const, rollout: 0 },
    },
  }));
  const ours = prompts.map((): number[] => []);
  const tokens = Math.max(...prompts.map(({ length }) => length)) + maxTokens;
  for await (const { request, token } of runBatch(session, jobs, { rows: prompts.length, tokens })) {
    ours[request]!.push(token);
  }
  const theirs: number[][] = [];
  for (const prompt of prompts) {
    const [row] = await peer.generate([prompt], { max_new_tokens: maxTokens, do_sample: false });
    theirs.push(row!.slice(prompt.length));
  }
  await peer.dispose();
  await session.dispose();
  return { ours, theirs };
};
