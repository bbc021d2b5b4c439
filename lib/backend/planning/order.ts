import { GraphError } from '../../ir/errors.js';
import type { Node } from '../../ir/graph.js';
import type { Group } from '../fusion/group.js';
import type { Kernel } from '../kernels/kernel.js';

/**
 * An order in which every kernel finds its operands, and whatever another value takes the place of is read before that.
 * When the latter is impossible, `conflict` is a value that must not take that place. `replaced`: values with those whose
 * place they take. `followers`: the kernels that wait for each.
 */
export function orderKernels(
  kernels: readonly Kernel[],
  groups: readonly Group[],
  replaced: ReadonlyMap<Node, Node>,
): { order: number[]; followers: ReadonlySet<number>[] } | { conflict: Node } {
  const writer = new Map(groups.flatMap((group, i) => group.outputs.map((output) => [output, i] as const)));
  const replacer = new Map([...replaced].map(([value, before]) => [before, writer.get(value)!]));
  const followers = kernels.map(() => new Set<number>());
  kernels.forEach(({ bindings }, i) => {
    for (const node of bindings.flatMap((binding) => [...binding.nodes])) {
      const source = writer.get(node);
      if (source !== undefined && source !== i) followers[source]!.add(i);
      const replaces = replacer.get(node);
      if (replaces !== undefined && replaces !== i) followers[i]!.add(replaces);
    }
  });
  const waiting = kernels.map(() => 0);
  for (const set of followers) for (const follower of set) waiting[follower]!++;
  // Of the kernels that are ready, one that nobody waits for, as what it reads need not be kept for it then; else the
  // one that came first in the graph.
  const ready = new LeastFirst();
  const rank = (i: number) => (followers[i]!.size === 0 ? i - kernels.length : i);
  kernels.forEach((_, i) => waiting[i] === 0 && ready.add(rank(i)));
  const order: number[] = [];
  for (let least = ready.take(); least !== undefined; least = ready.take()) {
    const next = least < 0 ? least + kernels.length : least;
    order.push(next);
    for (const follower of followers[next]!) if (--waiting[follower]! === 0) ready.add(rank(follower));
  }
  if (order.length === kernels.length) return { order, followers };
  const circle = circleIn(followers, (i) => waiting[i]! > 0);
  const conflict = [...replaced.keys()].find((value) => circle.has(writer.get(value)!));
  if (conflict === undefined) throw new GraphError('kernels depend on each other in a circle');
  return { conflict };
}

/** Kernels that wait for one another in a circle, of those that are stuck. */
function circleIn(followers: readonly ReadonlySet<number>[], isStuck: (i: number) => boolean): Set<number> {
  const awaited = new Map<number, number>();
  followers.forEach((set, i) => {
    if (isStuck(i)) for (const follower of set) if (isStuck(follower)) awaited.set(follower, i);
  });
  // Whoever is stuck waits for one that is stuck: going back often enough ends in a circle.
  let [at] = awaited.values();
  for (let i = 0; i < followers.length; i++) at = awaited.get(at!);
  const circle = new Set<number>();
  for (; at !== undefined && !circle.has(at); at = awaited.get(at)) circle.add(at);
  return circle;
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
