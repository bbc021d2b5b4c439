import { insideOf } from '../autodiff/recompute.js';
import { storageBytes, type Plan } from '../backend/planning/plan.js';
import { isLeaf, topologicalOrder, type Node } from '../ir/graph.js';

/** An intermediate tensor of a step, by positions in the list of kernels. */
export interface Life {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
  /** The last kernel of the forward pass that touches it. */
  readonly lastForward: number;
}

/** A module, and what would be different if the backward pass computed again what is inside of it. */
export interface Candidate {
  readonly path: string;
  /** The first kernel of the backward pass that needs what is inside. */
  readonly again: number;
  /** What then need not be kept from the last kernel of the forward pass that reads it until `again`. */
  readonly released: readonly Life[];
  /** What is kept until `again` to compute that from. */
  readonly needed: readonly Life[];
  /** Kernels that run again. */
  readonly kernels: readonly number[];
}

/**
 * The intermediate tensors of the plan of a training step, and the modules of which the backward pass needs something that they alone
 * use. `loss`: what the forward pass ends with; `modules`: paths, in the order in which candidates come.
 */
export function candidatesOf(
  plan: Plan,
  loss: Node,
  modules: readonly string[],
): { lives: readonly Life[]; candidates: readonly Candidate[] } {
  const outline = outlineOf(plan, loss);
  return { lives: [...outline.lives.values()], candidates: modules.flatMap((path) => candidate(path, outline) ?? []) };
}

/** Whether a module is another, or inside of it. */
export function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}

/** Forward and backward pass of a step, as its kernels have them. */
interface Outline {
  readonly forward: readonly Node[];
  readonly kept: readonly Node[];
  readonly lives: ReadonlyMap<Node, Life>;
  /** The kernel that writes each tensor. */
  readonly writers: ReadonlyMap<Node, number>;
  /** Tensors that each kernel touches. */
  readonly touched: readonly (readonly Node[])[];
  /** Kernels of the backward pass that touch each tensor, first to last. */
  readonly backward: ReadonlyMap<Node, readonly number[]>;
}

function outlineOf({ graph, kernels, memory, copies, storage }: Plan, loss: Node): Outline {
  const forward = topologicalOrder([loss]);
  const isForward = new Set(forward);
  const writers = new Map<Node, number>();
  const spans = new Map<Node, { first: number; last: number; lastForward: number }>();
  const backward = new Map<Node, number[]>();
  const touched = kernels.map(({ bindings }, position) => {
    const written = bindings.filter(({ tensor }) => !isLeaf(tensor) && !writers.has(tensor));
    for (const { tensor } of written) writers.set(tensor, position);
    const goesForward = written.some(({ nodes }) => [...nodes].some((node) => isForward.has(node)));
    const tensors = bindings.map(({ tensor }) => tensor).filter((tensor) => memory.places.has(tensor));
    for (const tensor of tensors) {
      const { first, lastForward } = spans.get(tensor) ?? { first: position, lastForward: position };
      spans.set(tensor, { first, last: position, lastForward: goesForward ? position : lastForward });
      if (!goesForward) backward.set(tensor, [...(backward.get(tensor) ?? []), position]);
    }
    return tensors;
  });
  for (const { from } of copies) {
    const span = spans.get(storage(from));
    if (span) span.last = kernels.length;
  }
  const lives = new Map([...spans].map(([tensor, span]) => [tensor, { bytes: storageBytes(tensor), ...span }]));
  return { forward, kept: graph.roots(), lives, writers, touched, backward };
}

/** Undefined where the backward pass needs nothing that only this module uses. */
function candidate(path: string, outline: Outline): Candidate | undefined {
  const { forward, kept, lives, writers, touched, backward } = outline;
  const inside = insideOf(forward, kept, (scope) => (isWithin(scope, path) ? path : undefined));
  const wanted = new Set([...inside.keys()].filter((node) => lives.has(node) && backward.has(node)));
  if (wanted.size === 0) return undefined;
  const again = Math.min(...[...wanted].map((node) => backward.get(node)![0]!));
  const kernels = new Set<number>();
  const needed = new Set<Life>();
  // What they are computed from: the module's own tensors again by its kernels, which join the loop, all others as they are.
  for (const node of wanted) {
    const writer = writers.get(node)!;
    if (kernels.has(writer)) continue;
    kernels.add(writer);
    for (const operand of touched[writer]!) {
      if (writers.get(operand) === writer) continue;
      if (inside.has(operand)) wanted.add(operand);
      else needed.add(lives.get(operand)!);
    }
  }
  const released = [...wanted].map((node) => lives.get(node)!).filter(({ last, lastForward }) => lastForward < last);
  return { path, again, released, needed: [...needed], kernels: [...kernels] };
}
