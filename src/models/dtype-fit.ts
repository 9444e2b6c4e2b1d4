/** @file Which weights of a model fit a device: by what its adapter offers, and what is known to go wrong. Asks no device. */

/** As far as it decides about weights. */
export interface DeviceFit {
  /** A hardware adapter; else models run on the processor. */
  readonly webgpu: boolean;
  /** It computes in half precision. */
  readonly f16: boolean;
}

/** Best first: four bits are fewest bytes to read for a token; half precision beside them where there is any. */
const ON_GPU = ["q4f16", "q4", "q8", "fp16", "fp32"];
/** Processors convert each half-precision number first. */
const ON_CPU = ["q4", "q8", "fp32", "q4f16", "fp16"];

export const PROCESSOR: DeviceFit = { webgpu: false, f16: false };

/** The dtype to take where nobody chose; `null` of none. */
export function bestDtype(dtypes: readonly string[], device: DeviceFit): string | null {
  const order = device.webgpu ? ON_GPU : ON_CPU;
  const rank = (dtype: string) => {
    const place = order.indexOf(dtype);
    return (obstacle(dtype, device) === null ? 0 : order.length) + (place === -1 ? order.length - 1 : place);
  };
  return dtypes.toSorted((a, b) => rank(a) - rank(b))[0] ?? null;
}

/** Why such weights would not run well there, as a sentence; `null` when they should. */
export function obstacle(dtype: string, { webgpu, f16 }: DeviceFit): string | null {
  if (!dtype.endsWith("16")) return null;
  if (!webgpu) return "Half precision is slow on the processor.";
  return f16 ? null : "Your graphics adapter has no half precision (shader-f16), so this would run on the processor.";
}
