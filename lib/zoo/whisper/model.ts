import { normal, zeros } from '../../dsl/init.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { Linear } from '../../layers/linear.js';
import type { Audio } from '../audio/audio.js';
import type { Hidden } from '../hidden.js';
import { initializeNormal } from '../initialize.js';
import { PretrainedModel } from '../pretrained.js';
import type { RunOptions } from '../session-pool.js';
import { whisperConfig, type WhisperConfig } from './config.js';
import { WhisperDecoder } from './decoder.js';
import { sinusoids, WhisperEncoder } from './encoder.js';
import { checkTranscription, Transcriber, type TranscribeOptions, type Transcription } from './transcriber.js';

/** A transcriber, and what it was made with. */
type OwnTranscriber = RunOptions & { readonly made: Promise<Transcriber> };

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
 *     const { text } = await model.transcribe(await loadWav(file), { language: 'en' });
 */
export class Whisper extends PretrainedModel {
  static override readonly checkpoint = { kinds: ['whisper', 'WhisperForConditionalGeneration'] };
  /** Reads a `config.json`. Throws ConfigError. */
  static readonly parseConfig = whisperConfig;

  /** The one that `transcribe` uses. */
  #transcriber: OwnTranscriber | undefined;

  /** Encoder and decoder. */
  model = new WhisperModel(this.config);
  /** Hidden states of the decoder to logits: width to vocabSize. */
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

  /**
   * What is said in a recording: samples at 16 kHz, or a sound with its sampling rate, of any length. It is cut into
   * windows of 30 seconds, and each is written down by the likeliest token each time. Sessions are built in the first call
   * and kept until `dispose`, or until a call asks for another device or other weights; a call that is aborted frees those
   * that it made.
   *
   *     const { text } = await model.transcribe(samples, { language: 'en', task: 'transcribe' });
   *
   * Throws UsageError without a tokenizer, ValueError for no samples and unknown languages, NameError for unknown options,
   * and the reason of `signal` when that aborts.
   */
  transcribe(recording: Audio | Float32Array, options: TranscribeOptions = {}): Promise<Transcription> {
    return this.withTranscriber(options, (transcriber) => transcriber.transcribe(recording, options));
  }

  /**
   * The tokens of one window by its log-mel spectrogram [melBins, 2·sourcePositions], without those that start and end a
   * text. Otherwise as `transcribe`, but needs no tokenizer.
   */
  async generate(features: Float32Array, options: TranscribeOptions = {}): Promise<number[]> {
    const { tokens } = await this.withTranscriber(options, (transcriber) => transcriber.generate(features, options));
    return tokens;
  }

  /** Frees what `transcribe` has built. Harmless when repeated; the next call builds it anew. */
  dispose(): void {
    this.#transcriber?.made.then(
      (transcriber) => transcriber.dispose(),
      () => undefined,
    );
    this.#transcriber = undefined;
  }

  private async withTranscriber<T>(
    options: TranscribeOptions,
    run: (transcriber: Transcriber) => Promise<T>,
  ): Promise<T> {
    checkTranscription(options);
    const { device, weights, signal } = options;
    signal?.throwIfAborted();
    const known = this.#transcriber;
    const isSame = known !== undefined && known.device === device && known.weights === weights;
    const own = isSame ? known : this.newTranscriber({ device, weights }, signal);
    let isMade = isSame;
    try {
      const transcriber = await own.made;
      isMade = true;
      return await run(transcriber);
    } catch (error) {
      // What an aborted call has made goes: memory is then what it was before.
      const isOver = !isMade || (!isSame && signal?.aborted === true);
      if (isOver && this.#transcriber === own) this.dispose();
      throw error;
    }
  }

  private newTranscriber(options: RunOptions, signal: AbortSignal | undefined): OwnTranscriber {
    this.dispose();
    return (this.#transcriber = { ...options, made: Transcriber.create(this, options, signal) });
  }
}
