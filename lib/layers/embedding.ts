import { param } from '../dsl/decorators.js';
import { embedding } from '../dsl/generated/ops.js';
import { normal, type Initializer } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import { parameter } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';
import { ValueError } from '../ir/errors.js';
import { checkOptions } from './arguments.js';

/** Options of {@link Embedding}, with PyTorch's defaults. */
export interface EmbeddingOptions {
  /** The row that stands for padding: it starts as 0 and gets no gradient. Below 0 it counts from the end. */
  readonly paddingIndex?: number;
}

/**
 * The rows of `weight` that indices name: index [...B] i32 gives [...B, EmbeddingDim].
 *
 * `weight` is [Num, EmbeddingDim] and starts standard normal, as PyTorch's `Embedding`. Indices are below `Num`; a
 * session refuses others.
 */
export class Embedding<Num extends Dim = Dim, EmbeddingDim extends Dim = Dim> extends Module {
  /** From 0 on. */
  readonly paddingIndex = rowOf(this.options.paddingIndex, this.numEmbeddings);
  /** [Num, EmbeddingDim]; row i is what index i becomes. */
  @param weight = parameter([this.numEmbeddings, this.embeddingDim], normalBut(this.paddingIndex));

  /** Throws NameError for other options, ValueError for a `paddingIndex` that names no row. */
  constructor(
    readonly numEmbeddings: Num,
    readonly embeddingDim: EmbeddingDim,
    private readonly options: EmbeddingOptions = {},
  ) {
    checkOptions('Embedding', options, { paddingIndex: 'integer' });
    super();
  }

  forward<B extends Dim[]>(index: Tensor<B, 'i32'>): Tensor<[...B, EmbeddingDim], 'f32'> {
    const { paddingIndex } = this;
    return embedding(index, this.weight, paddingIndex === undefined ? {} : { paddingIndex });
  }
}

function rowOf(index: number | undefined, count: Dim): number | undefined {
  if (index === undefined || typeof count !== 'number') return index;
  if (index >= count || index < -count) {
    throw new ValueError(`Embedding: paddingIndex ${index} names none of the ${count} rows`);
  }
  return index < 0 ? index + count : index;
}

/** Standard normal, with 0 in one row. */
function normalBut(row: number | undefined): Initializer {
  const initial = normal();
  if (row === undefined) return initial;
  return (shape, random) => {
    const width = shape[1]!;
    return Float32Array.from(initial(shape, random), (value, i) => (Math.floor(i / width) === row ? 0 : value));
  };
}
