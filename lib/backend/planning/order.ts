import type { Node } from '../../ir/graph.js';
import type { Group } from '../fusion/fuse.js';
import type { Kernel } from '../kernels/kernel.js';

/**
 * An order in which every kernel finds its operands, and the old value of whatever is updated in place is read before
 * it is overwritten. When the latter is impossible, `conflict` is an update that must not happen in place.
 */
export function orderKernels(
  kernels: readonly Kernel[],
  groups: readonly Group[],
  inPlace: ReadonlyMap<Node, Node>,
): { order: number[] } | { conflict: Node } {
  const writer = new Map(groups.flatMap((group, i) => group.outputs.map((output) => [output, i] as const)));
  const overwriter = new Map([...inPlace].map(([value, state]) => [state, writer.get(value)!]));
  const followers = kernels.map(() => new Set<number>());
  kernels.forEach(({ bindings }, i) => {
    for (const node of bindings.flatMap((binding) => [...binding.nodes])) {
      const source = writer.get(node);
      if (source !== undefined && source !== i) followers[source]!.add(i);
      const overwrites = overwriter.get(node);
      if (overwrites !== undefined && overwrites !== i) followers[i]!.add(overwrites);
    }
  });
  const waiting = kernels.map(() => 0);
  for (const set of followers) for (const follower of set) waiting[follower]!++;
  // Of the kernels that are ready, the one that came first in the graph: deterministic, and near its operands.
  const ready = new LeastFirst();
  kernels.forEach((_, i) => waiting[i] === 0 && ready.add(i));
  const order: number[] = [];
  for (let next = ready.take(); next !== undefined; next = ready.take()) {
    order.push(next);
    for (const follower of followers[next]!) if (--waiting[follower]! === 0) ready.add(follower);
  }
  if (order.length === kernels.length) return { order };
  const stuck = [...inPlace.keys()].find((value) => waiting[writer.get(value)!]! > 0);
  if (stuck === undefined) throw new Error('kernels depend on each other in a circle');
  return { conflict: stuck };
}

/** Numbers of which the least is taken out first: a binary heap. */
class LeastFirst {
  private readonly heap: number[] = [];

  add(value: number): void {
    const { heap } = this;
    let at = heap.push(value) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= value) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = value;
  }

  /** Undefined when there is none. */
  take(): number | undefined {
    const { heap } = this;
    const [least] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (child >= heap.length || heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return least;
  }
}
