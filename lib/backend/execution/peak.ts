import type { DevicePeak } from '../../ir/recorder.js';
import { BufferUsage, MapMode } from '../device/constants.js';
import type { Device } from '../device/device.js';
import { pipelineFor } from './pipelines.js';

/** Times each kernel is run; the fastest counts, since clocks rise with work and other programs disturb. */
const ROUNDS = 5;
const THREADS = 64;

/** Sums of products of vectors of four, in eight chains, so that none waits for the one before. */
const CHAINS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const ITERATIONS = 256;
const OPERATIONS_PER_THREAD = ITERATIONS * CHAINS.length * 4 * 2;
const ARITHMETIC = `
@group(0) @binding(0) var<storage, read_write> result: array<vec4<f32>>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let factor = result[id.x] + 0.999;
  let term = vec4<f32>(f32(id.x));
  ${CHAINS.map((name, i) => `var ${name} = term + ${i}.0;`).join('\n  ')}
  for (var i = 0u; i < ${ITERATIONS}u; i++) {
    ${CHAINS.map((name) => `${name} = ${name} * factor + term;`).join('\n    ')}
  }
  result[id.x] = ${CHAINS.join(' + ')};
}
`;

/** Copies of vectors of four, those of neighbouring invocations next to each other. */
const VECTORS_PER_THREAD = 16;
const COPY = `
@group(0) @binding(0) var<storage, read> source: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> target_: array<vec4<f32>>;
@compute @workgroup_size(${THREADS})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let stride = groups.x * ${THREADS}u;
  for (var i = 0u; i < ${VECTORS_PER_THREAD}u; i++) {
    target_[id.x + i * stride] = source[id.x + i * stride];
  }
}
`;

const measured = new WeakMap<Device, Promise<DevicePeak | undefined>>();

/**
 * What a device reaches in f32 with nothing else to do, measured once: takes some milliseconds, and on GPUs 128 MiB for as
 * long. Undefined without time stamps, or where they are too coarse to tell, and for a device that is lost meanwhile.
 */
export function devicePeak(device: Device): Promise<DevicePeak | undefined> {
  const known = measured.get(device) ?? measure(device);
  measured.set(device, known);
  return known;
}

async function measure(device: Device): Promise<DevicePeak | undefined> {
  if (!device.features.has('timestamp-query')) return undefined;
  // Enough for some hundred microseconds on the fastest of each, and more than their caches hold.
  const threads = device.info.software ? 2 ** 11 : 2 ** 18;
  const copied = device.info.software ? 2 ** 23 : 2 ** 26;
  const arithmetic = await fastest(device, ARITHMETIC, 'peak arithmetic', [16 * threads], threads);
  const copy = await fastest(device, COPY, 'peak bandwidth', [copied, copied], copied / 16 / VECTORS_PER_THREAD);
  if (!arithmetic || !copy) return undefined;
  return {
    arithmetic: (threads * OPERATIONS_PER_THREAD * 1000) / arithmetic,
    bandwidth: (2 * copied * 1000) / copy,
  };
}

/** The least nanoseconds that a kernel took, over buffers of these sizes in bytes; undefined where nothing was stamped. */
async function fastest(
  device: Device,
  wgsl: string,
  label: string,
  sizes: readonly number[],
  threads: number,
): Promise<number | undefined> {
  const { gpu } = device;
  const pipeline = await pipelineFor(device, wgsl, label);
  const bytes = 8 * 2 * ROUNDS;
  const create = (size: number, usage: number) => gpu.createBuffer({ label, size, usage });
  const buffers = sizes.map((size) => create(size, BufferUsage.STORAGE));
  const resolved = create(bytes, BufferUsage.QUERY_RESOLVE | BufferUsage.COPY_SRC);
  const stamps = create(bytes, BufferUsage.MAP_READ | BufferUsage.COPY_DST);
  const querySet = gpu.createQuerySet({ type: 'timestamp', count: 2 * ROUNDS });
  try {
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const bindGroup = gpu.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    const encoder = gpu.createCommandEncoder();
    for (let round = 0; round < ROUNDS; round++) {
      const timestampWrites = {
        querySet,
        beginningOfPassWriteIndex: 2 * round,
        endOfPassWriteIndex: 2 * round + 1,
      };
      const pass = encoder.beginComputePass({ timestampWrites });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(threads / THREADS);
      pass.end();
    }
    encoder.resolveQuerySet(querySet, 0, 2 * ROUNDS, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, stamps, 0, bytes);
    gpu.queue.submit([encoder.finish()]);
    await Promise.race([stamps.mapAsync(MapMode.READ).catch(() => undefined), device.lost]);
    if (stamps.mapState !== 'mapped') return undefined;
    const times = new BigUint64Array(stamps.getMappedRange());
    const took = Array.from({ length: ROUNDS }, (_, i) => Number(times[2 * i + 1]! - times[2 * i]!));
    const real = took.filter((time) => time > 0);
    return real.length > 0 ? Math.min(...real) : undefined;
  } finally {
    for (const buffer of [...buffers, resolved, stamps]) buffer.destroy();
    querySet.destroy();
  }
}
