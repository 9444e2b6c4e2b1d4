/** @file How kernels read logits: f32, or two f16 a word, which needs no shader-f16. Leaves out what they do with them. */

/**
 * Functions over `logits: array<u32>` and `vocabulary: u32`, which the kernel binds.
 * @param half are logits f16? Else f32.
 */
export function wgslLogits(half: boolean): string {
  const read = half ? "select(pair.x, pair.y, (at & 1u) == 1u)" : "bitcast<f32>(logits[at])";
  return /* wgsl */ `
const IMPOSSIBLE = -3.0e38; // minus infinity, which a kernel must not count on

/** @param place of the position, in rows of logits */
fn logitOf(place: u32, token: u32) -> f32 {
  let at = place * vocabulary + token;
  ${half ? "let pair = unpack2x16float(logits[at >> 1u]);" : ""}
  return max(${read}, IMPOSSIBLE);
}
/** Is it infinite or no number? Minus infinity is a logit like others. */
fn isBroken(place: u32, token: u32) -> bool {
  let at = place * vocabulary + token;
  ${
    half
      ? "let bits = (logits[at >> 1u] >> (16u * (at & 1u))) & 0xffffu;\n  return (bits & 0x7c00u) == 0x7c00u && bits != 0xfc00u;"
      : "let bits = logits[at];\n  return (bits & 0x7f800000u) == 0x7f800000u && bits != 0xff800000u;"
  }
}`;
}
