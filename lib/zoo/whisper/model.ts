import { normal, zeros } from '../../dsl/init.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { Linear } from '../../layers/linear.js';
import { initializeNormal } from '../initialize.js';
import { PretrainedModel } from '../pretrained.js';
import type { Hidden } from './attention.js';
import { whisperConfig, type WhisperConfig } from './config.js';
import { WhisperDecoder } from './decoder.js';
import { sinusoids, WhisperEncoder } from './encoder.js';

/** Encoder and decoder, under the name that checkpoints have for them. */
class WhisperModel extends Module {
  encoder = new WhisperEncoder(this.config);
  decoder = new WhisperDecoder(this.config);

  constructor(private readonly config: WhisperConfig) {
    super();
  }

  forward<B extends Dim, T extends Dim>(
    features: Tensor<[B, number, Dim], 'f32'>,
    ids: Tensor<[B, T], 'i32'>,
  ): Hidden<B, T> {
    return this.decoder.forward(ids, this.decoder.keysAndValues(this.encoder.forward(features)));
  }
}

/**
 * Whisper: speech to text, in 99 languages, or to English (Radford et al. 2022, arXiv:2212.04356). Checkpoints of
 * `WhisperForConditionalGeneration`.
 *
 *     const model = await Whisper.fromPretrained('openai/whisper-tiny');
 *     const { text } = await model.transcribe(readWav(bytes), { language: 'en' });
 */
export class Whisper extends PretrainedModel {
  static readonly parseConfig = whisperConfig;

  model = new WhisperModel(this.config);
  projOut = new Linear(this.config.width, this.config.vocabSize, { bias: false });

  /** Throws NameError for an activation that there is not. */
  constructor(readonly config: WhisperConfig) {
    super();
    const { initializerRange, tieWordEmbeddings } = config;
    initializeNormal(this, initializerRange);
    for (const convolution of [this.model.encoder.conv1, this.model.encoder.conv2]) {
      convolution.weight.initialize(normal(0, initializerRange));
      convolution.bias.initialize(zeros());
    }
    this.model.encoder.embedPositions.weight.initialize(sinusoids);
    if (tieWordEmbeddings) this.projOut.weight = this.model.decoder.embedTokens.weight;
  }

  /**
   * Log-mel spectrograms [B, melBins, 2·sourcePositions] and the tokens so far [B, T] i32 to the logits [B, T, V] of the
   * token behind each. Throws ShapeError for other sizes.
   */
  forward<B extends Dim, T extends Dim>(
    features: Tensor<[B, number, Dim], 'f32'>,
    ids: Tensor<[B, T], 'i32'>,
  ): Tensor<[B, T, number], 'f32'> {
    return this.projOut.forward(this.model.forward(features, ids));
  }

  /** Log-mel spectrograms [B, melBins, 2·sourcePositions] to vectors [B, sourcePositions, width]. */
  encode<B extends Dim>(features: Tensor<[B, number, Dim], 'f32'>): Hidden<B, number> {
    return this.model.encoder.forward(features);
  }
}
