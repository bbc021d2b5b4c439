/**
 * What kernels take: one formula for whole plans (lib/backend/planning/predict.ts), where it is known what a kernel does,
 * and for single operations while programs are chosen (operation-cost.ts), where that is estimated.
 */

import {
  rowSlices,
  softwareTile,
  workgroupTiles,
  type ProductSlices,
  type ProductTile,
  type WorkgroupTile,
} from './product-tiles.js';

/**
 * What time on an adapter is made of. Figures are fitted to what bench/cost measured on such an adapter, see
 * docs/decisions/cost.md.
 */
export interface AdapterRates {
  /** Microseconds for a dispatch that does nothing. */
  readonly launch: number;
  /** Bytes a microsecond between memory and kernels. */
  readonly bandwidth: number;
  /** Bytes that stay in the cache that all processors share, and how many a microsecond come from there. */
  readonly cache: { readonly bytes: number; readonly bandwidth: number };
  /** Bytes that memory gives at once, whether an invocation's neighbours use the rest of them or not. */
  readonly sector: number;
  /** Elements a microsecond that invocations load or store, wherever they are. */
  readonly accesses: number;
  /** Additions on elements a microsecond; `operationsIn` tells what other functions are worth. */
  readonly operations: number;
  /** Terms of products of matrices a microsecond, a multiplication and an addition each. */
  readonly terms: number;
  /** Processors, each of which takes on workgroups by itself, and what one of them has under way at a time, at most. */
  readonly processors: number;
  readonly resident: { readonly workgroups: number; readonly invocations: number };
  /** Microseconds that pass while an invocation waits and others may go on. */
  readonly waits: {
    /** Until it begins. */
    readonly start: number;
    /** For the cache, and for memory. */
    readonly cache: number;
    readonly memory: number;
    /** For the end of a turn of a loop, and for the other invocations of its workgroup. */
    readonly turn: number;
    readonly barrier: number;
  };
  /** Invocations of a workgroup whose number nothing else decides, and those that share a long sum. */
  readonly workgroup: number;
  readonly team: number;
  /** How products are done: by the first of these tiles of which there are enough. */
  readonly tiles: readonly (ProductTile | WorkgroupTile)[];
  /** Those of few rows, where they are done by slices of the summed dimension. */
  readonly few?: ProductSlices;
}

/** A software adapter on two cores: SwiftShader, which runs four invocations as the lanes of a thread. */
export const softwareRates: AdapterRates = {
  launch: 18,
  bandwidth: 7800,
  cache: { bytes: 0, bandwidth: 7800 },
  sector: 16,
  accesses: 1600,
  operations: 5000,
  terms: 2500,
  processors: 2,
  resident: { workgroups: 1, invocations: 4 },
  waits: { start: 0.045, cache: 0, memory: 0, turn: 0.012, barrier: 0.1 },
  workgroup: 16,
  team: 1,
  tiles: [softwareTile],
};

/** A large discrete GPU: an H100 through Dawn and Vulkan. */
export const discreteRates: AdapterRates = {
  launch: 8.5,
  bandwidth: 3_400_000,
  cache: { bytes: 30_000_000, bandwidth: 5_600_000 },
  sector: 32,
  accesses: 11_000_000,
  operations: 45_000_000,
  terms: 24_000_000,
  processors: 132,
  resident: { workgroups: 32, invocations: 2048 },
  waits: { start: 0, cache: 0.06, memory: 0.38, turn: 0.033, barrier: 0.12 },
  workgroup: 64,
  team: 64,
  tiles: workgroupTiles,
  few: rowSlices,
};

/** What one invocation of a kernel does, on average. */
export interface Effort {
  /** Elements that it loads and stores, each as often as it does so. */
  readonly accesses: number;
  /** Those of them that lie far from those of neighbouring invocations. */
  readonly strided: number;
  /** Functions of elements, in additions. */
  readonly operations: number;
  /** Terms of products of matrices. */
  readonly terms: number;
  /** Times that it has to wait for memory before it can go on. */
  readonly rounds: number;
  /** Turns of loops. */
  readonly turns: number;
  /** Times that it waits for the others of its workgroup. */
  readonly barriers: number;
}

/** Workgroups that do the same. */
export interface Crowd {
  readonly workgroups: number;
  /** Invocations of a workgroup. */
  readonly size: number;
  readonly effort: Effort;
}

/** What a kernel does, as far as its time depends on it. */
export interface KernelFacts {
  /** Of all tensors that it reads or writes, each element once. */
  readonly bytes: number;
  /** Workgroups that run side by side. */
  readonly crowds: readonly Crowd[];
}

/**
 * Predicted microseconds of a kernel: a launch, the bytes that it moves, what its invocations do, and what they wait for.
 * None of these hides another quite, so that they are added.
 */
export function kernelTime({ bytes, crowds }: KernelFacts, rates: AdapterRates): number {
  const { launch, processors, resident, waits } = rates;
  const near = Math.min(1, rates.cache.bytes / Math.max(1, bytes));
  const wait = near * waits.cache + (1 - near) * waits.memory;
  let [strided, work, workgroups, longest, waiting] = [0, 0, 0, 0, 0];
  for (const { workgroups: count, size, effort } of crowds) {
    const invocations = count * size;
    strided += invocations * effort.strided;
    work +=
      invocations *
      (effort.accesses / rates.accesses + effort.operations / rates.operations + effort.terms / rates.terms);
    workgroups += count;
    const { start, turn, barrier } = waits;
    const latency = start + effort.rounds * wait + effort.turns * turn + effort.barriers * barrier;
    longest = Math.max(longest, latency);
    // As many wait at once as are under way at once.
    waiting += (count * latency) / (processors * Math.min(resident.workgroups, resident.invocations / size));
  }
  if (workgroups === 0) return 0;
  // Fewer workgroups than processors leave some of these idle.
  const share = Math.min(1, workgroups / processors);
  return launch + transferTime(bytes + strided * rates.sector, rates) + work / share + Math.max(longest, waiting);
}

/** Microseconds in which bytes come or go: the first of them in the cache. */
function transferTime(bytes: number, { bandwidth, cache }: AdapterRates): number {
  const near = Math.min(bytes, cache.bytes);
  return near / cache.bandwidth + (bytes - near) / bandwidth;
}
