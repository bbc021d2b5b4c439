import { add, arange, causalMask, minimum } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { update } from '../../dsl/trace-state.js';
import { ShapeError } from '../../ir/errors.js';
import { Dropout } from '../../layers/dropout.js';
import { Embedding } from '../../layers/embedding.js';
import { KVCache } from '../../layers/kv-cache.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import type { Past } from '../generation/decoder-cache.js';
import type { Hidden } from '../hidden.js';
import type { KeysAndValues } from './attention.js';
import type { WhisperConfig } from './config.js';
import { WhisperLayer } from './encoder.js';

/** Keys and values that each layer of the decoder has of what the encoder gave for a recording. */
export class RecordingCache extends Module {
  readonly layers: readonly KVCache[];

  constructor({ decoder, width, sourcePositions }: WhisperConfig) {
    super();
    const { heads, layers } = decoder;
    const options = { batch: 1, heads, length: sourcePositions, headDim: width / heads };
    this.layers = Array.from({ length: layers }, () => new KVCache(options));
  }

  /** Puts those of one recording in place of those that were there. */
  forward(all: readonly KeysAndValues<1, number>[]): void {
    this.layers.forEach(({ key, value }, i) => {
      update(key, all[i]!.key);
      update(value, all[i]!.value);
    });
  }
}

class WhisperDecoderLayer extends WhisperLayer {
  selfAttn = this.attention();
  selfAttnLayerNorm = new LayerNorm(this.config.width);
  encoderAttn = this.attention();
  encoderAttnLayerNorm = new LayerNorm(this.config.width);

  /** `index`: the place of the layer, and so of its keys and values in a cache. */
  constructor(
    config: WhisperConfig,
    private readonly index: number,
  ) {
    super(config, config.decoder);
  }

  forward<B extends Dim, T extends Dim>(
    x: Hidden<B, T>,
    recording: KeysAndValues<B, number>,
    past: Past | undefined,
  ): Hidden<B, T> {
    const attended = add(x, this.dropout.forward(this.attendSelf(this.selfAttnLayerNorm.forward(x), past)));
    const heard = this.encoderAttn.forward(this.encoderAttnLayerNorm.forward(attended), recording);
    return this.fedForward(add(attended, this.dropout.forward(heard)));
  }

  private attendSelf<B extends Dim, T extends Dim>(x: Hidden<B, T>, past: Past | undefined): Hidden<B, T> {
    const own = this.selfAttn.keysAndValues(x);
    if (!past) return this.selfAttn.forward(x, own, { causal: true });
    const { cache, position } = past;
    const mask = causalMask(position, x.shape[1], cache.length);
    return this.selfAttn.forward(x, cache.forward(this.index, own.key, own.value, position), { mask });
  }
}

/** Tokens of a text to vectors that tell the next, by what the encoder gave for a recording. */
export class WhisperDecoder extends Module {
  embedTokens = new Embedding(this.config.vocabSize, this.config.width, { paddingIndex: this.config.padToken });
  embedPositions = new Embedding(this.config.targetPositions, this.config.width);
  layers = Array.from(
    { length: this.config.decoder.layers },
    (_, index) => new WhisperDecoderLayer(this.config, index),
  );
  layerNorm = new LayerNorm(this.config.width);
  private readonly dropout = new Dropout(this.config.dropout);

  constructor(private readonly config: WhisperConfig) {
    super();
  }

  /** What the layers' cross-attention sees of the encoder's result [B, S, width]. */
  keysAndValues<B extends Dim>(encoded: Hidden<B, number>): KeysAndValues<B, number>[] {
    return this.layers.map(({ encoderAttn }) => encoderAttn.keysAndValues(encoded));
  }

  /**
   * Token ids [B, T] i32 give [B, T, width], after the last norm; `recording` has an entry a layer. Throws ShapeError
   * for more tokens than there are positions.
   */
  forward<B extends Dim, T extends Dim>(
    ids: Tensor<[B, T], 'i32'>,
    recording: readonly KeysAndValues<B, number>[],
    past?: Past,
  ): Hidden<B, T> {
    const [, length] = ids.shape;
    const { targetPositions } = this.config;
    if (Number(length) > targetPositions) {
      throw new ShapeError(`Whisper: ${length} tokens are more than the ${targetPositions} positions of the decoder`);
    }
    const places = arange(length);
    // Behind the last position is padding only.
    const positions = past ? minimum(add(places, past.position), targetPositions - 1) : places;
    const embedded = add(this.embedTokens.forward(ids), this.embedPositions.forward(positions));
    const first: Hidden<B, T> = this.dropout.forward(embedded);
    return this.layerNorm.forward(this.layers.reduce((x, layer, i) => layer.forward(x, recording[i]!, past), first));
  }
}
