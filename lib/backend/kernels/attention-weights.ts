import type { Atom } from '../fusion/affine.js';
import type { Attention, AttentionShape } from '../fusion/attention.js';
import type { AttentionLayout } from './attention-layout.js';
import { widened, type Value } from './values.js';
import type { KernelWriter } from './writer.js';

export const FOUR = [0, 1, 2, 3] as const;

/** The name of the own elements of an inner product in a row: a vector of four keys. */
export const sumOf = (product: number, i: number) => `c${product}_${i}`;

/** The elements of a row that an invocation has, or one of them. */
export interface OwnElements {
  readonly width: 1 | 4;
  /** What of a vector of the four keys belongs to them. */
  readonly part: (vector: string) => string;
  /** Puts a value there. */
  readonly set: (vector: string, value: Value) => void;
}

/** Writes the weights of a tile into workgroup memory, four keys of each of four rows by an invocation, in `e0` … `e3`. */
export class WeightsWriter {
  constructor(
    readonly writer: KernelWriter,
    readonly attention: Attention,
    private readonly row: Atom,
    private readonly shape: AttentionShape,
    private readonly layout: AttentionLayout,
  ) {}

  /** The weights of all rows, as maps of the inner products; keys that are not there count nothing. */
  weigh(): void {
    const { writer, attention } = this;
    const { products, weights } = attention;
    for (const i of FOUR) {
      writer.line(`var e${i} = vec4<f32>();`);
      this.elements(i, ({ width, part, set }) => {
        products.forEach(({ node, index }, p) => writer.define(node, index, { text: part(sumOf(p, i)), width }));
        set(`e${i}`, writer.value(weights.node, weights.index));
      });
      this.bound(i);
      this.store(i);
    }
  }

  /** Sets the weights of keys to 0 that are not there. */
  bound(i: number): void {
    if (this.isRagged) this.writer.line(`e${i} = select(vec4<f32>(), e${i}, ${this.inside});`);
  }

  store(i: number): void {
    for (const j of FOUR) {
      this.writer.line(`weights[(tx * 4u + ${j}u) * ${this.layout.rows + 1}u + ty * 4u + ${i}u] = e${i}[${j}];`);
    }
  }

  /** Whether the last tile has keys that are not there. */
  get isRagged(): boolean {
    return this.shape.keys % this.layout.keys !== 0;
  }

  /** Which keys of the own four there are. */
  get inside(): string {
    const { keys } = this.shape;
    if (this.byVectors) return `start + tx * 4u < ${keys}u`;
    return `vec4<bool>(${FOUR.map((j) => `start + tx * 4u + ${j}u < ${keys}u`).join(', ')})`;
  }

  /** Names row and key, and has the values of own elements of a row computed, all four at once where they are a vector. */
  elements(i: number, body: (own: OwnElements) => void): void {
    const { writer, shape, attention, byVectors } = this;
    const { key } = attention;
    for (const j of byVectors ? [0] : FOUR) {
      writer.block('', () =>
        writer.along(byVectors ? key : undefined, () => {
          this.nameRow(i);
          if (byVectors) {
            writer.line(`let ${key.text}q = ${at('start / 4u + tx', shape.keys / 4)};`);
            writer.line(`let ${key.text} = ${key.text}q * 4u;`);
          } else writer.line(`let ${key.text} = ${at(`start + tx * 4u + ${j}u`, shape.keys)};`);
          const part = (vector: string) => (byVectors ? vector : `${vector}[${j}]`);
          const set = (vector: string, value: Value) =>
            writer.line(`${part(vector)} = ${byVectors ? widened(value, 'f32').text : value.text};`);
          body({ width: byVectors ? 4 : 1, part, set });
        }),
      );
    }
  }

  /** The row as its atom is named: the last one where there is none. */
  nameRow(i: number): void {
    this.writer.line(`let ${this.row.text} = ${at(`row + ty * 4u + ${i}u`, this.shape.rows)};`);
  }

  /** Whether four keys that follow one another are all there or none of them. */
  private get byVectors(): boolean {
    return this.shape.keys % 4 === 0;
  }
}

/** An index, or the last one where it is past that. */
const at = (text: string, extent: number) => `min(${text}, ${extent - 1}u)`;
