import { bytesPerElement } from '../../ir/dtype.js';
import { MeganeuraError } from '../../ir/errors.js';
import { expandComposites } from '../../ir/expand.js';
import { describeNode, isLeaf, leafName, type Graph, type Node } from '../../ir/graph.js';
import { elementCount } from '../../ir/shape.js';
import { fuse } from '../fusion/fuse.js';
import type { Group } from '../fusion/group.js';
import { suitsAttention, suitsGradients } from '../kernels/attention-layout.js';
import type { Kernel } from '../kernels/kernel.js';
import { kernelFor } from '../kernels/kernel-for.js';
import { KernelBatch } from '../kernels/merged.js';
import type { KernelProfile } from '../kernels/profile.js';
import { workOf } from '../kernels/work.js';
import { KernelLibrary } from './alike.js';
import { batchKernels } from './batches.js';
import { replacements, stateInRace } from './in-place.js';
import { materializeRoots } from './legalize.js';
import { planMemory, roundUp, type Lifetime, type MemoryPlan } from './memory.js';
import { orderKernels } from './order.js';
import { isOverwrite, overwritesOfStates } from './overwrites.js';
import { delayRowScales } from './row-scales.js';
import { shortenSoftmaxGradients } from './softmax-gradients.js';
import { splitReductions } from './split-reductions.js';

/** What of the adapter a plan depends on. */
export interface PlanLimits extends KernelProfile {
  /** Bytes one binding may span. */
  readonly maxBindingSize: number;
  /** Bytes one buffer may have. */
  readonly maxBufferSize: number;
  /** Bytes that offsets of bindings are multiples of. */
  readonly offsetAlignment: number;
}

/** A tensor is larger than the device can bind or hold. */
export class TensorTooLargeError extends MeganeuraError {}

/** Everything a session needs, without a device: kernels in order, and where every tensor lives. */
export interface Plan {
  /** Composites written out; outputs and updates are tensors with storage. */
  readonly graph: Graph;
  readonly kernels: readonly Kernel[];
  /** Intermediate tensors, placed in shared buffers by lifetime. */
  readonly memory: MemoryPlan<Node>;
  /** The sum of all intermediate tensors: what they would take without reuse. Bytes. */
  readonly bytesWithoutReuse: number;
  /** Updates that could not take effect in place: copied at the end of the step. */
  readonly copies: readonly { readonly from: Node; readonly to: Node }[];
  /** The tensor whose storage holds a value: itself, or the state that it updates in place. */
  readonly storage: (node: Node) => Node;
}

const VECTOR_BYTES = 16;

/** Lowers a graph to kernels. Throws TensorTooLargeError naming a tensor above the limits. */
export function planGraph(original: Graph, limits: PlanLimits): Plan {
  const kept = new Set<string>();
  for (;;) {
    const plan = planWith(original, limits, kept);
    if (!('keep' in plan)) return plan;
    kept.add(plan.keep);
  }
}

/**
 * The plan in which the states `kept` are not overwritten in part before their old value was read, or another state that
 * has to be among these.
 */
