/**
 * @file The sampler as a GPU kernel: one workgroup a row, the arithmetic of sampler.ts in f32. Gumbel-max (Gumbel 1954; Maddison et al.,
 * arXiv 1411.0030) over what top-k and top-p leave; both are found as a threshold, by radix selection and by bisection, since sorting
 * a vocabulary would take far longer. Leaves out buffers and read-back (gpu-sampler.ts).
 */

import { wgslLogits } from "./wgsl-logits.ts";

/** Vocabularies up to this have few threads a row: each waits for all others at every reduction, which costs more than it saves. */
const SMALL_VOCABULARY = 16_384;

/** Threads a row; the kernel's reductions want a power of two. */
export function threadsFor(vocabulary: number): 64 | 256 {
  return vocabulary <= SMALL_VOCABULARY ? 64 : 256;
}

/** 32-bit words of one row's settings, as `Row` in the kernel. */
export const ROW_WORDS = 12;

/** Token of a row that has nothing to draw from, or whose logits are no numbers. Also: no seen tokens, no mask. */
export const NONE = 0xffffffff;

/** @param half are logits two f16 a word? Else they are f32. */
export function samplerKernel(half: boolean, threads: 64 | 256): string {
  return /* wgsl */ `
${wgslLogits(half)}
struct Row {
  seed: u32, group: u32, purpose: u32, rollout: u32,
  step: u32,
  place: u32,       // of its logits, in rows
  topK: u32,        // ${NONE}: all
  seen: u32,        // first word of its seen tokens, or none
  mask: u32,        // first word of its mask, or none
  temperature: f32, // 0: greedy
  topP: f32,        // 1 and more: all
  penalty: f32,     // of seen tokens; 1: none
}
struct Best { first: f32, token: u32, second: f32 }

@group(0) @binding(0) var<uniform> vocabulary: u32;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> logits: array<u32>;
@group(0) @binding(3) var<storage, read> masks: array<u32>;
@group(0) @binding(4) var<storage, read_write> seen: array<u32>;
@group(0) @binding(5) var<storage, read_write> drawn: array<vec4u>;
@group(0) @binding(6) var<storage, read_write> ids: array<vec2u>;

const NONE = ${NONE}u;
const THREADS = ${threads}u;
const LARGEST_GUMBEL = 22.9;

var<private> thread: u32;
var<private> row: Row;
var<workgroup> numbers: array<vec4f, ${threads}>;
var<workgroup> bests: array<Best, ${threads}>;
var<workgroup> counts: array<atomic<u32>, 256>;
var<workgroup> chosen: vec2u;

fn logitAt(token: u32) -> f32 { return logitOf(row.place, token); }
fn bitOf(words: u32, token: u32) -> u32 { return (words >> (token & 31u)) & 1u; }
/** What is drawn from: the logit after mask and repetition penalty (Keskar et al., arXiv 1909.05858, with the sign rule of transformers). */
fn scoreAt(token: u32) -> f32 {
  if (row.mask != NONE && bitOf(masks[row.mask + (token >> 5u)], token) == 0u) { return IMPOSSIBLE; }
  let logit = logitAt(token);
  if (row.seen == NONE || bitOf(seen[row.seen + (token >> 5u)], token) == 0u) { return logit; }
  return max(select(logit / row.penalty, logit * row.penalty, logit < 0.0), IMPOSSIBLE);
}
/** Orders as floats do; 0 and -0 are one. */
fn keyOf(score: f32) -> u32 {
  let bits = bitcast<u32>(select(score, 0.0, score == 0.0));
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

fn largest(value: vec4f) -> vec4f {
  numbers[thread] = value;
  for (var half = THREADS / 2u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) { numbers[thread] = max(numbers[thread], numbers[thread + half]); }
  }
  return workgroupUniformLoad(&numbers[0]);
}
fn sum(value: vec4f) -> vec4f {
  numbers[thread] = value;
  for (var half = THREADS / 2u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) { numbers[thread] += numbers[thread + half]; }
  }
  return workgroupUniformLoad(&numbers[0]);
}

/** Kept are scores above a key, and of those equal to it the first tokens, up to one. */
struct Cut { key: u32, last: u32 }
fn isKept(cut: Cut, score: f32, token: u32) -> bool {
  let key = keyOf(score);
  return score > IMPOSSIBLE && (key > cut.key || (key == cut.key && token <= cut.last));
}

/** The cut that keeps the k largest: their smallest key, byte by byte. Keeps all where there are no more than k. */
fn cutOfTopK(k: u32) -> Cut {
  var prefix = 0u;
  var wanted = k;
  for (var shift = 24i; shift >= 0i; shift -= 8i) {
    for (var byte = thread; byte < 256u; byte += THREADS) { atomicStore(&counts[byte], 0u); }
    workgroupBarrier();
    for (var token = thread; token < vocabulary; token += THREADS) {
      let score = scoreAt(token);
      let key = keyOf(score);
      if (score > IMPOSSIBLE && (shift == 24i || (key >> u32(shift + 8i)) == prefix)) { atomicAdd(&counts[(key >> u32(shift)) & 255u], 1u); }
    }
    workgroupBarrier();
    if (thread == 0u) {
      var above = 0u;
      chosen = vec2u(NONE, 0u);
      for (var byte = 255i; byte >= 0i; byte--) {
        let count = atomicLoad(&counts[byte]);
        if (above + count >= wanted) { chosen = vec2u(u32(byte), above); break; }
        above += count;
      }
    }
    let found = workgroupUniformLoad(&chosen);
    if (found.x == NONE) { return Cut(0u, NONE); }
    wanted -= found.y;
    prefix = (prefix << 8u) | found.x;
  }
  return Cut(prefix, lastOfTies(Cut(prefix, NONE), wanted));
}

/** The token up to which a key's ties are kept when \`wanted\` of them are. */
fn lastOfTies(cut: Cut, wanted: u32) -> u32 {
  if (tiesUpTo(cut.key, NONE) <= wanted) { return cut.last; }
  var low = 0u;
  var high = vocabulary - 1u;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (tiesUpTo(cut.key, middle) >= wanted) { high = middle; } else { low = middle + 1u; }
  }
  return min(low, cut.last);
}
fn tiesUpTo(key: u32, last: u32) -> u32 {
  if (thread == 0u) { atomicStore(&counts[0], 0u); }
  workgroupBarrier();
  for (var token = thread; token < vocabulary && token <= last; token += THREADS) {
    if (keyOf(scoreAt(token)) == key) { atomicAdd(&counts[0], 1u); }
  }
  workgroupBarrier();
  if (thread == 0u) { chosen = vec2u(atomicLoad(&counts[0]), 0u); }
  return workgroupUniformLoad(&chosen).x;
}

/** Probability mass, unnormalised, of what a cut keeps: from a key upwards, and above it. */
fn massFrom(cut: Cut, key: u32, top: f32) -> vec2f {
  var mass = vec2f();
  for (var token = thread; token < vocabulary; token += THREADS) {
    let score = scoreAt(token);
    let own = keyOf(score);
    if (own >= key && isKept(cut, score, token)) {
      let weight = exp((score - top) / row.temperature);
      mass += vec2f(weight, select(0.0, weight, own > key));
    }
  }
  return sum(vec4f(mass, 0.0, 0.0)).xy;
}

/** Narrows a cut to the smallest set of at least a share of its mass: the largest key that still has so much, by bisection. */
fn cutOfTopP(cut: Cut, top: f32, share: f32) -> Cut {
  let wanted = share * massFrom(cut, cut.key, top).x;
  var low = cut.key;
  var high = keyOf(top);
  while (low < high) {
    let middle = low + (high - low) / 2u + 1u;
    if (massFrom(cut, middle, top).x >= wanted) { low = middle; } else { high = middle - 1u; }
  }
  let mass = massFrom(cut, low, top);
  // All ties at the key weigh the same.
  let narrowed = Cut(low, select(NONE, cut.last, low == cut.key));
  let ties = tiesUpTo(low, narrowed.last);
  let each = (mass.x - mass.y) / f32(max(ties, 1u));
  let needed = clamp(u32(ceil((wanted - mass.y) / max(each, 1e-38))), 1u, max(ties, 1u));
  if (needed == ties) { return narrowed; }
  return Cut(low, lastOfTies(narrowed, needed));
}

/** Philox4x32-10, as run/seed.ts. */
fn philox(block: u32) -> vec4u {
  var counter = vec4u(block, row.step, row.purpose, row.rollout);
  var key = vec2u(row.seed, row.group);
  for (var round = 0u; round < 10u; round++) {
    let high0 = multiplyHigh(0xd2511f53u, counter.x);
    let high1 = multiplyHigh(0xcd9e8d57u, counter.z);
    counter = vec4u(high1 ^ counter.y ^ key.x, 0xcd9e8d57u * counter.z, high0 ^ counter.w ^ key.y, 0xd2511f53u * counter.x);
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return counter;
}
fn multiplyHigh(a: u32, b: u32) -> u32 {
  let aHigh = a >> 16u;
  let aLow = a & 0xffffu;
  let bHigh = b >> 16u;
  let bLow = b & 0xffffu;
  let middle = aHigh * bLow + ((aLow * bLow) >> 16u);
  let carry = aLow * bHigh + (middle & 0xffffu);
  return aHigh * bHigh + (middle >> 16u) + (carry >> 16u);
}
/** -log(-log(u)) of u = (word + 1/2) / 2^32. Near 1, u has no place in f32: there, -log(u) is the series of its distance from 1. */
fn gumbel(word: u32) -> f32 {
  if (word < 0x80000000u) { return -log(-log((f32(word) + 0.5) / 4294967296.0)); }
  let distance = (f32(~word) + 0.5) / 4294967296.0;
  let s = distance / (2.0 - distance);
  let q = s * s;
  let series = 1.0 + q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0 + q * (1.0 / 13.0 + q / 15.0))))));
  return -log(2.0 * s * series);
}

fn worse() -> Best { return Best(IMPOSSIBLE, NONE, IMPOSSIBLE); }
fn better(a: Best, b: Best) -> Best {
  let aFirst = a.first > b.first || (a.first == b.first && a.token < b.token);
  let winner = Best(select(b.first, a.first, aFirst), select(b.token, a.token, aFirst), select(b.second, a.second, aFirst));
  return Best(winner.first, winner.token, max(winner.second, select(a.first, b.first, aFirst)));
}
fn best(own: Best) -> Best {
  bests[thread] = own;
  for (var half = THREADS / 2u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (thread < half) { bests[thread] = better(bests[thread], bests[thread + half]); }
  }
  return workgroupUniformLoad(&bests[0]);
}

/** The best kept score, noisy or (greedy) as it is. Four tokens share a block of noise. */
fn draw(cut: Cut, top: f32) -> Best {
  var found = worse();
  let greedy = row.temperature == 0.0;
  for (var block = thread; 4u * block < vocabulary; block += THREADS) {
    var noise = vec4u();
    var noisy = false;
    for (var i = 0u; i < 4u; i++) {
      let token = 4u * block + i;
      if (token >= vocabulary) { break; }
      let score = scoreAt(token);
      if (!isKept(cut, score, token)) { continue; }
      var value = score;
      if (!greedy) {
        value = (score - top) / row.temperature;
        if (value + LARGEST_GUMBEL < found.second) { continue; }
        if (!noisy) { noise = philox(block); noisy = true; }
        value += gumbel(noise[i]);
      }
      found = better(found, Best(value, token, IMPOSSIBLE));
    }
  }
  return best(found);
}

@compute @workgroup_size(${threads})
fn sample(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) index: u32) {
  thread = index;
  let own = rows[group.x];
  row = own;

  var most = vec4f(IMPOSSIBLE, IMPOSSIBLE, 0.0, 0.0);
  for (var token = thread; token < vocabulary; token += THREADS) {
    most = max(most, vec4f(logitAt(token), scoreAt(token), select(0.0, 1.0, isBroken(row.place, token)), 0.0));
  }
  let top = largest(most);

  var weights = vec4f();
  for (var token = thread; token < vocabulary; token += THREADS) {
    let behind = logitAt(token) - top.x;
    let weight = exp(behind);
    if (weight > 0.0) { weights += vec4f(weight, weight * behind, 0.0, 0.0); }
  }
  let total = sum(weights);

  var cut = Cut(0u, NONE);
  if (own.temperature > 0.0) {
    if (own.topK < vocabulary) { cut = cutOfTopK(max(own.topK, 1u)); }
    if (own.topP < 1.0) { cut = cutOfTopP(cut, top.y, own.topP); }
  }
  let found = draw(cut, top.y);

  if (thread == 0u) {
    let token = select(found.token, NONE, top.z > 0.0);
    let margin = select(found.first - found.second, -1.0, found.second <= IMPOSSIBLE);
    let logTotal = log(total.x);
    let logprob = logitAt(min(token, vocabulary - 1u)) - top.x - logTotal;
    drawn[group.x] = vec4u(token, bitcast<u32>(logprob), bitcast<u32>(logTotal - total.y / total.x), bitcast<u32>(margin));
    ids[group.x] = vec2u(min(token, vocabulary - 1u), 0u);
    if (own.seen != NONE && token != NONE) { seen[own.seen + (token >> 5u)] |= 1u << (token & 31u); }
  }
}
`;
}
