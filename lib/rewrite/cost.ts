import { GraphBuilder } from '../ir/build.js';
import { bytesPerElement } from '../ir/dtype.js';
import { topologicalOrder, type Attributes, type TensorType } from '../ir/graph.js';
import type { OpDefinition } from '../ir/ops/define.js';
import { findOp } from '../ir/ops/index.js';
import { elementCount } from '../ir/shape.js';

/** What time on an adapter is made of. */
export interface AdapterRates {
  /** Microseconds for a dispatch that does nothing. */
  readonly launch: number;
  /** Bytes a microsecond between memory and the kernels. */
  readonly bandwidth: number;
  /** Floating-point operations a microsecond. */
  readonly arithmetic: number;
}

/** A software adapter on two cores: SwiftShader, in round numbers. */
export const softwareRates: AdapterRates = { launch: 200, bandwidth: 2000, arithmetic: 1500 };

/** A large discrete GPU: f32 on an H100 through WebGPU, in round numbers. */
export const discreteRates: AdapterRates = { launch: 6.5, bandwidth: 2_000_000, arithmetic: 25_000_000 };

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
  const elements = elementCount(result.shape);
  switch (op.kind) {
    case 'view':
    case 'source':
      return token;
    case 'map':
    case 'gather':
      return 2 * token + elements / rates.arithmetic;
    case 'scatter':
      return kernelCost([...operands, result], elements, rates);
    case 'overwrite':
      return kernelCost([operands[1]!, operands[1]!], 0, rates);
    case 'reduction':
      return kernelCost([...operands, result], elementCount(operands[0]!.shape), rates);
    case 'contraction':
      return kernelCost([...operands, result], productOperations(operands, result), rates);
    case 'composite':
      return kernelCost([...operands, result], decompositionOperations(op, operands, attrs), rates);
  }
}

/** Reads and writes every tensor once, while it calculates. */
function kernelCost(
  tensors: readonly TensorType[],
  operations: number,
  { launch, bandwidth, arithmetic }: AdapterRates,
): number {
  const bytes = tensors.reduce((sum, { shape, dtype }) => sum + elementCount(shape) * bytesPerElement[dtype], 0);
  return launch + Math.max(bytes / bandwidth, operations / arithmetic);
}

function productOperations([a]: readonly TensorType[], result: TensorType): number {
  return 2 * elementCount(result.shape) * (a!.shape.at(-1) ?? 1);
}

function decompositionOperations(
  op: Extract<OpDefinition, { kind: 'composite' }>,
  operands: readonly TensorType[],
  attrs: Attributes,
): number {
  const builder = new GraphBuilder();
  const leaves = operands.map(({ shape, dtype }, i) => builder.leaf('input', `${i}`, shape, dtype));
  const root = op.decompose(builder.g, leaves, attrs as Record<string, number>);
  return topologicalOrder([root]).reduce((sum, node) => {
    const inner = findOp(node.op);
    if (inner?.kind === 'contraction') return sum + productOperations(node.inputs, node);
    if (inner?.kind === 'composite') return sum + decompositionOperations(inner, node.inputs, node.attrs);
    return sum + (inner?.kind === 'map' || inner?.kind === 'reduction' ? elementCount(node.inputs[0]!.shape) : 0);
  }, 0);
}
