/** @file The self-test lets a right device pass and stops each kind of wrong one. The real wrong one: tests/browser/engine.test.ts. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { disposeKv } from "../../src/engine/kv.ts";
import { nodeRuntime } from "../../src/engine/node-runtime.ts";
import { type KnownAnswers, selfTest, type TestedSession } from "../../src/engine/self-test.ts";
import { Session } from "../../src/engine/session.ts";
import { Tokenizer } from "../../src/engine/tokenizer.ts";
import { randomLlama } from "./random-llama.ts";

const files = randomLlama();
const tokenizer = new Tokenizer(files);
let session: Session;
let known: KnownAnswers;

beforeAll(async () => {
  session = await Session.create(await nodeRuntime(), files);
  const tokens = (length: number) => Array.from({ length }, (_, i) => (i * i + 7) % 256);
  const prompt = "<|user|>unknown<|end|><|assistant|>";
  known = {
    prompt,
    greedyTokenIds: await greedy(tokenizer.encode(prompt)),
    longPromptTokenIds33: tokens(33),
    greedy33: await greedy(tokens(33)),
    longPromptTokenIds130: tokens(130),
    greedy130: await greedy(tokens(130)),
  };
});

afterAll(() => session.dispose());

async function greedy(prompt: readonly number[]): Promise<number[]> {
  const tokens: number[] = [];
  for (let step = 0; step < 4; step++) {
    const { logits, kv } = await session.forward([[...prompt, ...tokens]], session.emptyKv());
    disposeKv(kv);
    tokens.push(logits.indexOf(Math.max(...logits)));
  }
  return tokens;
}

type Spoil = (ids: readonly (readonly number[])[], result: { readonly logits: Float32Array }) => void;

/** A session whose results `spoil` may change. */
function wrong(spoil: Spoil): TestedSession {
  const { runtime, graph } = session;
  return {
    runtime,
    graph,
    emptyKv: () => session.emptyKv(),
    async forward(ids, past) {
      const result = await session.forward(ids, past);
      spoil(ids, result);
      return result;
    },
    async pass(ids, past, wanted, tree) {
      const { logits, kv } = await session.pass(ids, past, wanted, tree);
      const read = logits.read.bind(logits);
      logits.read = async () => {
        const values = await read();
        spoil(ids as readonly (readonly number[])[], { logits: values });
        return values;
      };
      return { logits, kv };
    },
  };
}

function refused(tested: TestedSession, answers: KnownAnswers | undefined, message: RegExp): Promise<void> {
  const error = { code: "self-test-failed", message: expect.stringMatching(message) as string };
  return expect(selfTest(tested, tokenizer, answers)).rejects.toMatchObject(error);
}

test("a right device passes, with known answers and without", async () => {
  await selfTest(session, tokenizer, known);
  await selfTest(session, tokenizer, undefined);
});

describe.each([
  ["with known answers", () => known],
  ["without", () => undefined],
])("%s, refuses", (_, answers) => {
  test("prefill that is wrong from 32 tokens on", async () => {
    const flash = wrong((ids, { logits }) => {
      if (ids[0]!.length >= 32) logits[5]! += 1;
    });
    await refused(flash, answers(), /33 tokens/);
  });

  test("a batch whose shorter row reads beyond its end", async () => {
    const batch = wrong((ids, { logits }) => {
      if (ids.length > 1) logits[5]! += 1;
    });
    await refused(batch, answers(), /batch of unequal rows/);
  });

  test("a text that sees the one beside it in its row", async () => {
    const { runtime, graph } = session;
    const blind: TestedSession = {
      runtime,
      graph,
      emptyKv: () => session.emptyKv(),
      forward: (ids, past) => session.forward(ids, past),
      pass: (ids, past, wanted) => session.pass(ids, past, wanted),
    };
    await refused(blind, answers(), /36 tokens differs beside another/);
  });

  test("results that are no numbers", async () => {
    const nan = wrong((_ids, { logits }) => {
      logits.fill(NaN);
    });
    await refused(nan, answers(), /NaN/);
  });
});

test("a device that is wrong everywhere in the same way is caught by the known answers only", async () => {
  const consistent = wrong((_ids, { logits }) => {
    for (const [i, logit] of logits.entries()) logits[i] = -logit;
  });
  await selfTest(consistent, tokenizer, undefined);
  await refused(consistent, known, /token 0 after \d+ known tokens/);
});

test("a token as good as the known one passes: devices round differently", async () => {
  const length = tokenizer.encode(known.prompt).length;
  const spoiledBy = (lead: number) =>
    wrong((ids, { logits }) => {
      const best = known.greedyTokenIds[0]!;
      if (ids[0]!.length === length) logits[(best + 1) % logits.length] = logits[best]! + lead;
    });
  await selfTest(spoiledBy(1e-5), tokenizer, known);
  await refused(spoiledBy(1), known, /token 0 after 10 known tokens/);
});
