import { Device } from './device.js';
import { NoAdapterError } from './errors.js';
import { isSoftware } from './info.js';
import { platform } from './platform.js';

/** Where {@link openDevice} takes a GPU from, in place of the platform. */
export interface OpenDeviceOptions {
  /** A device to use as it is; disposing of the result leaves it alive. */
  readonly device?: GPUDevice | undefined;
  /** Where to ask for an adapter, in place of `navigator.gpu`. */
  readonly gpu?: GPU | undefined;
  /** Take the software adapter even where there is a GPU. */
  readonly forceFallback?: boolean | undefined;
}

/** Limits taken as high as the adapter goes: buffers, bindings and workgroups. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxUniformBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxBindingsPerBindGroup',
  'minStorageBufferOffsetAlignment',
  'minUniformBufferOffsetAlignment',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Features turned on where the adapter has them. The last is Chromium's and not yet in the types of WebGPU. */
const FEATURES = ['timestamp-query', 'shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix'];

/** A promise, so that calls made at once share one device too. */
let shared: Promise<Device> | undefined;
const wrapped = new WeakMap<GPUDevice, Device>();

/**
 * Opens a GPU: the `device` passed in, else one from `gpu` or `navigator.gpu`, else, in Node, the machine's GPU or a
 * software GPU through the npm package `webgpu`.
 *
 * Without options the device is shared: every call returns the same one as long as it lives. A `device` passed in twice
 * gives the same Device too. An open device does not keep a Node process alive.
 *
 * @throws {NoAdapterError} When there is none; the message says what to install.
 */
export function openDevice(options: OpenDeviceOptions = {}): Promise<Device> {
  const { device, gpu, forceFallback = false } = options;
  if (device !== undefined) return Promise.resolve(wrap(device));
  if (gpu !== undefined || forceFallback) return open(gpu, forceFallback);
  return openShared();
}

async function openShared(): Promise<Device> {
  const opening = (shared ??= open(undefined, false));
  let device: Device | undefined;
  try {
    device = await opening;
    if (!device.isLost) return device;
  } finally {
    if (shared === opening && device?.isLost !== false) shared = undefined;
  }
  return openShared();
}

function wrap(gpu: GPUDevice): Device {
  const known = wrapped.get(gpu);
  if (known !== undefined && !known.isLost) return known;
  const device = new Device(gpu, gpu.adapterInfo, false);
  wrapped.set(gpu, device);
  return device;
}

async function open(injected: GPU | undefined, forceFallback: boolean): Promise<Device> {
  const gpu = injected ?? platform.navigator?.gpu ?? (await openPlatformGPU(forceFallback));
  const adapter = await gpu.requestAdapter(
    forceFallback ? { forceFallbackAdapter: true } : { powerPreference: 'high-performance' },
  );
  if (adapter === null || (forceFallback && !isSoftware(adapter.info))) {
    throw new NoAdapterError(
      `WebGPU is there, but has no ${forceFallback ? 'software ' : ''}adapter: ` +
        'check that the GPU is not blocked (chrome://gpu) and its driver is installed',
    );
  }
  try {
    return new Device(await adapter.requestDevice(requirements(adapter)), adapter.info, true);
  } catch (error) {
    throw new NoAdapterError(`the adapter ${adapter.info.description} gives no device: ${String(error)}`, {
      cause: error,
    });
  }
}

async function openPlatformGPU(software: boolean): Promise<GPU> {
  if (platform.process?.versions.node === undefined) {
    throw new NoAdapterError(
      'no WebGPU: navigator.gpu is missing; use a browser that has it (Chrome or Edge 113, Firefox 141, Safari 26, or ' +
        'later) and load the page over https or from localhost',
    );
  }
  const { openNodeGPU } = await import('./node.js');
  return openNodeGPU({ software });
}

function requirements(adapter: GPUAdapter): GPUDeviceDescriptor {
  const offered: Partial<GPUSupportedLimits> = adapter.limits; // Older browsers lack some.
  const known = LIMITS.filter((limit) => offered[limit] !== undefined);
  return {
    requiredLimits: Object.fromEntries(known.map((limit) => [limit, adapter.limits[limit]])),
    requiredFeatures: FEATURES.filter((feature): feature is GPUFeatureName => adapter.features.has(feature as never)),
  };
}
