/** @file What comes out of a sandbox, read: whatever it is, either an outcome that can be compared and written, or nothing. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readOutcome } from "../../src/sandbox/read-outcome.ts";
import { compareOutcomes, sameOutcome, type Value } from "../../src/verify/code/outcome.ts";

const text = fc.string({ unit: "binary" });
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (Object.is(x, -0) ? 0 : x)),
    text,
    fc.constantFrom("undefined", "NaN", "Infinity", "-Infinity").map((type) => ({ type })) as fc.Arbitrary<Value>,
    fc.bigInt().map((digits): Value => ({ type: "bigint", digits: String(digits) })),
    fc.array(tie("value")),
    fc
      .uniqueArray(fc.tuple(text, tie("value")), { selector: ([key]) => key })
      .map((entries): Value => ({ type: "object", entries })),
  ),
})).value;

test("what the harness writes is read as it was written", () => {
  fc.assert(
    fc.property(value, (v) => {
      expect(readOutcome(JSON.stringify({ type: "value", value: v }))).toEqual({ type: "value", value: v });
    }),
  );
  for (const outcome of [
    { type: "threw", error: "" },
    { type: "failed", why: "too large" },
    { type: "failed", why: "not plain data" },
  ]) {
    // prettier-ignore
    expect(readOutcome(JSON.stringify(outcome))).toEqual(outcome);
  }
});

test("anything at all is read without a throw, and what is read can be compared and written", () => {
  const shaped = fc.record(
    {
      type: fc.oneof(fc.constantFrom("value", "threw", "failed", "object", "bigint", "NaN"), fc.anything()),
      value: fc.oneof(value, fc.jsonValue()),
      error: fc.anything(),
      why: fc.oneof(fc.constantFrom("too large", "timeout", "refused"), fc.anything()),
    },
    { requiredKeys: [] },
  );
  const written = fc.oneof(fc.json(), text, shaped.map((x) => { try { return JSON.stringify(x); } catch { return ""; } })); // prettier-ignore
  fc.assert(
    fc.property(fc.oneof(written, fc.anything()), (anything) => {
      const outcome = readOutcome(anything);
      if (outcome === null) return;
      expect(sameOutcome(outcome, outcome)).toBe(outcome.type !== "failed");
      JSON.stringify(compareOutcomes([0], [outcome], [outcome]));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["not even JSON", "{"],
  ["too long", JSON.stringify({ type: "value", value: "x".repeat(2e6) })],
  ["too deep", `{"type":"value","value":${"[".repeat(5000)}${"]".repeat(5000)}}`],
  ["what only we may say", '{"type":"failed","why":"timeout"}'],
  ["an object that is not written as one", '{"type":"value","value":{"a":1}}'],
  ["entries that are none", '{"type":"value","value":{"type":"object","entries":[["a"]]}}'],
  ["a key twice", '{"type":"value","value":{"type":"object","entries":[["a",1],["a",2]]}}'],
  ["a list", '["value",1]'],
  ["nothing", "null"],
])("%s is no outcome", (_, given) => {
  expect(readOutcome(given)).toBeNull();
});

test("no key reaches a prototype", () => {
  const outcome = readOutcome('{"type":"value","value":{"type":"object","entries":[["__proto__",{"type":"object","entries":[["polluted",1]]}]]},"__proto__":{"polluted":1}}'); // prettier-ignore
  expect(sameOutcome(outcome!, outcome!)).toBe(true);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
