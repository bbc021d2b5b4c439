import { describeValue } from '../dsl/emit.js';
import type { GraphBuilder } from '../ir/build.js';
import { isFloat } from '../ir/dtype.js';
import { ValueError } from '../ir/errors.js';
import type { Graph, Node } from '../ir/graph.js';
import { mapGraph, type Rewrite } from '../ir/map-graph.js';
import { findOp } from '../ir/ops/index.js';
import { inDType } from './step-state.js';

/** The dtype of 16 bits in a step that is otherwise f32. */
export type MixedPrecision = 'f16' | 'bf16';

/** Throws ValueError for another dtype. */
export function checkMixedPrecision(dtype: unknown): void {
  if (dtype === 'f16' || dtype === 'bf16') return;
  throw new ValueError(`buildSession: mixedPrecision must be 'f16' or 'bf16', got ${describeValue(dtype)}`);
}

/** Sums of many products, where most of the work and of the memory is: they take and give 16 bits. */
const products: ReadonlySet<string> = new Set([
  ...['matmul', 'linear', 'einsum', 'swiglu', 'attentionWeights', 'scaledDotProductAttention'],
  ...['conv1d', 'conv2d', 'convTranspose1d', 'convTranspose2d'],
]);

/**
 * What, besides views, keeps 16 bits where all of its operands have them: its results are about as large as its operands,
 * and about as exact.
 */
const keeping: ReadonlySet<string> = new Set([
  ...['neg', 'abs', 'add', 'sub', 'mul', 'maximum', 'minimum', 'where', 'clamp', 'maskedFill', 'dropoutAt'],
  ...['relu', 'relu6', 'leakyRelu', 'elu', 'selu', 'gelu', 'geluTanh', 'silu', 'mish', 'tanh', 'sigmoid'],
  ...['hardswish', 'hardsigmoid', 'geglu', 'rope', 'maxPool1d', 'maxPool2d', 'pixelShuffle', 'pixelUnshuffle'],
  ...['concat', 'stack', 'pad', 'repeat', 'repeatInterleave', 'roll', 'tril', 'triu', 'gather', 'indexSelect'],
]);

/**
 * The graph with products in 16 bits, as PyTorch's autocast has them (Micikevicius et al. 2018, arXiv:1710.03740): their f32
 * operands are rounded, what follows them keeps 16 bits as long as it may, and the rest (norms, softmax, losses, sums) is
 * f32. Parameters stay f32, and are what the optimizer updates: a product rounds a copy. Inputs, outputs and states have
 * the dtypes that they had; tensors that were of 16 bits already are left alone.
 */
export function mixed(graph: Graph, dtype: MixedPrecision): Graph {
  const original: Rewrite = (builder, node, copyOf) => inDType(builder.g, copyOf(node), node.dtype);
  const operandsOf = (builder: GraphBuilder, node: Node, copyOf: (node: Node) => Node): Node[] => {
    const floats = node.inputs.filter((input) => isFloat(input.dtype));
    const isWide = floats.length > 0 && floats.every((input) => input.dtype === 'f32');
    const narrow = (input: Node) => (isFloat(input.dtype) ? inDType(builder.g, copyOf(input), dtype) : copyOf(input));
    if (isWide && products.has(node.op)) return node.inputs.map(narrow);
    const isKeeping = keeping.has(node.op) || findOp(node.op)?.kind === 'view';
    // Constants have the dtype of what they stand beside.
    const deciding = floats.filter((input) => input.op !== 'constant');
    const isNarrow = deciding.length > 0 && deciding.every((input) => copyOf(input).dtype === dtype);
    return node.inputs.map((input) =>
      isWide && isKeeping && isNarrow ? narrow(input) : original(builder, input, copyOf),
    );
  };

  return mapGraph(graph, (builder, node, copyOf) => builder.over(node, operandsOf(builder, node, copyOf)), original);
}
