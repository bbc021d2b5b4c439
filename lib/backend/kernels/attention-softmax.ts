import { scalar, variable } from '../../ir/scalar.js';
import type { Atom } from '../fusion/affine.js';
import type { Attention, AttentionShape } from '../fusion/attention.js';
import type { AttentionLayout } from './attention-layout.js';
import { literal } from './functions.js';
import { widened, type Value } from './values.js';
import type { KernelWriter } from './writer.js';

/** Below every score that is a number, and not −∞, from which nothing can be subtracted. */
const LOWEST = literal(-(2 - 2 ** -23) * 2 ** 127, 'f32');
const FOUR = [0, 1, 2, 3] as const;

/**
 * Writes the softmax of a tile of scores: from the products of queries and keys, four keys of each of four rows in
 * `c0` … `c3`, to weights in workgroup memory. The sums of weights are in `total0` …, what they are relative to in
 * `greatest0` ….
 */
export class SoftmaxWriter {
  constructor(
    private readonly writer: KernelWriter,
    private readonly attention: Attention,
    private readonly row: Atom,
    private readonly shape: AttentionShape,
    private readonly layout: AttentionLayout,
  ) {}

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

  /** Where an invocation of a row tells the others a number. */
  private place(i: number, group: string): string {
    return `tileA[${group} * ${this.layout.rows}u + ty * 4u + ${i}u]`;
  }

  /** Computes the scores of a row from the products in `c`, and leaves them there; keys that are not there count nothing. */
  private writeScores(i: number): void {
    const { writer, attention } = this;
    const { product, scores } = attention;
    if (scores.node !== product.node) {
      this.elements(i, (own, width, set) => {
        writer.define(product.node, product.index, { text: own, width });
        set(writer.value(scores.node, scores.index));
      });
    }
    if (this.isRagged) writer.line(`c${i} = select(vec4<f32>(${LOWEST}), c${i}, ${this.inside});`);
  }

  /** Finds the greatest score of each row so far, and scales down what was summed with a smaller one. */
  private raiseGreatest(sums: readonly (readonly string[])[]): void {
    const { writer, layout } = this;
    for (const i of FOUR) writer.line(`${this.place(i, 'tx')} = max(max(c${i}.x, c${i}.y), max(c${i}.z, c${i}.w));`);
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
    const { writer, layout } = this;
    const { scores, max, exp, share, weights } = this.attention;
    writer.line(`var e${i} = vec4<f32>();`);
    this.elements(i, (own, width, _, set) => {
      writer.define(scores.node, scores.index, { text: own, width });
      writer.define(max.node, max.index, { text: `greatest${i}`, width: 1 });
      set(writer.value(exp.node, exp.index));
    });
    if (this.isRagged) writer.line(`e${i} = select(vec4<f32>(), e${i}, ${this.inside});`);
    writer.line(`total${i} += dot(e${i}, vec4<f32>(1.0f));`);
    if (weights.node !== share.node) {
      this.elements(i, (_, width, __, set, e) => {
        writer.define(share.node, share.index, { text: e, width });
        set(writer.value(weights.node, weights.index));
      });
    }
    for (const j of FOUR)
      writer.line(`weights[(tx * 4u + ${j}u) * ${layout.rows + 1}u + ty * 4u + ${i}u] = e${i}[${j}];`);
  }

  /** Whether four keys that follow one another are all there or none of them. */
  private get byVectors(): boolean {
    return this.shape.keys % 4 === 0;
  }

  private get isRagged(): boolean {
    return this.shape.keys % this.layout.keys !== 0;
  }

  /** Which keys of the own four there are. */
  private get inside(): string {
    const { keys } = this.shape;
    if (this.byVectors) return `start + tx * 4u < ${keys}u`;
    return `vec4<bool>(${FOUR.map((j) => `start + tx * 4u + ${j}u < ${keys}u`).join(', ')})`;
  }

  /**
   * Names row and key, and has the values of own elements computed, all four at once where they are a vector. `body` gets
   * the text of the score and of the weight, and what replaces them.
   */
  private elements(
    i: number,
    body: (
      score: string,
      width: 1 | 4,
      setScore: (value: Value) => void,
      setWeight: (value: Value) => void,
      weight: string,
    ) => void,
  ): void {
    const { writer, shape, attention, row, byVectors } = this;
    const { key } = attention;
    const at = (text: string, extent: number) => `min(${text}, ${extent - 1}u)`;
    for (const j of byVectors ? [0] : FOUR) {
      writer.block('', () =>
        writer.along(byVectors ? key : undefined, () => {
          writer.line(`let ${row.text} = ${at(`row + ty * 4u + ${i}u`, shape.rows)};`);
          if (byVectors) {
            writer.line(`let ${key.text}q = ${at('start / 4u + tx', shape.keys / 4)};`);
            writer.line(`let ${key.text} = ${key.text}q * 4u;`);
          } else writer.line(`let ${key.text} = ${at(`start + tx * 4u + ${j}u`, shape.keys)};`);
          const part = byVectors ? '' : `[${j}]`;
          const set = (name: string) => (value: Value) => {
            writer.line(`${name}${part} = ${byVectors ? widened(value, 'f32').text : value.text};`);
          };
          body(`c${i}${part}`, byVectors ? 4 : 1, set(`c${i}`), set(`e${i}`), `e${i}${part}`);
        }),
      );
    }
  }
}
