/**
 * @file How likely tokens are, as a GPU kernel: one workgroup a token asked about, the arithmetic of log-total.ts and likeliest.ts in f32.
 * Leaves out buffers and read-back (gpu-likelihood.ts).
 */
import { wgslLogits } from "./wgsl-logits.ts";

/** Threads a token; the reductions want a power of two. */
const THREADS = 256;

/** @param half are logits two f16 a word? Else they are f32. */
export function likelihoodKernel(half: boolean): string {
  return /* wgsl */ `
${wgslLogits(half)}
struct Sizes { vocabulary: u32, top: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> asked: array<vec2u>;         // place of its logits, token
@group(0) @binding(2) var<storage, read> logits: array<u32>;
/** For each one asked about 1 + top pairs: whether its logits are numbers, with its log-probability; then the likeliest tokens with theirs. */
@group(0) @binding(3) var<storage, read_write> found: array<vec2u>;

const THREADS = ${THREADS}u;
var<private> vocabulary: u32;
var<workgroup> numbers: array<vec2f, ${THREADS}>;
var<workgroup> tokens: array<u32, ${THREADS}>;

/** Σ exp(logit − most), and how many are no numbers. */
fn sums(thread: u32, place: u32, most: f32) -> vec2f {
  var sum = vec2f(0.0);
  for (var token = thread; token < vocabulary; token += THREADS) {
    sum += vec2f(exp(logitOf(place, token) - most), select(0.0, 1.0, isBroken(place, token)));
  }
  numbers[thread] = sum;
  for (var half = THREADS / 2u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) { numbers[thread] += numbers[thread + half]; }
  }
  return workgroupUniformLoad(&numbers[0]);
}

/** Of two the likelier; of equal ones the lower token. */
fn isLikelier(a: f32, tokenA: u32, b: f32, tokenB: u32) -> bool { return a > b || (a == b && tokenA < tokenB); }

/** The likeliest token behind another in that order. */
fn likeliestBehind(thread: u32, place: u32, logit: f32, behind: u32) -> vec2u {
  var best = IMPOSSIBLE;
  var which = vocabulary;
  for (var token = thread; token < vocabulary; token += THREADS) {
    let own = logitOf(place, token);
    if (isLikelier(logit, behind, own, token) && isLikelier(own, token, best, which)) { best = own; which = token; }
  }
  numbers[thread].x = best;
  tokens[thread] = which;
  for (var half = THREADS / 2u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half && isLikelier(numbers[thread + half].x, tokens[thread + half], numbers[thread].x, tokens[thread])) {
      numbers[thread].x = numbers[thread + half].x;
      tokens[thread] = tokens[thread + half];
    }
  }
  let most = workgroupUniformLoad(&numbers[0]).x;
  return vec2u(workgroupUniformLoad(&tokens[0]), bitcast<u32>(most));
}

@compute @workgroup_size(${THREADS})
fn likelihood(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  vocabulary = sizes.vocabulary;
  let thread = local.x;
  let place = asked[group.x].x;
  let token = asked[group.x].y;
  let at = group.x * (1u + sizes.top);
  // Nothing is likelier than the first: the token before all is below every other.
  var last = likeliestBehind(thread, place, 3.4e38, 0u);
  let most = bitcast<f32>(last.y);
  let sum = sums(thread, place, most);
  let total = most + log(sum.x);
  if (thread == 0u) {
    let logprob = logitOf(place, min(token, vocabulary - 1u)) - total;
    found[at] = vec2u(select(0u, 1u, sum.y == 0.0), bitcast<u32>(logprob));
  }
  for (var rank = 0u; rank < sizes.top; rank++) {
    if (rank > 0u) { last = likeliestBehind(thread, place, bitcast<f32>(last.y), last.x); }
    if (thread == 0u) { found[at + 1u + rank] = vec2u(last.x, bitcast<u32>(bitcast<f32>(last.y) - total)); }
  }
}`;
}
