/** @file Choices after prompts that begin alike: the same as after each by itself, for fewer tokens read. */
import { afterAll, describe, expect, test, vi } from "vitest";
import { decideApart, decideInTrees } from "../../src/engine/decide.ts";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { Runtime } from "../../src/engine/runtime.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { kittenFiles } from "./kitten.ts";
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

/** Two answers, of which one comes twice; prompts of another beginning, one of them a single token; two that are the same. */
const ragged = [
  ...prompts,
  "<|user|>Something else<|end|><|assistant|>",
  ...prompts.toReversed(),
  "a",
  ...prompts.map((prompt) => prompt.replace("Rest", "Sleep")),
  prompts[0]!,
];

describe.each([
  ["a random Llama that is told positions", () => randomLlama()],
  ["a random Llama that counts positions itself", () => randomLlama({ positions: false })],
  ["the embedded judge", async () => (await kittenFiles("kitten-judge")).files],
] as const)("%s", (_, files) => {
  test("a matrix read as trees is what each prompt gives apart, in few passes", async () => {
    const session = await Session.create(runtime, await files());
    const tokenizer = new Tokenizer(await files());
    const asking = { prompts: ragged.map((prompt) => tokenizer.encode(prompt)), choices: [121, 110, 0] };
    expect(session.graph.takesTree).toBe(true);
    const apart = await decideApart(session, asking);
    const pass = vi.spyOn(Session.prototype, "pass");
    expectAlike(await decideInTrees(session, asking), apart);
    const passes = pass.mock.calls.length;
    pass.mockRestore();
    expect(passes).toBeLessThan(8);
    // Each alone, and in the other order.
    for (const [i, prompt] of asking.prompts.entries())
      expectAlike(await decideInTrees(session, { ...asking, prompts: [prompt] }), [apart[i]!]);
    const turned = await decideInTrees(session, { ...asking, prompts: asking.prompts.toReversed() });
    expectAlike(turned.toReversed(), apart);
    await session.dispose();
  });
});

test("where memory holds few tokens, or a window shows few, trees are small, and say the same", async () => {
  const files = randomLlama();
  const session = await Session.create(runtime, files);
  const tokenizer = new Tokenizer(files);
  const asking = { prompts: ragged.map((prompt) => tokenizer.encode(prompt)), choices: [121, 110] };
  const apart = await decideApart(session, asking);
  const token = session.graph.caches.reduce((sum, { kvHeads, headSize }) => sum + kvHeads * headSize * 4, 0);
  // As the cache grows it is there up to three times.
  const limit = session.weightBytes + 3 * token * 300;
  const small = await Session.create(Runtime.onCpu(runtime.ort, "node", limit), files);
  const pass = vi.spyOn(Session.prototype, "pass");
  expectAlike(await decideInTrees(small, asking), apart);
  const longest = Math.max(...pass.mock.calls.map(([, past]) => past.room));
  pass.mockRestore();
  expect(longest).toBeLessThan(300);
  await session.dispose();
  await small.dispose();
});

function expectAlike(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(found.length).toBe(expected.length);
  for (const [i, row] of expected.entries()) {
    for (const [j, p] of row.entries()) expect(Math.abs(Math.log(found[i]![j]!) - Math.log(p))).toBeLessThan(1e-4);
  }
}

test("a stop between two passes is heard", async () => {
  let asked = 0;
  const stop = {
    aborted: false,
    throwIfAborted: () => {
      if (++asked === 2) throw new Error("stopped");
    },
  };
  await expect(model.decide(ragged, ["y", "n"], stop)).rejects.toThrow("stopped");
});
