/** The adapters of this machine. Node only. */
import { deviceInfo } from '../backend/device/info.js';
import { openNodeGPU } from '../backend/device/node.js';

/** What of an adapter the library makes use of. */
export interface AdapterFacts {
  readonly name: string;
  readonly backend: string;
  /** Whether shaders run on the CPU. */
  readonly software: boolean;
  /** Optional features by name, and whether it has them. */
  readonly features: Readonly<Record<string, boolean>>;
  /** In bytes, threads or counts, by WebGPU's names. */
  readonly limits: Readonly<Record<string, number>>;
}

/** Optional features, and what is made of them. */
export const FEATURES: Readonly<Record<string, string>> = {
  'shader-f16': 'f16 read without unpacking it',
  'timestamp-query': 'times of kernels in profiles',
  subgroups: 'not used yet',
  'chromium-experimental-subgroup-matrix': 'tensor cores, not used yet',
};

/** Limits that bound what can be computed. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/**
 * Every adapter that can be told apart by asking, the one that is taken by default first: WebGPU has no list of them.
 * @throws {NoAdapterError} When there is none; the message says what to install.
 */
export async function findAdapters(): Promise<AdapterFacts[]> {
  const gpu = await openNodeGPU();
  const asked = [
    await gpu.requestAdapter({ powerPreference: 'high-performance' }),
    await gpu.requestAdapter({ powerPreference: 'low-power' }),
    await softwareAdapter(),
  ];
  const found = asked.filter((adapter) => adapter !== null).map(factsOf);
  return found.filter((facts, at) => found.findIndex((other) => isSame(facts, other)) === at);
}

async function softwareAdapter(): Promise<GPUAdapter | null> {
  try {
    return await (await openNodeGPU({ software: true })).requestAdapter({ forceFallbackAdapter: true });
  } catch {
    return null; // Beside a real one it is not needed.
  }
}

function factsOf(adapter: GPUAdapter): AdapterFacts {
  const { name, backend, software } = deviceInfo(adapter.info);
  const has: ReadonlySet<string> = adapter.features;
  return {
    name,
    backend,
    software,
    features: Object.fromEntries(Object.keys(FEATURES).map((feature) => [feature, has.has(feature)])),
    limits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  };
}

function isSame(a: AdapterFacts, b: AdapterFacts): boolean {
  return a.name === b.name && a.backend === b.backend && a.software === b.software;
}
