import { cumsum, embedding, equal, maximum, reshape, sub, cast, unsqueeze, where } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import type { Hidden } from '../hidden.js';
import { LlamaModel } from '../llama/model.js';
import type { SmolVLMConfig } from './config.js';
import { Connector } from './connector.js';
import { VisionTransformer } from './vision.js';

/** Images, and where text has their vectors. */
export class SmolVLMModel extends Module {
  visionModel = new VisionTransformer(this.config.vision);
  connector = new Connector(this.config);
  textModel = new LlamaModel(this.config.text);

  constructor(private readonly config: SmolVLMConfig) {
    super();
  }

  /** Vectors for the text of images [N, channels, size, size]: [N, vectors an image, textSize]. */
  forward<N extends Dim>(images: Tensor<[N, number, number, number], 'f32'>): Tensor<[N, number, number], 'f32'> {
    return this.connector.forward(this.visionModel.forward(images));
  }

  /**
   * Embeds ids [B, T] i32 as [B, T, textSize]; image tokens, in reading order, are the rows of `features` [rows,
   * textSize], of which there must be as many.
   */
  embed<B extends Dim, T extends Dim>(
    ids: Tensor<[B, T], 'i32'>,
    features: Tensor<[number, number], 'f32'>,
  ): Hidden<B, T> {
    const isImage = equal(ids, this.config.imageToken);
    const [batch, length] = ids.shape;
    const count = Number(batch) * Number(length);
    // How many image tokens stand before each one is the row of its vector.
    const counted = cumsum(reshape(cast(isImage, 'i32'), [count]), 0);
    const rows = reshape(maximum(sub(counted, 1), 0), [batch, length]);
    return this.replace(ids, embedding(rows, features));
  }

  /** Embeds ids as {@link embed} does, with `vectors` [B, T, textSize] in place of image tokens. */
  replace<B extends Dim, T extends Dim>(ids: Tensor<[B, T], 'i32'>, vectors: Hidden<B, T>): Hidden<B, T> {
    const isImage = unsqueeze(equal(ids, this.config.imageToken), -1);
    return where(isImage, vectors, this.textModel.embedTokens.forward(ids));
  }
}
