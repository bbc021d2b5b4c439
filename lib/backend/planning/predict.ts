import { kernelTime, type AdapterRates } from '../../rewrite/cost.js';
import type { Kernel } from '../kernels/kernel.js';
import { workgroupsOf } from '../kernels/program.js';
import type { Plan } from './plan.js';

/** What one step of a plan takes. */
export interface PlanCost {
  /** Kernels that have something to do: tensors without elements need no work. */
  readonly dispatches: number;
  /** Bytes that kernels read and write, each element once a kernel. */
  readonly bytes: number;
  /** Functions applied to elements; a product of matrices has two for each term. */
  readonly flops: number;
  /** By the adapter's rates, kernels one after the other. */
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
    microseconds: sum((kernel) => kernelMicroseconds(kernel, rates)),
  };
}

/** Predicted microseconds of a kernel: by what its text does, and how many do it. */
export function kernelMicroseconds(
  { work: { bytes }, program: { parts, workgroupSize } }: Pick<Kernel, 'work' | 'program'>,
  rates: AdapterRates,
): number {
  const crowds = parts.map((part) => {
    // The last of its workgroups need not be full.
    const workgroups = workgroupsOf(part, workgroupSize);
    const size = 'invocations' in part.crew ? Math.min(workgroupSize, part.crew.invocations) : workgroupSize;
    return { workgroups, size, effort: part.effort };
  });
  return kernelTime({ bytes, crowds }, rates);
}
