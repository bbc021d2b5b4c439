import { GraphBuilder } from './build.js';
import { GraphError, ShapeError } from './errors.js';
import { isFloat, type DType } from './dtype.js';
import { isHalf, roundToHalf } from './half.js';
import { leafName, topologicalOrder, type Graph, type Node } from './graph.js';
import type { ContractionOp, IndexAlgebra, MapOp, OpDefinition, ReductionOp, SourceOp, ViewOp } from './ops/record.js';
import { opOf, reductionAxes } from './ops/index.js';
import { compileScalar, evaluateScalar } from './scalar.js';
import { castValue, toDType } from './scalar-numerics.js';
import { contiguousStrides, elementCount, type Shape } from './shape.js';

/** Values of one tensor, row-major, in f64 whatever the dtype; truth values are 0 and 1. */
export type Values = Float64Array;

export interface Interpretation {
  readonly outputs: Map<string, Values>;
  /** New values of parameters and buffers that the graph updates. */
  readonly updates: Map<string, Values>;
}

/**
 * Evaluates a graph with plain loops in f64: the oracle of every test, written for clarity, not for speed.
 * `values` holds inputs, parameters and buffers by name; a parameter or buffer that is missing takes its initial
 * values, a scalar input its default. Throws GraphError for a missing input, ShapeError for a wrong length.
 */
export function interpret(graph: Graph, values: Readonly<Record<string, ArrayLike<number>>>): Interpretation {
  const leaf = (node: Node): Values => {
    const name = leafName(node);
    const state = graph.parameters.get(name) ?? graph.buffers.get(name);
    const fallback = graph.inputDefaults.get(name);
    const initial = values[name] ?? state?.initial();
    if (initial instanceof Promise) {
      throw new GraphError(`interpret: the values of ${node.op} '${name}' are in a checkpoint: give them`);
    }
    const data = initial ?? (fallback === undefined ? undefined : [fallback]);
    if (!data) throw new GraphError(`interpret: no value for ${node.op} '${name}'`);
    if (data.length !== elementCount(node.shape)) {
      throw new ShapeError(`interpret: '${name}' has ${elementCount(node.shape)} elements, got ${data.length}`);
    }
    return stored(data, node.dtype);
  };
  const results = evaluateNodes(graph.roots(), leaf);
  const named = (roots: ReadonlyMap<string, Node>) =>
    new Map([...roots].map(([name, node]) => [name, results.get(node)!]));
  return { outputs: named(graph.outputs), updates: named(graph.updates) };
}

/** Floats of 16 bits are rounded where they are kept; what is computed is not, since kernels need not keep it. */
function stored(values: ArrayLike<number>, dtype: DType): Values {
  const exact = Float64Array.from(values);
  return isHalf(dtype) ? exact.map((value) => roundToHalf(dtype, value)) : exact;
}

/** Values of every node that `roots` need; `leaf` gives those of inputs, parameters and buffers. */
export function evaluateNodes(roots: Iterable<Node>, leaf: (node: Node) => Values): Map<Node, Values> {
  const results = new Map<Node, Values>();
  for (const node of topologicalOrder(roots)) {
    if (results.has(node)) continue;
    if (node.op === 'constant') results.set(node, Float64Array.of(node.attrs['value'] as number));
    else if (node.op === 'literal') results.set(node, stored(node.attrs['values'] as readonly number[], node.dtype));
    else if (node.op === 'input' || node.op === 'parameter' || node.op === 'buffer') results.set(node, leaf(node));
    else {
      const operands = node.inputs.map((input) => results.get(input)!);
      results.set(
        node,
        evaluateNode(opOf(node), node, operands).map((value) => castValue(value, node.dtype, sourceDType(node))),
      );
    }
  }
  return results;
}

/** The dtype that values of a node have before they become the node's own: the operand's in a cast. */
function sourceDType(node: Node): DType {
  return node.op === 'cast' ? node.inputs[0]!.dtype : node.dtype;
}

