import { checkedOptions } from '../../dsl/emit.js';
import { input } from '../../dsl/input.js';
import { cast, div, mul, reshape, sum, tanh, unsqueeze } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import { Linear } from '../../layers/linear.js';
import { evaluating } from '../evaluating.js';
import { firstToken } from '../first-token.js';
import type { Hidden } from '../hidden.js';
import { initializeNormal } from '../initialize.js';
import { PretrainedModel } from '../pretrained.js';
import { loadTokenizer } from '../text/load-tokenizer.js';
import { SessionPool } from '../session-pool.js';
import { bertConfig, type BertConfig } from './config.js';
import { BertEmbeddings } from './embeddings.js';
import { BertLayer } from './layers.js';
import { SentenceEncoder, type EncodeOptions, type Texts } from './sentence-encoder.js';
import { sentenceSettings } from './sentence-settings.js';

/** Options of {@link Bert.forward}. */
export interface BertOptions {
  /** Which tokens are no padding, [B, T]: others are seen by none. Default all. */
  readonly attentionMask?: Tensor<[Dim, Dim], 'bool'> | undefined;
  /** Which of two texts a token is of, [B, T] i32: 0 or 1. Default 0. */
  readonly tokenTypes?: Tensor<[Dim, Dim], 'i32'> | undefined;
}

/** What a BERT gives, by name. A checkpoint without pooler gives no `poolerOutput`: `model.pooler` is null then. */
export type BertOutput<B extends Dim, T extends Dim> = {
  /** [B, T, hiddenSize]. */
  readonly lastHiddenState: Hidden<B, T>;
  /** tanh of a linear layer on the first token, [B, hiddenSize]. */
  readonly poolerOutput: Tensor<[B, number], 'f32'>;
};

/** The layers, under the name that checkpoints have for them. */
class BertEncoder extends Module {
  layer = Array.from({ length: this.config.layers }, () => new BertLayer(this.config));

  constructor(private readonly config: BertConfig) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>, mask: Tensor<[Dim, Dim], 'bool'> | undefined): Hidden<B, T> {
    const seen = mask && reshape(mask, [mask.shape[0], 1, 1, mask.shape[1]]);
    return this.layer.reduce((y, layer) => layer.forward(y, seen), x);
  }
}

/** tanh(dense(first token)). */
class Pooler extends Module {
  dense = new Linear(this.width, this.width);

  constructor(private readonly width: number) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Hidden<B, T>): Tensor<[B, number], 'f32'> {
    return tanh(this.dense.forward(firstToken(x)));
  }
}

/**
 * BERT as an encoder of texts (Devlin et al. 2018, arXiv:1810.04805): checkpoints of `BertModel`, those of other classes
 * without their heads, and those of sentence-transformers.
 *
 *     const model = await Bert.fromPretrained('sentence-transformers/all-MiniLM-L6-v2');
 *     const [a, b] = await model.encode(['a cat on a mat', 'a dog in a fog']);
 */
export class Bert extends PretrainedModel {
  /** Reads a `config.json`. Throws ConfigError. */
  static readonly parseConfig = bertConfig;
  static override readonly checkpoint = {
    kinds: ['bert', 'BertModel'],
    prefix: 'bert',
    ignore: [/(^|\.)position_ids$/],
    // Converted from TensorFlow.
    renamed: [
      ['LayerNorm.gamma', 'LayerNorm.weight'],
      ['LayerNorm.beta', 'LayerNorm.bias'],
    ] as const,
  };

  /** Of words, positions and segments: ids [B, T] to [B, T, hiddenSize]. */
  embeddings = new BertEmbeddings(this.config);
  /** The layers: [B, T, hiddenSize] to the same shape. */
  encoder = new BertEncoder(this.config);
  /** Null where the checkpoint has none. */
  pooler: Pooler | null = new Pooler(this.config.hiddenSize);

  #encoder: SentenceEncoder | undefined;
  readonly #sessions = new SessionPool((rows: number, length: number) => this.traceSentences(rows, length));

  /** Throws NameError for an activation that there is not. */
  constructor(readonly config: BertConfig) {
    super();
    initializeNormal(this, config.initializerRange);
  }

  /** Token ids [B, T] i32 to a vector a token, and one of the whole. Throws ShapeError for more than `maxPositions`. */
  forward<B extends Dim, T extends Dim>(ids: Tensor<[B, T], 'i32'>, options: BertOptions = {}): BertOutput<B, T> {
    const { attentionMask, tokenTypes } = checkedOptions(
      'Bert',
      ['attentionMask', 'tokenTypes'],
      options,
    ) as BertOptions;
    const embedded = this.embeddings.forward(ids, tokenTypes as Tensor<[B, T], 'i32'> | undefined);
    const lastHiddenState = this.encoder.forward(embedded, attentionMask);
    // As the checkpoint decides what there is, types cannot: they have what nearly all checkpoints give.
    if (!this.pooler) return { lastHiddenState } as BertOutput<B, T>;
    return { lastHiddenState, poolerOutput: this.pooler.forward(lastHiddenState) };
  }

  /**
   * One vector [hiddenSize] a text, as sentence-transformers makes it: tokenized, cut to the longest sequence, pooled and
   * normalised as the checkpoint says; near vectors for texts of near meaning. Sessions are built for a few sizes when
   * they are first needed, and kept until `dispose`.
   *
   * Throws ValueError for ids out of range and too many of them, UsageError for texts where there is no tokenizer,
   * NameError for unknown options, ConfigError for a pooling that is not supported, and the reason of `signal`.
   */
  async encode(texts: Texts, options: EncodeOptions = {}): Promise<Float32Array[]> {
    const encoder = (this.#encoder ??= await this.sentenceEncoder());
    return this.#sessions.use(options.signal, () => encoder.encode(texts, options));
  }

  /** Frees what `encode` has built. Harmless when repeated; the next call builds it anew. */
  dispose(): void {
    this.#sessions.dispose();
  }

  private async sentenceEncoder(): Promise<SentenceEncoder> {
    const { repository, config } = this;
    const settings = await sentenceSettings(repository, config.maxPositions);
    const tokenizer = repository?.has('tokenizer.json') === true ? await loadTokenizer(repository) : undefined;
    return new SentenceEncoder(config, settings, tokenizer, async ({ rows, length, ...feeds }, pooling, options) => {
      const session = await this.#sessions.get([rows, length], options, options.signal);
      session.step(feeds);
      return session.read(pooling);
    });
  }

  private traceSentences(rows: number, length: number) {
    const indices = input([rows, length], 'i32');
    const inputs = { ids: indices, types: indices, mask: input([rows, length], 'bool') };
    return evaluating(this, () =>
      trace(this, inputs, ({ ids, types, mask }) => {
        const { lastHiddenState } = this.forward(ids, { attentionMask: mask, tokenTypes: types });
        const weight = unsqueeze(cast(mask, 'f32'), 2);
        const mean = div(sum(mul(lastHiddenState, weight), { axes: [1] }), sum(weight, { axes: [1] }));
        return { mean, cls: firstToken(lastHiddenState) };
      }),
    );
  }

  /** @internal */
  override fitTo(names: ReadonlySet<string>): void {
    if (![...names].some((name) => name.startsWith('pooler.'))) this.pooler = null;
  }
}
