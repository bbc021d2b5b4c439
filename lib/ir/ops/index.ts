import { GraphError } from '../errors.js';
import type { Node } from '../graph.js';
import { activationOps } from './activations.js';
import { attentionOps } from './attention.js';
import { classificationLossOps } from './classification-losses.js';
import { convolutionOps } from './convolution.js';
import type { OpDefinition } from './record.js';
import { einsumOps } from './einsum.js';
import { elementwiseOps } from './elementwise.js';
import { fillingOps } from './filling.js';
import { gatedOps } from './gated.js';
import { indexingOps } from './indexing.js';
import { joiningOps } from './joining.js';
import { lossOps } from './losses.js';
import { contractionOps, linearOps } from './matmul.js';
import { normOps } from './norms.js';
import { orderingOps } from './ordering.js';
import { parametricOps } from './parametric.js';
import { positionOps } from './positions.js';
import { poolingOps } from './pooling.js';
import { randomOps } from './random.js';
import { rearrangingOps } from './rearranging.js';
import { reductionOps } from './reductions.js';
import { regressionLossOps } from './regression-losses.js';
import { resamplingOps } from './resampling.js';
import { similarityOps } from './similarity.js';
import { statisticOps } from './statistics.js';
import { sourceOps, viewOps } from './views.js';
import { windowOps } from './windows.js';
import { writingOps } from './writing.js';

/** The op table: every operation, once. Everything else about operations is made from it. */
export const ops = {
  ...elementwiseOps,
  ...activationOps,
  ...parametricOps,
  ...reductionOps,
  ...statisticOps,
  ...contractionOps,
  ...linearOps,
  ...viewOps,
  ...sourceOps,
  ...fillingOps,
  ...windowOps,
  ...indexingOps,
  ...writingOps,
  ...joiningOps,
  ...rearrangingOps,
  ...orderingOps,
  ...einsumOps,
  ...lossOps,
  ...classificationLossOps,
  ...regressionLossOps,
  ...normOps,
  ...convolutionOps,
  ...poolingOps,
  ...resamplingOps,
  ...similarityOps,
  ...gatedOps,
  ...attentionOps,
  ...positionOps,
  ...randomOps,
};

export type OpName = keyof typeof ops;

/** The records, where their names do not matter. */
export const opList: readonly OpDefinition[] = Object.values(ops);

/** Whether an operation is a composite that no rewrite rule speaks of: it is written out before rewriting. */
export function isMacro(op: OpDefinition): boolean {
  return op.kind === 'composite' && op.equation === null;
}

/** The record of an operation, or undefined for leaves. */
export function findOp(name: string): OpDefinition | undefined {
  return Object.hasOwn(ops, name) ? ops[name as OpName] : undefined;
}

/** The record of a node's operation. Throws GraphError for leaves and unknown names. */
export function opOf(node: Pick<Node, 'op'>): OpDefinition {
  const op = findOp(node.op);
  if (!op) throw new GraphError(`'${node.op}' is not an operation of the op table`);
  return op;
}

/** Whether a node is a product of matrices. */
export function isContraction(node: Node): boolean {
  return findOp(node.op)?.kind === 'contraction';
}

/** The dimensions, counted from the end, that a reduction's node folds. Throws GraphError for other nodes. */
export function reductionAxes(node: Pick<Node, 'op' | 'attrs'>): readonly number[] {
  const { axes } = node.attrs;
  if (opOf(node).kind !== 'reduction' || !Array.isArray(axes)) throw new GraphError(`'${node.op}' is no reduction`);
  return axes as readonly number[];
}
