/** @file Choices after prompts that begin alike: the same as after each by itself, for fewer tokens read. */
import { afterAll, expect, test, vi } from "vitest";
import { createLanguageModel } from "../../src/engine/language-model.ts";
import { nodeRuntime } from "../../src/engine/ort-node.ts";
import { Session } from "../../src/engine/session.ts";
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
  const forward = vi.spyOn(Session.prototype, "forward");
  const together = await model.decide(prompts, ["y", "n"]);
  const read = forward.mock.calls.reduce((sum, [ids]) => sum + ids[0]!.length, 0);
  forward.mockRestore();
  for (const [i, row] of together.entries()) {
    for (const [j, p] of row.entries()) expect(Math.log(p)).toBeCloseTo(Math.log(alone[i]![j]!), 4);
  }
  const shared = `<|user|>${answer}\nSays t`.length;
  const all = prompts.reduce((sum, prompt) => sum + prompt.length, 0);
  expect(read).toBeLessThan(all - 2 * shared);
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
