import { bytesPerElement } from '../../ir/dtype.js';
import { isLeaf, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import type { Scalar } from '../../ir/scalar.js';
import { elementCount } from '../../ir/shape.js';
import { computedBy, computedShape, readOperands, type Group } from '../fusion/group.js';

/** What a kernel has to do at least. */
export interface KernelWork {
  /** Of tensors outside of the kernel that it reads, and of those it writes; each element counts once. */
  readonly bytes: number;
  /** Functions of the scalar language applied to elements; a product of matrices has two for each term. */
  readonly flops: number;
}

/** The work of the operations of groups that share a dispatch. What it computes again although others computed it before is not counted. */
export function workOf(groups: readonly Group[], stored: ReadonlySet<Node>): KernelWork {
  const members = groups.flatMap(computedBy);
  const outputs = groups.flatMap((group) => group.outputs);
  const inside = new Set(members);
  const reads = new Map<Node, number>();
  const read = (node: Node, elements: number): void => {
    const count = Math.min(elements, elementCount(node.shape));
    if (inside.has(node) || node.op === 'constant') return;
    if (isLeaf(node) || stored.has(node)) reads.set(node, Math.max(count, reads.get(node) ?? 0));
    // A view shows elements of its operand; what is not stored is computed from its operands.
    else if (opOf(node).kind === 'view') read(node.inputs[0]!, count);
    else readAll(node);
  };
  const readAll = (node: Node) => {
    for (const input of readOperands(node)) read(input, isGathered(node, input) ? elementCount(node.shape) : Infinity);
  };
  members.forEach(readAll);
  const size = (node: Node, elements: number) => elements * bytesPerElement[node.dtype];
  const readBytes = [...reads].reduce((sum, [node, count]) => sum + size(node, count), 0);
  const written = outputs.reduce((sum, node) => sum + size(node, elementCount(computedShape(node))), 0);
  return { bytes: readBytes + written, flops: members.reduce((sum, member) => sum + operationsOf(member), 0) };
}

function isGathered(node: Node, input: Node): boolean {
  return opOf(node).kind === 'gather' && input === node.inputs[0];
}

function operationsOf(node: Node): number {
  const op = opOf(node);
  const elements = elementCount(node.shape);
  switch (op.kind) {
    case 'map':
      return elements * callsIn(op.expression);
    case 'reduction':
      return elementCount(node.inputs[0]!.shape) * callsIn(op.combine) + elements * callsIn(op.finish);
    case 'contraction':
      return 2 * elements * (node.inputs[0]!.shape.at(-1) ?? 1);
    case 'scatter':
      return elementCount(node.inputs[2]!.shape);
    default:
      return 0;
  }
}

/** Calls in an expression; one that stands in several places counts once. */
function callsIn(expression: Scalar, seen = new Set<Scalar>()): number {
  if (expression.kind !== 'call' || seen.has(expression)) return 0;
  seen.add(expression);
  return expression.args.reduce((sum, arg) => sum + callsIn(arg, seen), 1);
}
