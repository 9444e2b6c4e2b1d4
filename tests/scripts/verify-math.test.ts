/** @file `verify math`: JSON lines in, JSON lines out, in order; bad lines say what is wrong and stop nothing. */
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { verifyMath, type VerifyOptions } from "../../scripts/verify-math.ts";

async function lines(input: readonly string[], options: Partial<VerifyOptions> = {}) {
  const printed: Record<string, unknown>[] = [];
  const told = { paperExact: false, acceptAlternative: false, ...options };
  await verifyMath(
    Readable.from([input.map((line) => `${line}\n`).join("")]),
    (line) => printed.push(JSON.parse(line) as Record<string, unknown>),
    told,
  );
  return printed;
}

const pair = (a: string, b: string) => JSON.stringify({ a, b });

test("a line for each line, in order", async () => {
  const printed = await lines([pair("So \\boxed{\\frac12}", "0.5"), "no JSON", '{"a": "1"}', "[]", "", pair("3", "4")]);
  expect(printed).toHaveLength(6);
  expect(printed[0]).toEqual({
    equal: true,
    rule: "same number",
    a: { extracted: "\\frac12", normal: "1/2" },
    b: { extracted: "0.5", normal: "1/2" },
    second: true,
    ms: expect.any(Number) as number,
  });
  for (const bad of printed.slice(1, 5)) expect(Object.keys(bad)).toEqual(["error"]);
  expect(printed[5]).toMatchObject({ equal: false, second: false });
});

test("the options of the command", async () => {
  const alternatives = [pair("4", "\\pm 4"), pair("-4", "\\pm 4")];
  expect((await lines(alternatives)).map((line) => line["equal"])).toEqual([false, false]);
  expect((await lines(alternatives, { acceptAlternative: true })).map((line) => line["equal"])).toEqual([true, false]);
  const boxes = [pair("\\boxed{2}", "\\boxed{ 2 }"), pair("\\boxed{2}", "\\boxed{2.0}"), pair("2", "2")];
  expect((await lines(boxes, { paperExact: true })).map((line) => line["equal"])).toEqual([true, false, null]);
});
