import { scalar, variable } from '../../ir/scalar.js';
import type { Softmax } from '../fusion/attention.js';
import type { AttentionLayout } from './attention-layout.js';
import { FOUR, sumOf, type WeightsWriter } from './attention-weights.js';
import { literal } from './functions.js';
import type { Value } from './values.js';
import type { KernelWriter } from './writer.js';

/** Below every score that is a number, and not −∞, from which nothing can be subtracted. */
const LOWEST = literal(-(2 - 2 ** -23) * 2 ** 127, 'f32');

/**
 * Writes the softmax of a tile of scores: from the products of queries and keys to weights in workgroup memory. The sums
 * of weights are in `total0` …, what they are relative to in `greatest0` ….
 */
export class SoftmaxWriter {
  private readonly writer: KernelWriter;

  constructor(
    private readonly tile: WeightsWriter,
    private readonly softmax: Softmax,
    private readonly layout: AttentionLayout,
  ) {
    this.writer = tile.writer;
  }

  /** Declares what is kept from tile to tile. */
  begin(): void {
    for (const i of FOUR) {
      this.writer.line(`var greatest${i} = ${LOWEST};`);
      this.writer.line(`var total${i} = 0.0f;`);
    }
  }

  /** `sums`: names of what is summed by weights, of each row: scaled as they are. */
  weigh(sums: readonly (readonly string[])[]): void {
    for (const i of FOUR) this.writeScores(i);
    this.raiseGreatest(sums);
    for (const i of FOUR) this.writeWeights(i);
  }

  /** Adds up the totals of those that share rows. */
  end(): void {
    const { writer, layout } = this;
    for (const i of FOUR) writer.line(`${this.place(i, 'tx')} = total${i};`);
    writer.line('workgroupBarrier();');
    for (const i of FOUR) writer.line(`total${i} = 0.0f;`);
    const add = () => {
      for (const i of FOUR) writer.line(`total${i} += ${this.place(i, 'g')};`);
    };
    writer.block(`for (var g = 0u; g < ${layout.groups}u; g++)`, add, layout.groups);
  }

  /** Stores the greatest score and the sum of each row, by the first of those that share it. `rows`: how many there are. */
  keep(rows: number): void {
    const { writer, tile, softmax, layout } = this;
    const store = (i: number) => {
      tile.nameRow(i);
      writer.store(softmax.max.node, softmax.max.index, { text: `greatest${i}`, width: 1 });
      writer.store(softmax.sum.node, softmax.sum.index, { text: `total${i}`, width: 1 });
    };
    const all = () => FOUR.forEach((i) => writer.block(`if (row + ty * 4u + ${i}u < ${rows}u)`, () => store(i)));
    writer.block('if (tx == 0u)', all, 1 / layout.groups);
  }

  /** Where an invocation of a row tells the others a number. */
  private place(i: number, group: string): string {
    return `tileA[${group} * ${this.layout.rows}u + ty * 4u + ${i}u]`;
  }

  /** Computes the scores of a row from the products, and leaves them there; keys that are not there count nothing. */
  private writeScores(i: number): void {
    const { writer, tile, softmax } = this;
    const [product] = tile.attention.products;
    const sum = sumOf(0, i);
    if (softmax.scores.node !== product!.node) {
      tile.elements(i, ({ width, part, set }) => {
        writer.define(product!.node, product!.index, { text: part(sum), width });
        set(sum, writer.value(softmax.scores.node, softmax.scores.index));
      });
    }
    if (tile.isRagged) writer.line(`${sum} = select(vec4<f32>(${LOWEST}), ${sum}, ${tile.inside});`);
  }

  /** Finds the greatest score of each row so far, and scales down what was summed with a smaller one. */
  private raiseGreatest(sums: readonly (readonly string[])[]): void {
    const { writer, layout } = this;
    for (const i of FOUR) {
      const own = sumOf(0, i);
      writer.line(`${this.place(i, 'tx')} = max(max(${own}.x, ${own}.y), max(${own}.z, ${own}.w));`);
    }
    writer.line('workgroupBarrier();');
    // Where a score is no number, neither is e to it, whatever is the greatest here.
    for (const i of FOUR) writer.line(`var raised${i} = greatest${i};`);
    const raise = () => {
      for (const i of FOUR) writer.line(`raised${i} = max(raised${i}, ${this.place(i, 'g')});`);
    };
    writer.block(`for (var g = 0u; g < ${layout.groups}u; g++)`, raise, layout.groups);
    for (const i of FOUR) {
      writer.line(`let lower${i} = greatest${i} - raised${i};`);
      const power: Value = { text: `lower${i}`, width: 1 };
      writer.line(`let scale${i} = ${writer.apply(scalar.exp(variable(0)), [power], ['f32'], 1)};`);
      writer.line(`greatest${i} = raised${i};`);
      writer.line(`total${i} *= scale${i};`);
      for (const sum of sums[i]!) writer.line(`${sum} *= scale${i};`);
    }
  }

  /** Puts e to the scores of a row, less the greatest, into workgroup memory. */
  private writeWeights(i: number): void {
    const { writer, tile } = this;
    const { weights } = tile.attention;
    const { scores, max, exp, share } = this.softmax;
    writer.line(`var e${i} = vec4<f32>();`);
    tile.elements(i, ({ width, part, set }) => {
      writer.define(scores.node, scores.index, { text: part(sumOf(0, i)), width });
      writer.define(max.node, max.index, { text: `greatest${i}`, width: 1 });
      set(`e${i}`, writer.value(exp.node, exp.index));
    });
    tile.bound(i);
    writer.line(`total${i} += dot(e${i}, vec4<f32>(1.0f));`);
    if (weights.node !== share.node) {
      tile.elements(i, ({ width, part, set }) => {
        writer.define(share.node, share.index, { text: part(`e${i}`), width });
        set(`e${i}`, writer.value(weights.node, weights.index));
      });
    }
    tile.store(i);
  }
}