function evaluateNode(op: OpDefinition, node: Node, operands: readonly Values[]): Values {
  switch (op.kind) {
    case 'map':
      return evaluateMap(op, node, operands);
    case 'reduction':
      return evaluateReduction(op, node, operands[0]!);
    case 'view':
      return evaluateView(op, node, operands[0]!);
    case 'gather':
      return evaluateGather(node, operands);
    case 'scatter':
      return evaluateScatter(node, operands);
    case 'overwrite':
      return evaluateOverwrite(node, operands);
    case 'contraction':
      return evaluateContraction(op, node, operands);
    case 'source':
      return evaluateSource(op, node);
    case 'composite': {
      const builder = new GraphBuilder();
      const stands = node.inputs.map((input, i) => builder.leaf('input', `${i}`, input.shape, input.dtype));
      const root = op.decompose(builder.g, stands, node.attrs as Record<string, number>);
      return evaluateNodes([root], (leaf) => operands[Number(leafName(leaf))]!).get(root)!;
    }
  }
}

/** A part of an index as a function of the index of a view's result: made once, evaluated for each element. */
type IndexPart = (index: readonly number[]) => number;

const integerAlgebra: IndexAlgebra<IndexPart> = {
  constant: (value) => () => value,
  add: (a, b) => (index) => a(index) + b(index),
  multiply: (a, factor) => (index) => a(index) * factor,
  divide: (a, divisor) => (index) => Math.floor(a(index) / divisor),
  modulo: (a, divisor) => (index) => ((a(index) % divisor) + divisor) % divisor,
};

/** Calls `visit` with every index of `shape`, row-major; the array is reused. */
function forEachIndex(shape: Shape, visit: (index: readonly number[], position: number) => void): void {
  const index = new Array<number>(shape.length).fill(0);
  const count = elementCount(shape);
  for (let position = 0; position < count; position++) {
    visit(index, position);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
}

/** Offset in a tensor of shape `shape` that broadcasts to a result indexed by `index`. */
function broadcastOffset(shape: Shape, strides: readonly number[], index: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    if (shape[axis] !== 1) offset += index[axis + index.length - shape.length]! * strides[axis]!;
  }
  return offset;
}

function evaluateMap(op: MapOp, node: Node, operands: readonly Values[]): Values {
  const result = new Float64Array(elementCount(node.shape));
  const strides = node.inputs.map((input) => contiguousStrides(input.shape));
  const evaluate = compileScalar(op.expression, node.inputs.at(-1)!.dtype);
  const elements = new Array<number>(operands.length);
  forEachIndex(node.shape, (index, position) => {
    for (let i = 0; i < operands.length; i++) {
      elements[i] = operands[i]![broadcastOffset(node.inputs[i]!.shape, strides[i]!, index)]!;
    }
    result[position] = evaluate(elements);
  });
  return result;
}

function evaluateReduction(op: ReductionOp, node: Node, x: Values): Values {
  const shape = node.inputs[0]!.shape;
  const axes = new Set(reductionAxes(node));
  const kept = shape.map((size, axis) => (axes.has(axis - shape.length) ? 1 : size));
  const strides = contiguousStrides(kept);
  const result = new Float64Array(elementCount(kept)).fill(op.initial);
  const combine = compileScalar(op.combine, node.dtype);
  forEachIndex(shape, (index, position) => {
    const at = broadcastOffset(kept, strides, index);
    result[at] = combine([result[at]!, x[position]!]);
  });
  const count = elementCount(shape) / elementCount(kept);
  return result.map((total) => evaluateScalar(op.finish, [total, count], node.dtype));
}

