/** @file Writes a safetensors file of float32 tensors, or of bits that are there already: checkpoints, and the models of tests. Leaves out reading (safetensors.ts). */

export interface WrittenTensor {
  readonly shape: readonly number[];
  /** F32 in numbers, or the bits of half precision under `dtype`. */
  readonly data: Float32Array | Uint16Array;
  readonly dtype?: string;
}

/** @param padding blanks at the header's end, as writers use them to align what follows */
export function safetensorsFile(tensors: Readonly<Record<string, WrittenTensor>>, padding = 0): Uint8Array {
  let offset = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data, dtype = "F32" }]) => {
    const start = offset;
    offset += data.byteLength;
    return [name, { dtype, shape, data_offsets: [start, offset] }] as const;
  });
  const text = JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(entries) }) + " ".repeat(padding);
  const header = new TextEncoder().encode(text);
  const file = new Uint8Array(8 + header.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  Object.values(tensors).forEach(({ data }, i) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    file.set(bytes, 8 + header.length + entries[i]![1].data_offsets[0]);
  });
  return file;
}
