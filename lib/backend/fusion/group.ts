import type { Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import type { Shape } from '../../ir/shape.js';
import type { Attention, AttentionShape } from './attention.js';
import type { RowSums } from './row-sums.js';
import type { Space } from './space.js';

/**
 * Operations that become one kernel: contractions that give the same elements, none of which needs another, and maps of
 * what they give; or any number of maps and reductions over one space.
 */
export interface Group {
  space: Space;
  readonly contractions: Node[];
  /** What the contraction's left operand is computed from in the same kernel, where that is the softmax of scores, or its gradient. */
  readonly attention: Attention | undefined;
  /** In the order they can be computed. */
  readonly members: Node[];
  /** Members that others need, or that the graph returns, and what an attention keeps: they are stored. */
  outputs: Node[];
  /** What is summed on the way through a product, beside the members. */
  rowSums?: RowSums;
}

/** Everything that the group's kernel computes. */
export function computedBy({ members, rowSums, attention }: Group): readonly Node[] {
  return [...(rowSums?.members ?? []), ...(attention?.inner ?? []), ...members];
}

export interface FusionLimits {
  /** Storage buffers that one kernel may bind. */
  readonly maxBindings: number;
  /** Whether rows are summed on the way through products. */
  readonly sumsRows: boolean;
  /** Whether there is a kernel for an attention that is faster than those of its parts. */
  readonly suitsAttention: (shape: AttentionShape) => boolean;
  /** Whether the gradients of an attention are to compute its weights again. */
  readonly suitsGradients: (shape: AttentionShape) => boolean;
}

/** The operands that a node's kernel reads: not what has elements overwritten. */
export function readOperands(node: Node): readonly Node[] {
  return opOf(node).kind === 'overwrite' ? node.inputs.slice(1) : node.inputs;
}

/** The shape of what a node's kernel computes: where elements are overwritten, that of those. */
export function computedShape(node: Node): Shape {
  return opOf(node).kind === 'overwrite' ? node.inputs[1]!.shape : node.shape;
}

/** Whether a node reads elements of an operand at other places than it computes: at those that values tell, or at one. */
export function isReadAnywhere(node: Node, operand: number): boolean {
  const { kind } = opOf(node);
  return (kind === 'gather' && operand === 0) || (kind === 'overwrite' && operand !== 1);
}
