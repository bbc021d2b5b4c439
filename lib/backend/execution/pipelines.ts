import { recorded, type Recorder } from '../../ir/recorder.js';
import { DeviceError } from '../device/errors.js';
import type { Device } from '../device/device.js';

const caches = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

/**
 * The compute pipeline of a WGSL text, compiled once a device whoever asks for it.
 * Rejects with DeviceError, showing `label` and the compiler's message, when the text does not compile.
 */
export function pipelineFor(
  device: Device,
  wgsl: string,
  label: string,
  recorder?: Recorder,
): Promise<GPUComputePipeline> {
  const { gpu } = device;
  const cache = caches.get(gpu) ?? new Map<string, Promise<GPUComputePipeline>>();
  caches.set(gpu, cache);
  let pipeline = cache.get(wgsl);
  if (!pipeline) {
    pipeline = recorded(recorder, `create pipeline ${label}`, () => compile(device, wgsl, label));
    cache.set(wgsl, pipeline);
  }
  return pipeline;
}

async function compile(device: Device, wgsl: string, label: string): Promise<GPUComputePipeline> {
  const { gpu } = device;
  gpu.pushErrorScope('validation');
  const module = gpu.createShaderModule({ code: wgsl, label });
  const descriptor: GPUComputePipelineDescriptor = { label, layout: 'auto', compute: { module, entryPoint: 'main' } };
  // A software adapter compiles on this machine's own cores: waiting for another thread only adds to it.
  const pipeline = device.info.software
    ? gpu.createComputePipeline(descriptor)
    : gpu.createComputePipelineAsync(descriptor).catch((error: unknown) => error);
  const scoped = gpu.popErrorScope();
  const [result, error] = await Promise.all([pipeline, scoped]);
  const { messages } = await module.getCompilationInfo();
  const fault = messages.find(({ type }) => type === 'error');
  if (!fault && !error && isPipeline(result)) return result;
  const detail = fault ? `line ${fault.lineNum}: ${fault.message}` : (error?.message ?? String(result));
  throw new DeviceError('validation', `kernel '${label}' does not compile: ${detail}\n${wgsl}`);
}

function isPipeline(value: unknown): value is GPUComputePipeline {
  return typeof value === 'object' && value !== null && 'getBindGroupLayout' in value;
}
