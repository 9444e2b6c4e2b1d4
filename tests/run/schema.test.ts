import { readFile } from "node:fs/promises";
import { Ajv, type AnySchema } from "ajv";
import { expect, test } from "vitest";
import { runSchema } from "../../scripts/run-schema.ts";
import { runToEnd } from "../cat/run.ts";
import { scripted } from "../scripted.ts";

const committed = await readFile("docs/run.schema.json", "utf8");
const validate = new Ajv({ strict: false }).compile(JSON.parse(committed) as AnySchema);

test("docs/run.schema.json is what src/run/schema.ts says (npx tsx scripts/run-schema.ts)", async () => {
  expect(await runSchema()).toBe(committed);
});

test("every line of a run is valid by the JSON schema, and a wrong line is not", async () => {
  const log = await runToEnd({ policy: scripted({ answer: () => "\\boxed{4}" }) });
  for (const event of log) expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ type: "notice", code: "fewer-rows", message: "m", seq: 3, atMs: 1 })).toBe(true);
  expect(validate({ type: "notice", code: "fewer-rows", seq: 3, atMs: 1 })).toBe(false);
  expect(validate({ type: "rewound", step: 10, seq: 3, atMs: 1 })).toBe(true);
  expect(validate({ type: "rewound", step: -1, seq: 3, atMs: 1 })).toBe(false);
  expect(validate({ ...log[0]!, groupSize: 0 })).toBe(false);
  const chosen = { tasks: 8, kl: 0.01, learningRate: 1e-4, items: 100, evaluateEvery: 10 };
  const training = { ...chosen, aggregator: "synthesis", rubricFrom: "reference", anchor: "frozen", reward: "cat" };
  expect(validate({ ...log[0]!, kind: "train", training })).toBe(true);
  expect(validate({ ...log[0]!, kind: "train", training: { ...training, anchor: "thawed" } })).toBe(false);
  expect(validate({ ...log.at(-1)!, type: "run.ended" })).toBe(false);
});
