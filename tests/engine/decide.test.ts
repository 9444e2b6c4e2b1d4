/** @file Choices after prompts that begin alike: the same as after each by itself, for fewer tokens read. */
import { afterAll, expect, test, vi } from "vitest";
import { decideApart, decideTogether } from "../../src/engine/decide.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { Runtime } from "../../src/engine/runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { RANDOM_ENTRY } from "./random-entry.ts";
import { randomLlama } from "./random-llama.ts";

const runtime = await nodeRuntime();
const model = await createLanguageModel({ runtime, files: randomLlama(), entry: RANDOM_ENTRY });
afterAll(() => model.dispose());

const answer = "Rest, drink, and wait until it is over. ".repeat(3);
// The last is longer than a chunk behind the answer.
const criteria = [
  "Says to rest.",
  "Says to drink.",
  "Says to run.",
  "Says that it is soon over if one only waits long enough.",
];
const prompts = criteria.map((criterion) => `<|user|>${answer}\n${criterion}<|end|><|assistant|>`);

test("gives what each prompt gives by itself, and reads what they share once", async () => {
  const alone: (readonly number[])[] = [];
  for (const prompt of prompts) alone.push(...(await model.decide([prompt], ["y", "n"])));
  const pass = vi.spyOn(Session.prototype, "pass");
  const together = await model.decide(prompts, ["y", "n"]);
  const read = pass.mock.calls.reduce((sum, [ids]) => sum + (ids as readonly (readonly number[])[])[0]!.length, 0);
  pass.mockRestore();
  for (const [i, row] of together.entries()) {
    for (const [j, p] of row.entries()) expect(Math.log(p)).toBeCloseTo(Math.log(alone[i]![j]!), 4);
  }
  const shared = `<|user|>${answer}\nSays t`.length;
  const all = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
  expect(read).toBeLessThan(all - 2 * shared);
});

test("read in step, as on a GPU: the same, in as many passes as there are heads and the longest rest has tokens", async () => {
  const files = randomLlama();
  const session = await Session.create(runtime, files);
  const tokenizer = new Tokenizer(files);
  // The last two are alone: of another beginning, and shorter than any head.
  const mixed = [...prompts, "<|user|>Something else<|end|><|assistant|>", ...prompts.toReversed(), "ab"];
  const asking = { prompts: mixed.map((prompt) => tokenizer.encode(prompt)), choices: [121, 110, 0] };
  const apart = await decideApart(session, asking);
  const pass = vi.spyOn(Session.prototype, "pass");
  const together = await decideTogether(session, asking);
  const passes = pass.mock.calls.length;
  pass.mockRestore();
  for (const [i, row] of apart.entries()) {
    for (const [j, p] of row.entries()) expect(Math.log(together[i]![j]!)).toBeCloseTo(Math.log(p), 4);
  }
  // Heads of more than one piece take a pass more each.
  const longest = Math.max(...criteria.map(({ length }) => length)) + "<|end|><|assistant|>".length;
  expect(passes).toBeLessThan(8 + longest);
  // Where memory holds three rows, the matrix comes in parts, and is the same.
  const token = session.graph.caches.reduce((sum, { kvHeads, headSize }) => sum + kvHeads * headSize * 4, 0);
  const small = await Session.create(
    Runtime.onCpu(runtime.ort, "node", session.weightBytes + 3 * 4 * 256 * token),
    files,
  );
  const notices: string[] = [];
  small.runtime.onNotice = ({ code }) => notices.push(code);
  const inParts = await decideTogether(small, asking);
  expect(notices).toEqual(["fewer-rows"]);
  for (const [i, cells] of apart.entries()) {
    for (const [j, p] of cells.entries()) expect(Math.log(inParts[i]![j]!)).toBeCloseTo(Math.log(p), 4);
  }
  await session.dispose();
  await small.dispose();
});

test("a stop between two cells is heard", async () => {
  let asked = 0;
  const stop = {
    aborted: false,
    throwIfAborted: () => {
      if (++asked === 4) throw new Error("stopped");
    },
  };
  await expect(model.decide(prompts, ["y", "n"], stop)).rejects.toThrow("stopped");
});
