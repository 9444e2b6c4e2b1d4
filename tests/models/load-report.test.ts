/** @file Reports of loads: the last of each device, of these files alone; nothing of an address survives; what is none is refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Load, parseLoadReport, withLoad, withoutAddresses } from "../../src/models/load-report.ts";

const model = {
  id: "someone/some-model",
  dtype: "q4",
  revision: null,
  files: [{ path: "a", bytes: 1, sha256: "0".repeat(64) }],
};
const load = (device: Load["device"], start: number): Load => ({
  date: "2026-11-24",
  app: "CaT Lab 0.1.0",
  browser: "Some browser",
  libraries: { "onnxruntime-web": "1", "@huggingface/transformers": "4" },
  device,
  adapter: null,
  ms: { start, check: null },
  selfTest: null,
  failure: { code: "self-test-failed", message: "garbage" },
});

test("of any row of loads the last of each device stays, and can be read back", () => {
  const devices = fc.constantFrom("webgpu", "wasm", "node");
  fc.assert(
    fc.property(fc.array(devices, { minLength: 1 }), (row) => {
      const loads = row.map(load);
      const report = loads.reduce(
        (before: ReturnType<typeof withLoad> | null, one) => withLoad(before, model, one),
        null,
      )!;
      const last = new Map(loads.map((one) => [one.device, one]));
      expect(new Set(report.loads)).toEqual(new Set(last.values()));
      expect(report.loads.at(-1)).toBe(loads.at(-1));
      expect(parseLoadReport(JSON.stringify(report))).toEqual(report);
    }),
  );
});

test("of other files than these nothing stays", () => {
  const before = withLoad(null, { ...model, files: [{ ...model.files[0]!, bytes: 2 }] }, load("webgpu", 1));
  expect(withLoad(before, model, load("wasm", 2)).loads.map(({ device }) => device)).toEqual(["wasm"]);
});

describe("messages", () => {
  test("lose every address, and nothing else", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), fc.constantFrom("", ".", "'", ")", " (x)"), (url, end) => {
        const said = withoutAddresses(`It is not at ${url}${end}`);
        expect(said).toContain("It is not at (an address)");
        expect(said).not.toContain(new URL(url).host);
      }),
      { numRuns: 30 },
    );
    const plain = "a prompt of 33 tokens in one piece and in chunks of 26 disagree (by 0.2 deviations)";
    expect(withoutAddresses(plain)).toBe(plain);
  });
});

test.each(["{", "null", "{}", JSON.stringify({ ...model, loads: [] })])("%s is no report", (text) => {
  expect(parseLoadReport(text)).toBeNull();
});
