/** How far a kernel may be moved to meet others, in kernels: farther apart, tensors would live for too long. */
const WINDOW = 24;
/** The same where what it stores takes many bytes, such as scores and pictures that are computed again for a gradient. */
const LARGE = { bytes: 2 ** 25, window: 8 };

/** Kernels that are collected for one dispatch: takes one more in, where it fits, and says whether it did. */
export interface Batch {
  add(kernel: number): boolean;
}

/**
 * Puts kernels none of which waits for another together, where they fit, and orders the dispatches. Kernels that most
 * others wait for, one after the other, go first (list scheduling along the critical path, Graham 1969,
 * doi:10.1137/0117039): what nobody waits for, such as the gradients of weights, is left to join any of those.
 *
 * `order`: the kernels, operands first; `followers`: those that wait for each; `stores`: bytes of what each stores; `open`: begins a
 * batch with a kernel.
 */
export function batchKernels<T extends Batch>(
  order: readonly number[],
  followers: readonly ReadonlySet<number>[],
  stores: (kernel: number) => number,
  open: (first: number) => T,
): T[] {
  const positions = new Array<number>(order.length);
  order.forEach((kernel, position) => (positions[kernel] = position));
  const heights = heightsOf(order, followers);
  const reach = followers.map((_, kernel) => (stores(kernel) < LARGE.bytes ? WINDOW : LARGE.window));
  const waiting = order.map(() => 0);
  for (const set of followers) for (const follower of set) waiting[follower]!++;
  // In the order in which they came.
  const ready = order.filter((kernel) => waiting[kernel] === 0);
  const batches: T[] = [];
  while (ready.length > 0) {
    const start = positions[ready[0]!]!;
    const near = ready.filter((kernel) => positions[kernel]! < start + reach[kernel]!);
    near.sort((a, b) => heights[b]! - heights[a]! || positions[a]! - positions[b]!);
    const batch = open(near[0]!);
    const taken = near.filter((kernel, i) => i === 0 || batch.add(kernel));
    batches.push(batch);
    for (const kernel of taken) ready.splice(ready.indexOf(kernel), 1);
    for (const follower of taken.flatMap((kernel) => [...followers[kernel]!])) {
      if (--waiting[follower]! > 0) continue;
      const at = ready.findIndex((kernel) => positions[kernel]! > positions[follower]!);
      ready.splice(at < 0 ? ready.length : at, 0, follower);
    }
  }
  return batches;
}

/** How many kernels wait for each, one after the other. */
function heightsOf(order: readonly number[], followers: readonly ReadonlySet<number>[]): number[] {
  const heights = order.map(() => 0);
  for (const kernel of [...order].reverse()) {
    for (const follower of followers[kernel]!) heights[kernel] = Math.max(heights[kernel]!, heights[follower]! + 1);
  }
  return heights;
}
