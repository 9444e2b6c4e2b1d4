/**
 * @file Numbers of 4 and of 2 bytes, as graphs keep caches and give logits. Half precision (IEEE 754 binary16) is handled by its bits, since
 * ONNX Runtime gives a Float16Array where JavaScript has one and a Uint16Array elsewhere. Leaves out the GPU's kernels, which unpack by themselves.
 */
import type { Tensor } from "onnxruntime-web/webgpu";

export type FloatType = "float32" | "float16";

export const FLOAT_BYTES: Readonly<Record<FloatType, number>> = { float32: 4, float16: 2 };

/** Zeros, as a tensor of that type takes them. */
export function zeros(type: FloatType, length: number): Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  return type === "float32" ? new Float32Array(length) : new Uint16Array(length);
}

/** The numbers of a tensor where they are; of half precision, their bits. */
export function floatsOf(data: Tensor.DataType): Float32Array | Uint16Array {
  if (data instanceof Float32Array || data instanceof Uint16Array) return data;
  const { buffer, byteOffset, length } = data as unknown as Uint16Array;
  return new Uint16Array(buffer, byteOffset, length);
}

/** As 4 bytes a number; what has them already is given as it is. */
export function widened(data: Tensor.DataType): Float32Array {
  const floats = floatsOf(data);
  if (floats instanceof Float32Array) return floats;
  values ??= Float32Array.from({ length: 65536 }, (_, bits) => valueOf(bits));
  const wide = new Float32Array(floats.length);
  for (let i = 0; i < floats.length; i++) wide[i] = values[floats[i]!]!;
  return wide;
}

/** Of every half, by its bits; made when first needed. */
let values: Float32Array | undefined;

function valueOf(bits: number): number {
  const exponent = (bits >>> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  const sign = bits < 32768 ? 1 : -1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}
