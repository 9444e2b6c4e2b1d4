/**
 * @file `npx tsx tests/lab/save-trained.ts FOLDER`: one step of training on kitten with made-up rewards, saved there as the page saves it, with
 * greedy.json: what it says then. For the recipe test that asks Hugging Face transformers the same.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { GREEDY } from "../../src/cat/options.ts";
import { explore } from "../../src/cat/rollouts.ts";
import { result } from "../../src/bench/result.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { hubZip } from "../../src/lab/save-training.ts";
import { createTrainee } from "../../src/lab/trainee.ts";
import { grpoSettings } from "../../src/lab/training.ts";
import { parseManifest, trainablePolicy } from "../../src/models/manifest.ts";
import { readModel } from "../../src/models/read-node.ts";

const MODELS = join(import.meta.dirname, "../../models");
const PROMPTS = ["What is 12 plus 30?", "Mia has 3 bags of 4 apples and eats 2. How many apples are left?"];

const folder = process.argv[2];
if (folder === undefined) throw new Error("where to? npx tsx tests/lab/save-trained.ts FOLDER");
const manifest = parseManifest(JSON.parse(await readFile(join(MODELS, "manifest.json"), "utf8")));
const entry = trainablePolicy(manifest, "sums");
const files = await readModel(join(MODELS, entry.path), entry);
const trainee = await createTrainee(await nodeRuntime(), files, entry, grpoSettings({ kl: 0, learningRate: 2e-3 }));
const { policy, trainer, encode } = trainee;
const rendered = PROMPTS.map((content) => policy.render([{ role: "user", content }]));

const options = { groupSize: 4, seed: 1, sampling: { ...GREEDY, temperature: 2 }, maxTokens: 24, now: () => 0 };
const groups = [];
for (const [group, prompt] of PROMPTS.entries()) {
  const { rollouts } = await result(explore({ id: null, prompt, kind: "math" }, policy, { ...options, group }));
  groups.push({ prompt: encode(rendered[group]!), rollouts, rewards: rollouts.map((_, i) => i % 2) });
}
await trainer.step(groups);

const cases = [];
for (const prompt of rendered) {
  const noise = { seed: 1, group: 0, purpose: "rollout", rollout: 0 } as const;
  const tokens: number[] = [];
  for await (const { token } of policy.generate([{ prompt, n: 1, noise, sampling: GREEDY, maxTokens: 32 }])) {
    tokens.push(token);
  }
  cases.push({ prompt: encode(prompt), tokens });
}
const zip = unzipSync(await hubZip(files, (await trainer.checkpoint()).weights, ""));
for (const [path, bytes] of Object.entries({ ...zip, "greedy.json": Buffer.from(JSON.stringify(cases)) })) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}
await trainee.dispose();
