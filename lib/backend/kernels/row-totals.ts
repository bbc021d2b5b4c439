import type { Affine, Atom } from '../fusion/affine.js';
import type { RowSums } from '../fusion/row-sums.js';
import type { Width } from './functions.js';
import { ReductionWriter } from './reduction.js';
import { widened } from './values.js';
import type { KernelWriter } from './writer.js';

/** Writes how a product's kernel reduces the rows that it goes through; every list has one text for each reduction. */
export class RowTotals {
  private readonly reductions: readonly ReductionWriter[];

  constructor(
    private readonly writer: KernelWriter,
    private readonly rows: RowSums,
  ) {
    this.reductions = rows.reductions.map((node) => new ReductionWriter(writer, node));
  }

  /** Accumulators of a row, whose names begin with `prefix`. */
  declare(prefix: string, width: Width): string[] {
    return this.reductions.map((reduction, i) => {
      const name = `${prefix}_${i}`;
      this.writer.line(`var ${name} = ${reduction.initial(width)};`);
      return name;
    });
  }

  /** Adds the element at `inner` of the row `outer`, or the four along `lane`, where `inside` holds. */
  add(sums: readonly string[], outer: Affine, inner: Affine, lane: Atom | undefined, inside?: string): void {
    const width = lane ? 4 : 1;
    const index = this.rows.at(outer, inner);
    this.reductions.forEach((reduction, i) => {
      const operand = reduction.node.inputs[0]!;
      const found = this.writer.along(lane, () => this.writer.value(operand, index));
      const value = width === 4 ? widened(found, operand.dtype).text : found.text;
      const element = inside ? `select(${reduction.initial(width)}, ${value}, ${inside})` : value;
      this.writer.line(`${sums[i]} = ${reduction.combine(sums[i]!, element, width)};`);
    });
  }

  /** Of vectors of sums the sums. */
  fold(sums: readonly string[], width: Width): string[] {
    return width === 1 ? [...sums] : sums.map((sum, i) => this.reductions[i]!.fold(sum));
  }

  /** The `reduction`-th reduction's combination of two sums. */
  combine(reduction: number, a: string, b: string): string {
    return this.reductions[reduction]!.combine(a, b, 1);
  }

  /** The reductions' results, given the sums of all elements of a row. */
  finish(sums: readonly string[]): string[] {
    return this.reductions.map((reduction, i) => {
      const length = reduction.node.inputs[0]!.shape.at(-1)!;
      return this.writer.let('total', reduction.finish(sums[i]!, length, 1));
    });
  }
}