function evaluateView(op: ViewOp, node: Node, x: Values): Values {
  const from = node.inputs[0]!.shape;
  const strides = contiguousStrides(from);
  const { shape: to, attrs } = node;
  const fill = toDType(op.mask?.fill(attrs) ?? 0, node.dtype, 'f32');
  const result = new Float64Array(elementCount(to));
  const parts = to.map(
    (_, axis): IndexPart =>
      (index) =>
        index[axis]!,
  );
  const source = op.source(integerAlgebra, parts, from, to, attrs);
  const conditions = op.mask?.conditions(integerAlgebra, parts, from, to, attrs) ?? [];
  forEachIndex(to, (index, position) => {
    const exists = conditions.every(({ value, step, extent }) => {
      const at = value(index);
      return at >= 0 && at % step === 0 && at / step < extent;
    });
    let offset = 0;
    for (let axis = 0; axis < source.length; axis++) offset += source[axis]!(index) * strides[axis]!;
    result[position] = exists ? x[offset]! : fill;
  });
  return result;
}

function evaluateGather(node: Node, [x, indices]: readonly Values[]): Values {
  const from = node.inputs[0]!.shape;
  const strides = contiguousStrides(from);
  const along = from.length + (node.attrs['axis'] as number);
  const result = new Float64Array(elementCount(node.shape));
  forEachIndex(node.shape, (index, position) => {
    const at = indices![position]!;
    const offset = index.reduce((sum, i, axis) => sum + (axis === along ? at : i) * strides[axis]!, 0);
    const exists = at >= 0 && at < from[along]!;
    result[position] = exists ? x![offset]! : isFloat(node.dtype) ? NaN : 0;
  });
  return result;
}

function evaluateScatter(node: Node, [x, indices, source]: readonly Values[]): Values {
  const strides = contiguousStrides(node.shape);
  const along = node.shape.length + (node.attrs['axis'] as number);
  const result = Float64Array.from(x!);
  forEachIndex(node.inputs[1]!.shape, (index, position) => {
    const at = indices![position]!;
    if (at < 0 || at >= node.shape[along]!) return;
    const offset = index.reduce((sum, i, axis) => sum + (axis === along ? at : i) * strides[axis]!, 0);
    result[offset] = castValue(result[offset]! + source![position]!, node.dtype, node.dtype);
  });
  return result;
}

function evaluateOverwrite(node: Node, [x, values, position]: readonly Values[]): Values {
  const strides = contiguousStrides(node.shape);
  const along = node.shape.length + (node.attrs['axis'] as number);
  const result = Float64Array.from(x!);
  forEachIndex(node.inputs[1]!.shape, (index, at) => {
    const place = position![0]! + index[along]!;
    if (place < 0 || place >= node.shape[along]!) return;
    const offset = index.reduce((sum, i, axis) => sum + (axis === along ? place : i) * strides[axis]!, 0);
    result[offset] = values![at]!;
  });
  return result;
}

function evaluateContraction(op: ContractionOp, node: Node, operands: readonly Values[]): Values {
  if (op.name !== 'matmul') throw new GraphError(`interpret: no evaluation for contraction '${op.name}'`);
  const [a, b] = [node.inputs[0]!.shape, node.inputs[1]!.shape];
  const [x, y] = [operands[0]!, operands[1]!];
  const [m, k, n] = [a.at(-2)!, a.at(-1)!, b.at(-1)!];
  const batch = node.shape.slice(0, -2);
  const [batchA, batchB] = [a.slice(0, -2), b.slice(0, -2)];
  const [stridesA, stridesB] = [contiguousStrides(batchA), contiguousStrides(batchB)];
  const result = new Float64Array(elementCount(node.shape));
  forEachIndex(batch, (index, position) => {
    const baseA = broadcastOffset(batchA, stridesA, index) * m * k;
    const baseB = broadcastOffset(batchB, stridesB, index) * k * n;
    for (let row = 0; row < m; row++) {
      for (let column = 0; column < n; column++) {
        let sum = 0;
        for (let i = 0; i < k; i++) sum += x[baseA + row * k + i]! * y[baseB + i * n + column]!;
        result[(position * m + row) * n + column] = sum;
      }
    }
  });
  return result;
}

function evaluateSource(op: SourceOp, node: Node): Values {
  const last = node.shape.at(-1) ?? 1;
  const evaluate = compileScalar(op.expression, node.dtype);
  return Float64Array.from({ length: elementCount(node.shape) }, (_, i) => evaluate([i % last]));
}
