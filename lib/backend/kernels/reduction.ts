import type { Node } from '../../ir/graph.js';
import type { ReductionOp } from '../../ir/ops/record.js';
import { opOf } from '../../ir/ops/index.js';
import type { Scalar } from '../../ir/scalar.js';
import { literal, valueType, type Width } from './functions.js';
import type { Value } from './values.js';
import type { KernelWriter } from './writer.js';

/** Writes the parts of one reduction: where it begins, how two of its values become one, how it ends. */
export class ReductionWriter {
  private readonly op: ReductionOp;

  constructor(
    private readonly writer: KernelWriter,
    readonly node: Node,
  ) {
    this.op = opOf(node) as ReductionOp;
  }

  /** What it is before the first element. */
  initial(width: Width): string {
    return `${valueType(this.node.dtype, width)}(${literal(this.op.initial, this.node.dtype)})`;
  }

  /** Of two values, or of four and four. */
  combine(a: string, b: string, width: Width): string {
    return this.apply(this.op.combine, [
      { text: a, width },
      { text: b, width },
    ]);
  }

  /** The four values of a vector as one. */
  fold(vector: string): string {
    const [x, y, z, w] = ['x', 'y', 'z', 'w'].map((lane) => `${vector}.${lane}`);
    return this.combine(this.combine(x!, y!, 1), this.combine(z!, w!, 1), 1);
  }

  /** The result, given what `count` elements have become. */
  finish(total: string, count: number, width: Width): string {
    return this.apply(this.op.finish, [
      { text: total, width },
      { text: literal(count, this.node.dtype), width: 1 },
    ]);
  }

  private apply(expression: Scalar, values: readonly [Value, Value]): string {
    const { dtype } = this.node;
    return this.writer.apply(expression, values, [dtype, dtype], values[0].width);
  }
}
