import { GraphBuilder } from '../ir/build.js';
import { bytesPerElement } from '../ir/dtype.js';
import { topologicalOrder, type Attributes, type Node, type TensorType } from '../ir/graph.js';
import type { OpDefinition } from '../ir/ops/record.js';
import { findOp } from '../ir/ops/index.js';
import { elementCount } from '../ir/shape.js';
import { kernelTime, type AdapterRates, type Crowd } from './cost.js';
import { elementwise, product, reducing } from './estimates.js';
import { operationsIn } from './operations.js';
import type { ProductSize } from './product-tiles.js';

/**
 * Predicted microseconds of one operation, given the types it works on. What the scheduler joins to a neighbour
 * anyway (elementwise operations) costs its arithmetic and a token; views cost a token, so that fewer are better.
 */
export function operationCost(
  op: OpDefinition,
  operands: readonly TensorType[],
  result: TensorType,
  attrs: Attributes,
  rates: AdapterRates,
): number {
  const token = rates.launch / 100;
  const tensors = [...operands, result];
  const elements = elementCount(result.shape);
  switch (op.kind) {
    case 'view':
      // Where it has elements that its operand lacks, each is asked whether it is there.
      return op.mask ? 2 * token + elements / rates.operations : token;
    case 'source':
      return token;
    case 'map':
      return 2 * token + (elements * operationsIn(op.expression)) / rates.operations;
    case 'gather':
      return 2 * token + elements / rates.accesses;
    case 'scatter':
      return kernelOf(
        tensors,
        elementwise(elements, accessesTo(tensors), elementCount(operands[2]!.shape), rates),
        rates,
      );
    case 'overwrite':
      return copyCost(operands[1]!, rates);
    case 'reduction': {
      const from = elementCount(operands[0]!.shape);
      return kernelOf(tensors, reducing(from, elements, from * operationsIn(op.combine), 1, rates), rates);
    }
    case 'contraction':
      return productCost(operands, result, rates);
    case 'composite':
      return compositeCost(partsOf(op, operands, attrs), tensors, rates);
  }
}

/** Predicted microseconds of a kernel that copies a tensor. */
export function copyCost(type: TensorType, rates: AdapterRates): number {
  const moved = [type, type];
  return kernelOf(moved, elementwise(elementCount(type.shape), accessesTo(moved), 0, rates), rates);
}

function kernelOf(tensors: readonly TensorType[], crowd: Crowd, rates: AdapterRates): number {
  const bytes = tensors.reduce((sum, { shape, dtype }) => sum + elementCount(shape) * bytesPerElement[dtype], 0);
  return kernelTime({ bytes, crowds: [crowd] }, rates);
}

function accessesTo(tensors: readonly TensorType[]): number {
  return tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

function sizeOf([a]: readonly TensorType[], { shape }: TensorType): ProductSize {
  const [m, n] = [shape.at(-2)!, shape.at(-1)!];
  return { m, n, k: a!.shape.at(-1)!, batches: shape.slice(0, -2).reduce((count, size) => count * size, 1) };
}

/**
 * A composite as one kernel: its product, or its largest reduction, in as many loops as it has reductions, and the functions
 * of elements around it, which cost what they cost by themselves: no more than its parts apart.
 */
function compositeCost(parts: Parts, tensors: readonly TensorType[], rates: AdapterRates): number {
  const functions = parts.functions / rates.operations;
  if (parts.product) return productCost(parts.product.inputs, parts.product, rates) + functions;
  const { folded, reductions, elements, results } = parts;
  const crowd =
    reductions === 0
      ? elementwise(elementCount(tensors.at(-1)!.shape), accessesTo(tensors), 0, rates)
      : reducing(elements, results, folded, reductions, rates);
  return kernelOf(tensors, crowd, rates) + functions;
}

function productCost(operands: readonly TensorType[], result: TensorType, rates: AdapterRates): number {
  return kernelOf([...operands, result], product(sizeOf(operands, result), rates), rates);
}

interface Parts {
  /** The last of its products; undefined where it has none. */
  product: Node | undefined;
  /** Additions that its functions of elements are worth, and those that its reductions are. */
  functions: number;
  folded: number;
  reductions: number;
  /** Of its largest reduction: what it reads, and what it gives. */
  elements: number;
  results: number;
}

function partsOf(
  op: Extract<OpDefinition, { kind: 'composite' }>,
  operands: readonly TensorType[],
  attrs: Attributes,
): Parts {
  const builder = new GraphBuilder();
  const leaves = operands.map(({ shape, dtype }, i) => builder.leaf('input', `${i}`, shape, dtype));
  const root = op.decompose(builder.g, leaves, attrs as Record<string, number>);
  const parts: Parts = { product: undefined, functions: 0, folded: 0, reductions: 0, elements: 0, results: 1 };
  const reduce = (reductions: number, elements: number, results: number) => {
    parts.reductions += reductions;
    if (elements <= parts.elements) return;
    parts.elements = elements;
    parts.results = results;
  };
  for (const node of topologicalOrder([root])) {
    const inner = findOp(node.op);
    const elements = elementCount(node.shape);
    if (inner?.kind === 'map') parts.functions += elements * operationsIn(inner.expression);
    if (inner?.kind === 'contraction') parts.product = node;
    if (inner?.kind === 'reduction') {
      const from = elementCount(node.inputs[0]!.shape);
      parts.folded += from * operationsIn(inner.combine);
      reduce(1, from, elements);
    }
    if (inner?.kind === 'composite') {
      const own = partsOf(inner, node.inputs, node.attrs);
      parts.functions += own.functions;
      parts.folded += own.folded;
      parts.product ??= own.product;
      reduce(own.reductions, own.elements, own.results);
    }
  }
  return parts;
}
