import type { AdapterRates } from '../../rewrite/cost.js';
import type { Kernel } from '../kernels/kernel.js';
import type { Plan } from './plan.js';

/** What one step of a plan takes. */
export interface PlanCost {
  /** Kernels that have something to do: tensors without elements need no work. */
  readonly dispatches: number;
  /** Bytes that kernels read and write, each element once a kernel. */
  readonly bytes: number;
  /** Functions applied to elements; a product of matrices has two for each term. */
  readonly flops: number;
  /** By the adapter's rates: a launch for each kernel, and what takes longer, its bytes or its arithmetic. */
  readonly microseconds: number;
}

/** Sums up the kernels of a plan. */
export function planCost({ kernels }: Plan, rates: AdapterRates): PlanCost {
  const used = kernels.filter(({ workgroups }) => workgroups[0] > 0);
  const sum = (of: (kernel: Kernel) => number) => used.reduce((total, kernel) => total + of(kernel), 0);
  return {
    dispatches: used.length,
    bytes: sum(({ work }) => work.bytes),
    flops: sum(({ work }) => work.flops),
    microseconds: sum(({ work }) => kernelMicroseconds(work, rates)),
  };
}

/** Predicted microseconds of a kernel. */
export function kernelMicroseconds({ bytes, flops }: Kernel['work'], rates: AdapterRates): number {
  return rates.launch + Math.max(bytes / rates.bandwidth, flops / rates.arithmetic);
}