function planWith(original: Graph, limits: PlanLimits, kept: ReadonlySet<string>): Plan | { keep: string } {
  const partly = overwritesOfStates(original, kept);
  const expanded = expandComposites(original, (_, node) => !partly.has(node));
  const split = splitReductions(shortenSoftmaxGradients(expanded), limits);
  // On a CPU a kernel's launch costs less than going through rows again in every workgroup.
  const sumsRows = !limits.software;
  const graph = materializeRoots(sumsRows ? delayRowScales(split) : split);
  const { maxBindings } = limits;
  const groups = fuse(graph, {
    maxBindings,
    sumsRows,
    suitsAttention: (shape) => suitsAttention(shape, limits),
    suitsGradients: (shape) => suitsGradients(shape, limits.maxBindingSize),
  });
  const stored = new Set(groups.flatMap((group) => group.outputs));
  const replaced = replacements(graph, groups, stored);
  const storage = (node: Node): Node => {
    const before = replaced.get(node);
    return before ? storage(before) : node;
  };
  const library = new KernelLibrary(kernelFor);
  const kernelOf = (group: Group) => library.kernelOf({ group, profile: limits, stored, storage });
  const kernels = groups.map(kernelOf);
  const racing = stateInRace(groups, kernels);
  if (racing) return { keep: leafName(racing) };
  let order = orderKernels(kernels, groups, replaced);
  while ('conflict' in order) {
    const { conflict } = order;
    const state = storage(conflict);
    if (isOverwrite(conflict)) return { keep: leafName(state) };
    replaced.delete(conflict);
    kernels.forEach(({ bindings }, i) => {
      if (bindings.some(({ tensor }) => tensor === state)) kernels[i] = kernelOf(groups[i]!);
    });
    order = orderKernels(kernels, groups, replaced);
  }
  const stores = (i: number) => groups[i]!.outputs.reduce((sum, output) => sum + storageBytes(output), 0);
  const ordered = batchKernels(order.order, order.followers, stores, (first) => {
    const batch = new KernelBatch(kernels[first]!, limits);
    const parts = [groups[first]!];
    return {
      add: (i) => batch.add(kernels[i]!) && parts.push(groups[i]!) > 0,
      kernel: () => batch.kernel(() => workOf(parts, stored)),
    };
  }).map((batch) => batch.kernel());
  checkSizes([...stored, ...leaves(graph)], limits);
  const copies = [...graph.updates].flatMap(([name, value]) => {
    const to = graph.state(name).node;
    return storage(value) === to ? [] : [{ from: value, to }];
  });
  const lifetimes = intermediateLifetimes(graph, ordered, storage, copies);
  return {
    graph,
    kernels: ordered,
    memory: planMemory(lifetimes, limits.offsetAlignment, limits.maxBufferSize),
    bytesWithoutReuse: lifetimes.reduce((sum, { size }) => sum + roundUp(size, limits.offsetAlignment), 0),
    copies,
    storage,
  };
}

/**
 * Bytes of a tensor's storage: whole vectors, of which the last one may hold elements that are none. A binding that
 * ends within a vector has not that vector, and WebGPU knows no empty buffers.
 */
export function storageBytes(node: Node): number {
  return Math.max(VECTOR_BYTES, roundUp(elementCount(node.shape) * bytesPerElement[node.dtype], VECTOR_BYTES));
}

/** Outputs with storage of their own; one that is also an update lives in the state it updates. */
export function ownOutputs({ graph, storage }: Plan): ReadonlySet<Node> {
  return new Set([...graph.outputs.values()].filter((node) => !isLeaf(storage(node))));
}

function leaves(graph: Graph): Node[] {
  return graph.nodes().filter((node) => isLeaf(node) && node.op !== 'constant');
}

function checkSizes(tensors: readonly Node[], { maxBindingSize, maxBufferSize }: PlanLimits): void {
  const limit = Math.min(maxBindingSize, maxBufferSize);
  for (const tensor of tensors) {
    const bytes = storageBytes(tensor);
    if (bytes <= limit) continue;
    const named = isLeaf(tensor) && tensor.op !== 'literal';
    const name = named ? `${tensor.op} '${leafName(tensor)}'` : describeNode(tensor);
    const which = maxBindingSize <= maxBufferSize ? 'maxStorageBufferBindingSize' : 'maxBufferSize';
    throw new TensorTooLargeError(
      `${name} takes ${bytes} bytes, but this device allows ${limit} (${which}); use a smaller batch or split the tensor`,
    );
  }
}

/** Tensors that only the kernels see, from the first kernel that touches them to the last. */
function intermediateLifetimes(
  graph: Graph,
  kernels: readonly Kernel[],
  storage: (node: Node) => Node,
  copies: Plan['copies'],
): Lifetime<Node>[] {
  const kept = new Set([...graph.outputs.values()].map(storage));
  const spans = new Map<Node, { first: number; last: number }>();
  kernels.forEach(({ bindings }, position) => {
    for (const { tensor } of bindings) {
      if (isLeaf(tensor) || kept.has(tensor)) continue;
      const span = spans.get(tensor);
      if (span) span.last = position;
      else spans.set(tensor, { first: position, last: position });
    }
  });
  for (const { from } of copies) {
    const span = spans.get(storage(from));
    if (span) span.last = kernels.length;
  }
  return [...spans].map(([tensor, span]) => ({ tensor, size: storageBytes(tensor), ...span }));
}
