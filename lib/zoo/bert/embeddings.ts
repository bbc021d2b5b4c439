import { child } from '../../dsl/decorators.js';
import { add, arange, full } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { ShapeError } from '../../ir/errors.js';
import { Dropout } from '../../layers/dropout.js';
import { Embedding } from '../../layers/embedding.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import type { Hidden } from '../hidden.js';
import type { BertConfig } from './config.js';

/** norm(word + position + segment) of each token. */
export class BertEmbeddings extends Module {
  wordEmbeddings = new Embedding(this.config.vocabSize, this.config.hiddenSize, {
    paddingIndex: this.config.padToken,
  });
  positionEmbeddings = new Embedding(this.config.maxPositions, this.config.hiddenSize);
  tokenTypeEmbeddings = new Embedding(this.config.tokenTypes, this.config.hiddenSize);
  @child({ name: 'LayerNorm' }) layerNorm = new LayerNorm(this.config.hiddenSize, { eps: this.config.normEps });
  private readonly dropout = new Dropout(this.config.hiddenDropout);

  constructor(private readonly config: BertConfig) {
    super();
  }

  /** ids and types [B, T] i32 give [B, T, hiddenSize]. Throws ShapeError for more tokens than there are positions. */
  forward<B extends Dim, T extends Dim>(
    ids: Tensor<[B, T], 'i32'>,
    types: Tensor<[B, T], 'i32'> | undefined,
  ): Hidden<B, T> {
    const [, length] = ids.shape;
    const { maxPositions } = this.config;
    if (Number(length) > maxPositions) {
      throw new ShapeError(`Bert: ${length} tokens are more than the ${maxPositions} positions of the model: cut them`);
    }
    const words = this.wordEmbeddings.forward(ids);
    const segments = this.tokenTypeEmbeddings.forward(types ?? full(ids.shape, 0, { dtype: 'i32' }));
    const positions = this.positionEmbeddings.forward(arange(length));
    return this.dropout.forward(this.layerNorm.forward(add(add(words, segments), positions)));
  }
}
