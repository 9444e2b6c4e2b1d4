/**
 * @file The kernels of AdamW, in WGSL: gradients added, their norm, the weights changed where they are. Gives what cpu-adamw.ts gives up to
 * rounding in f32. Leaves out buffers (gpu-adamw.ts).
 */
import type { Kernel } from "../engine/pipelines.ts";
import { BETA1, BETA2, EPSILON } from "./adamw.ts";

export const THREADS = 256;

/** Every thread of the grid takes each so many-th number. */
const strided = (body: string): string => /* wgsl */ `
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < arrayLength(&gradients); i += groups.x * ${THREADS}u) {${body}}
}`;

/** gradients += more */
export const ADD: Kernel = {
  label: "add gradients",
  entryPoint: "main",
  code: /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> gradients: array<f32>;
@group(0) @binding(1) var<storage, read> more: array<f32>;
${strided("gradients[i] += more[i];")}`,
};

/** One workgroup: the squares of one tensor, summed by each thread; no barrier, since software adapters are slow at them. */
export const SQUARES: Kernel = {
  label: "squares",
  entryPoint: "main",
  code: /* wgsl */ `
@group(0) @binding(0) var<storage, read> gradients: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) thread: u32) {
  var sum = 0.0;
  for (var i = thread; i < arrayLength(&gradients); i += ${THREADS}u) { sum += gradients[i] * gradients[i]; }
  sums[thread] = sum;
}`,
};

/** One workgroup: the root of all sums, always added in one order. */
export const NORM: Kernel = {
  label: "norm",
  entryPoint: "main",
  code: /* wgsl */ `
@group(0) @binding(0) var<storage, read> sums: array<f32>;
@group(0) @binding(1) var<storage, read_write> norm: array<f32>;
var<workgroup> parts: array<f32, ${THREADS}>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(local_invocation_index) thread: u32) {
  var part = 0.0;
  for (var i = thread; i < arrayLength(&sums); i += ${THREADS}u) { part += sums[i]; }
  parts[thread] = part;
  workgroupBarrier();
  if (thread == 0u) {
    var sum = 0.0;
    for (var i = 0u; i < ${THREADS}u; i++) { sum += parts[i]; }
    norm[0] = sqrt(sum);
  }
}`,
};

/** In the order of `Settings` below; floats. */
export const SETTINGS = ["learningRate", "decay", "correction1", "correction2", "maxGradNorm"] as const;

export const UPDATE: Kernel = {
  label: "adamw",
  entryPoint: "main",
  code: /* wgsl */ `
struct Settings { ${SETTINGS.map((name) => `${name}: f32`).join(", ")} }
@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> norm: array<f32>;
@group(0) @binding(2) var<storage, read> gradients: array<f32>;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> first: array<f32>;
@group(0) @binding(5) var<storage, read_write> second: array<f32>;
${strided(`
    // A norm that is no number changes nothing.
    if (!(norm[0] < 3.0e38)) { return; }
    let g = gradients[i] * min(1.0, settings.maxGradNorm / max(norm[0], 1.0e-30));
    let m = ${BETA1} * first[i] + ${1 - BETA1} * g;
    let v = ${BETA2} * second[i] + ${1 - BETA2} * g * g;
    first[i] = m;
    second[i] = v;
    let step = (m / settings.correction1) / (sqrt(v / settings.correction2) + ${EPSILON});
    weights[i] -= settings.learningRate * (step + settings.decay * weights[i]);
  `)}`,
};
