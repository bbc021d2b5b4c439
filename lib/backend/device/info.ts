import { platform } from './platform.js';

/** What an adapter is, as far as WebGPU tells. */
export interface DeviceInfo {
  /** Such as `nvidia-h200`, as Dawn spells it, or `SwiftShader`. */
  readonly name: string;
  /** Such as `nvidia`; lower case, may be empty. */
  readonly vendor: string;
  /** Such as `hopper`; lower case, may be empty. */
  readonly architecture: string;
  /** The API below WebGPU; `WebGPU` where it cannot be known. */
  readonly backend: 'Vulkan' | 'Metal' | 'D3D12' | 'WebGPU';
  /** Whether shaders run on the CPU: they are slow, and want other kernels. */
  readonly software: boolean;
  /** Threads in a subgroup, smallest and largest; equal on most hardware. */
  readonly subgroupSizes: { readonly min: number; readonly max: number } | undefined;
  /** Matrix shapes that the tensor cores multiply: C [M, N] += A [M, K] · B [K, N]. */
  readonly subgroupMatrices: readonly SubgroupMatrixConfig[];
}

/** One shape and dtype of `chromium-experimental-subgroup-matrix`. */
export interface SubgroupMatrixConfig {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  /** dtype of A and B: `f16`, `f32`, `u8`, `i8`. */
  readonly componentType: string;
  /** dtype of C. */
  readonly resultComponentType: string;
}

/** Fields that Dawn and Chromium add to GPUAdapterInfo, or that older versions lack. */
type AdapterInfo = Partial<GPUAdapterInfo> & { readonly subgroupMatrixConfigs?: readonly SubgroupMatrixConfig[] };

/** Whether an adapter runs on the CPU. Drivers such as llvmpipe do not always say so themselves. */
export function isSoftware(info: Partial<GPUAdapterInfo>): boolean {
  return (
    info.isFallbackAdapter === true ||
    info.architecture === 'swiftshader' ||
    /llvmpipe|swiftshader|basic render/i.test(`${info.device} ${info.description}`)
  );
}

/** Reads what the library needs out of WebGPU's adapter info, which is `undefined` in older browsers. */
export function deviceInfo(adapter: AdapterInfo = {}): DeviceInfo {
  const { vendor = '', architecture = '', subgroupMinSize: min, subgroupMaxSize: max } = adapter;
  return {
    name: adapterName(adapter),
    vendor,
    architecture,
    backend: backendName(adapter),
    software: isSoftware(adapter),
    subgroupSizes: min !== undefined && max !== undefined && min > 0 ? { min, max } : undefined,
    subgroupMatrices: (adapter.subgroupMatrixConfigs ?? []).map((config) => ({
      M: config.M,
      N: config.N,
      K: config.K,
      componentType: config.componentType,
      resultComponentType: config.resultComponentType,
    })),
  };
}

function adapterName({ vendor, architecture, device, description }: AdapterInfo): string {
  if (architecture === 'swiftshader') return 'SwiftShader';
  return device || description || [vendor, architecture].filter(Boolean).join(' ') || 'unknown adapter';
}

/** WebGPU does not tell; outside of browsers each platform has one API that is always taken. */
function backendName({ architecture }: AdapterInfo): DeviceInfo['backend'] {
  if (architecture === 'swiftshader') return 'Vulkan';
  switch (platform.process?.platform) {
    case 'linux':
      return 'Vulkan';
    case 'darwin':
      return 'Metal';
    case 'win32':
      return 'D3D12';
    default:
      return 'WebGPU';
  }
}

/** `SwiftShader (software, Vulkan), 1 GiB buffers, f16 no, subgroups 4, timestamps` */
export function describeDevice(info: DeviceInfo, limits: GPUSupportedLimits, features: ReadonlySet<string>): string {
  const sizes = info.subgroupSizes;
  const subgroups =
    !features.has('subgroups') || !sizes ? 'no' : sizes.min === sizes.max ? sizes.min : `${sizes.min}–${sizes.max}`;
  return [
    `${info.name} (${info.software ? 'software, ' : ''}${info.backend})`,
    `${formatBytes(limits.maxStorageBufferBindingSize)} buffers`,
    `f16 ${features.has('shader-f16') ? 'yes' : 'no'}`,
    `subgroups ${subgroups}`,
    features.has('timestamp-query') ? 'timestamps' : 'no timestamps',
    ...(features.has('chromium-experimental-subgroup-matrix') ? ['tensor cores'] : []),
  ].join(', ');
}

/** Bytes in the largest binary unit below them: `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const unit = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** unit).toPrecision(3))} ${units[unit]}`;
}
