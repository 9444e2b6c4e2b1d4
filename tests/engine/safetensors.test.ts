/** @file Safetensors files: what they hold, in three widths, wherever it lies; and files that do not add up, which are refused by name. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ModelError } from "../../src/cat/models.ts";
import { Safetensors } from "../../src/engine/safetensors.ts";
import { safetensorsFile } from "../../src/engine/safetensors-writer.ts";

const NUMBERS = [0, -1, 1.5, 65504, 2 ** -14, -3.140625];

test("tensors of each width are read as float32, also where they begin at an odd place", () => {
  const f16 = Uint16Array.of(0, 0xbc00, 0x3e00, 0x7bff, 0x0400, 0xc248);
  const bf16 = Uint16Array.from(Float32Array.of(0, -1, 1.5, 2 ** 100, 2 ** -14, -3.140625), topBits);
  for (const padding of [0, 1, 2, 3]) {
    const file = new Safetensors(
      safetensorsFile(
        {
          half: { shape: [2, 3], data: f16, dtype: "F16" },
          brain: { shape: [3, 2], data: bf16, dtype: "BF16" },
          single: { shape: [6], data: Float32Array.from(NUMBERS) },
          one: { shape: [], data: Float32Array.of(7) },
          none: { shape: [0, 4], data: new Float32Array() },
        },
        padding,
      ),
    );
    expect([...file.shapes]).toEqual([
      ["half", [2, 3]],
      ["brain", [3, 2]],
      ["single", [6]],
      ["one", []],
      ["none", [0, 4]],
    ]);
    expect([...file.read("half")]).toEqual(NUMBERS);
    expect([...file.read("brain")]).toEqual([0, -1, 1.5, 2 ** 100, 2 ** -14, -3.140625]);
    expect([...file.read("single")]).toEqual([...Float32Array.from(NUMBERS)]);
    expect([...file.read("one")]).toEqual([7]);
    expect(file.read("none")).toHaveLength(0);
  }
});

function topBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16;
}

test("the embedded model's file", async () => {
  const path = join(import.meta.dirname, "..", "..", "models", "kitten", "model.safetensors");
  const file = new Safetensors(await readFile(path));
  expect(file.shapes.size).toBe(38);
  expect(file.shapes.get("model.layers.3.mlp.down_proj.weight")).toEqual([192, 576]);
  const norm = file.read("model.norm.weight");
  expect(norm).toHaveLength(192);
  expect(norm.every((value) => value > 0.1 && value < 10)).toBe(true);
});

const WHOLE = safetensorsFile({ "a.weight": { shape: [2, 2], data: new Float32Array(4) } });

/** A file with that header, and 16 bytes behind it. */
function withHeader(text: string): Uint8Array {
  const header = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + header.length + 16);
  file[0] = header.length;
  file.set(header, 8);
  return file;
}

test.each([
  ["nothing", new Uint8Array(), /ends within the length of its header/],
  ["a header cut off", WHOLE.subarray(0, 20), /ends within its header/],
  ["a header longer than any file", Uint8Array.from(WHOLE, (byte, i) => (i < 8 ? 255 : byte)), /within its header/],
  ["a tensor cut off", WHOLE.subarray(0, WHOLE.length - 1), /ends within a\.weight/],
  ["no JSON", withHeader("{"), /not a JSON object/],
  ["nothing in its header", withHeader("null"), /not a JSON object/],
  ["no offsets", withHeader(`{"w":{"dtype":"F32","shape":[4]}}`), /does not describe w/],
  ["a negative length", withHeader(`{"w":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}`), /does not describe w/],
  [
    "too few bytes",
    withHeader(`{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,8]}}`),
    /w has 8 bytes instead of 16/,
  ],
  ["an end before the start", withHeader(`{"w":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}`), /instead of 16/],
])("%s is refused as damaged", (_, bytes, message) => {
  const read = (): unknown => new Safetensors(bytes);
  expect(read).toThrow(message);
  expect(read).toThrow(expect.objectContaining({ code: "file-damaged" }));
});

test("whole numbers are refused with a remedy", () => {
  const bytes = withHeader(`{"w":{"dtype":"I8","shape":[4],"data_offsets":[0,4]}}`);
  expect(() => new Safetensors(bytes)).toThrow(expect.objectContaining({ code: "model-unsupported" }));
  expect(() => new Safetensors(bytes)).toThrow(/w in model\.safetensors is I8; F32, F16 or BF16/);
});

test("whatever the bytes are, the error is one that a person can act on", () => {
  const spoilt = fc.record({ at: fc.nat(WHOLE.length - 1), byte: fc.nat(255), length: fc.nat(WHOLE.length) });
  fc.assert(
    fc.property(spoilt, ({ at, byte, length }) => {
      const bytes = WHOLE.slice(0, length);
      if (at < length) bytes[at] = byte;
      try {
        const file = new Safetensors(bytes);
        for (const name of file.shapes.keys()) file.read(name);
      } catch (error) {
        expect(error).toBeInstanceOf(ModelError);
      }
    }),
    { numRuns: 500 },
  );
});
