import type { Node } from '../../ir/graph.js';
import type { ReductionOp } from '../../ir/ops/define.js';
import { opOf } from '../../ir/ops/index.js';
import type { Affine, Atom } from '../fusion/affine.js';
import type { RowSums } from '../fusion/row-sums.js';
import { literal, valueType, type Width } from './functions.js';
import { widened, type Value } from './values.js';
import type { KernelWriter } from './writer.js';

/** Writes how a product's kernel reduces the rows that it goes through; every list has one text for each reduction. */
export class RowTotals {
  constructor(
    private readonly writer: KernelWriter,
    private readonly rows: RowSums,
  ) {}

  /** Accumulators of a row, whose names begin with `prefix`. */
  declare(prefix: string, width: Width): string[] {
    return this.rows.reductions.map((node, i) => {
      const name = `${prefix}_${i}`;
      this.writer.line(`var ${name} = ${valueType(node.dtype, width)}(${initialOf(node)});`);
      return name;
    });
  }

  /** Adds the element at `inner` of the row `outer`, or the four along `lane`, where `inside` holds. */
  add(sums: readonly string[], outer: Affine, inner: Affine, lane: Atom | undefined, inside?: string): void {
    const width = lane ? 4 : 1;
    const index = this.rows.at(outer, inner);
    this.rows.reductions.forEach((node, i) => {
      const operand = node.inputs[0]!;
      const found = this.writer.along(lane, () => this.writer.value(operand, index));
      const value = width === 4 ? widened(found, operand.dtype).text : found.text;
      const type = valueType(node.dtype, width);
      const element = inside ? `select(${type}(${initialOf(node)}), ${value}, ${inside})` : value;
      this.writer.line(`${sums[i]} = ${this.combine(i, sums[i]!, element, width)};`);
    });
  }

  /** Of vectors of sums the sums. */
  fold(sums: readonly string[], width: Width): string[] {
    if (width === 1) return [...sums];
    return sums.map((sum, i) => {
      const [x, y, z, w] = ['x', 'y', 'z', 'w'].map((lane) => `${sum}.${lane}`);
      return this.combine(i, this.combine(i, x!, y!), this.combine(i, z!, w!));
    });
  }

  /** The `reduction`-th reduction's combination of two sums. */
  combine(reduction: number, a: string, b: string, width: Width = 1): string {
    const node = this.rows.reductions[reduction]!;
    const values = [a, b].map((text): Value => ({ text, width }));
    return this.writer.apply(opFor(node).combine, values, [node.dtype, node.dtype], width);
  }

  /** The reductions' results, given the sums of all elements of a row. */
  finish(sums: readonly string[]): string[] {
    return this.rows.reductions.map((node, i) => {
      const { shape, dtype } = node.inputs[0]!;
      const values = [sums[i]!, literal(shape.at(-1)!, dtype)].map((text): Value => ({ text, width: 1 }));
      const name = this.writer.name('total');
      this.writer.line(`let ${name} = ${this.writer.apply(opFor(node).finish, values, [dtype, dtype], 1)};`);
      return name;
    });
  }
}

const opFor = (node: Node) => opOf(node) as ReductionOp;
const initialOf = (node: Node) => literal(opFor(node).initial, node.dtype);
