import { add, permute } from '../../dsl/generated/ops.js';
import type { Initializer } from '../../dsl/init.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { ShapeError } from '../../ir/errors.js';
import { activationNamed } from '../../layers/activations.js';
import { Conv1d } from '../../layers/convolution.js';
import { Dropout } from '../../layers/dropout.js';
import { Embedding } from '../../layers/embedding.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Linear } from '../../layers/linear.js';
import type { Hidden } from '../hidden.js';
import { WhisperAttention } from './attention.js';
import type { WhisperConfig, WhisperSideConfig } from './config.js';

/** What the layers of encoder and decoder share: the feed-forward behind its norm, and dropout. */
export abstract class WhisperLayer extends Module {
  fc1 = new Linear(this.config.width, this.side.hidden);
  fc2 = new Linear(this.side.hidden, this.config.width);
  finalLayerNorm = new LayerNorm(this.config.width);
  protected readonly dropout = new Dropout(this.config.dropout);
  private readonly activationDropout = new Dropout(this.config.activationDropout);
  private readonly activation = activationNamed(this.config.activation);

  constructor(
    protected readonly config: WhisperConfig,
    private readonly side: WhisperSideConfig,
  ) {
    super();
  }

  /** x and the feed-forward of it. */
  protected fedForward<B extends Dim, T extends Dim>(x: Hidden<B, T>): Hidden<B, T> {
    const inner = this.activation(this.fc1.forward(this.finalLayerNorm.forward(x)));
    return add(x, this.dropout.forward(this.fc2.forward(this.activationDropout.forward(inner))));
  }

  protected attention(): WhisperAttention {
    return new WhisperAttention(this.config.width, this.side.heads, this.config.attentionDropout);
  }
}

class WhisperEncoderLayer extends WhisperLayer {
  selfAttn = this.attention();
  selfAttnLayerNorm = new LayerNorm(this.config.width);

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>): Hidden<B, T> {
    const normed = this.selfAttnLayerNorm.forward(x);
    const seen = this.selfAttn.forward(normed, this.selfAttn.keysAndValues(normed));
    return this.fedForward(add(x, this.dropout.forward(seen)));
  }
}

/** Log-mel spectrograms to vectors: two convolutions, of which the second halves the frames, and layers of attention. */
export class WhisperEncoder extends Module {
  conv1 = new Conv1d(this.config.melBins, this.config.width, 3, { padding: 1 });
  conv2 = new Conv1d(this.config.width, this.config.width, 3, { stride: 2, padding: 1 });
  embedPositions = new Embedding(this.config.sourcePositions, this.config.width);
  layers = Array.from(
    { length: this.config.encoder.layers },
    () => new WhisperEncoderLayer(this.config, this.config.encoder),
  );
  layerNorm = new LayerNorm(this.config.width);
  private readonly dropout = new Dropout(this.config.dropout);
  private readonly activation = activationNamed('gelu');

  constructor(private readonly config: WhisperConfig) {
    super();
  }

  /**
   * Features [B, melBins, 2·sourcePositions] give [B, sourcePositions, width]. Throws ShapeError for another number of
   * bins or frames.
   */
  forward<B extends Dim>(features: Tensor<[B, number, Dim], 'f32'>): Hidden<B, number> {
    const { layers, layerNorm } = this;
    return layerNorm.forward(layers.reduce((x, layer) => layer.forward(x), this.embedded(features)));
  }

  /** What the first layer gets. */
  embedded<B extends Dim>(features: Tensor<[B, number, Dim], 'f32'>): Hidden<B, number> {
    const { melBins, sourcePositions } = this.config;
    const [sounds, bins, frames] = features.shape;
    if (bins !== melBins || frames !== 2 * sourcePositions) {
      throw new ShapeError(
        `Whisper: features must be [B, ${melBins}, ${2 * sourcePositions}], log-mel spectrograms of one window, got ` +
          `[${sounds}, ${bins}, ${frames}]: fill up or cut the sound to that length`,
      );
    }
    const first: Tensor = this.activation(this.conv1.forward(features));
    const second: Tensor = this.activation(this.conv2.forward(first as Tensor<[B, number, Dim], 'f32'>));
    const tokens = permute(second, [0, 2, 1]) as Hidden<B, number>;
    return this.dropout.forward(add(tokens, this.embedPositions.weight));
  }
}

/**
 * Sines, then cosines, of the position in wavelengths that grow from 2π to 2π·10000: what the encoder's positions are
 * before a checkpoint says otherwise. [positions, width].
 */
export const sinusoids: Initializer = (shape) => {
  const [positions, width] = shape as [number, number];
  const half = width / 2;
  return Float32Array.from({ length: positions * width }, (_, i) => {
    const [position, column] = [Math.floor(i / width), i % width];
    const angle = position * Math.exp((-Math.log(10_000) / Math.max(half - 1, 1)) * (column % half));
    return column < half ? Math.sin(angle) : Math.cos(angle);
  });
};
