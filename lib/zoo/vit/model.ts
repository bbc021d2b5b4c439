import { child } from '../../dsl/decorators.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { UsageError } from '../../ir/errors.js';
import { activationNamed } from '../../layers/activations.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { Linear } from '../../layers/linear.js';
import { firstToken } from '../first-token.js';
import type { Hidden } from '../hidden.js';
import { ImageClassifier } from '../image-classifier.js';
import { initializeNormal } from '../initialize.js';
import { vitConfig, type ViTConfig } from './config.js';
import { ViTEmbeddings, ViTLayer, type Pixels } from './layers.js';

/** activation(dense(class token)). */
class Pooler extends Module {
  dense = new Linear(this.config.hiddenSize, this.config.poolerSize);
  private readonly activation = activationNamed(this.config.poolerActivation);

  constructor(private readonly config: ViTConfig) {
    super();
  }

  forward<N extends Dim, T extends Dim>(x: Hidden<N, T>): Tensor<[N, number], 'f32'> {
    return this.activation(this.dense.forward(firstToken(x)));
  }
}

/** The layers, under the name that checkpoints have for them. */
class Encoder extends Module {
  layer = Array.from({ length: this.config.layers }, () => new ViTLayer(this.config));

  constructor(private readonly config: ViTConfig) {
    super();
  }

  forward<N extends Dim, T extends Dim>(x: Hidden<N, T>): Hidden<N, T> {
    return this.layer.reduce((y, layer) => layer.forward(y), x);
  }
}

/** Everything but pooler and classifier, under transformers' names. */
class VisionTransformer extends Module {
  embeddings = new ViTEmbeddings(this.config);
  encoder = new Encoder(this.config);
  layernorm = new LayerNorm(this.config.hiddenSize, { eps: this.config.normEps });

  constructor(private readonly config: ViTConfig) {
    super();
  }

  /** Pixels [N, channels, H, W] give [N, 1 + patches, hiddenSize], after the last norm. */
  forward<N extends Dim>(pixels: Pixels<N>): Hidden<N, number> {
    return this.layernorm.forward(this.encoder.forward(this.embeddings.forward(pixels)));
  }
}

/** What a ViT gives, by name. What the checkpoint has no weights for is not there. */
export type ViTOutput<N extends Dim> = {
  /** [N, 1 + patches, hiddenSize]; first is the class token. */
  readonly lastHiddenState: Hidden<N, number>;
  /** Of a model without classifier: a vector of the whole, [N, poolerSize]. */
  readonly poolerOutput: Tensor<[N, number], 'f32'>;
  /** Of a classifier: [N, classes]. */
  readonly logits: Tensor<[N, number], 'f32'>;
};

/**
 * Vision transformers (Dosovitskiy et al. 2020, arXiv:2010.11929): checkpoints of `ViTModel`, with pooler or without, and
 * of `ViTForImageClassification`.
 *
 *     const model = await ViT.fromPretrained('google/vit-base-patch16-224');
 *     const [best] = await model.classify('cat.jpg');
 */
export class ViT extends ImageClassifier {
  /** Reads a `config.json`. Throws ConfigError. */
  static readonly parseConfig = vitConfig;
  static override readonly checkpoint = {
    kinds: ['vit', 'ViTModel', 'ViTForImageClassification'],
    prefix: 'vit',
    ignore: [/(^|\.)embeddings\.mask_token$/, /^vit\.pooler\./],
  };

  readonly #body: VisionTransformer;
  readonly #classifier: Linear<number, number> | undefined;
  #pooler: Pooler | undefined;
  /** All layers under the names that their checkpoint has for them. */
  @child({ name: '' }) readonly parts: Map<string, Module>;

  /** Throws NameError for an activation that there is not. */
  constructor(readonly config: ViTConfig) {
    super();
    const body = new VisionTransformer(config);
    this.#body = body;
    if (config.labels !== undefined) {
      this.#classifier = new Linear(config.hiddenSize, config.labels.length);
      this.parts = new Map<string, Module>([
        ['vit', body],
        ['classifier', this.#classifier],
      ]);
    } else {
      this.#pooler = new Pooler(config);
      this.parts = new Map<string, Module>([...body.namedChildren(), ['pooler', this.#pooler]]);
    }
    initializeNormal(this, config.initializerRange);
  }

  /** Pixels [N, channels, H, W], normalised as in training. Throws ShapeError for images of another size. */
  forward<N extends Dim>(pixels: Pixels<N>): ViTOutput<N> {
    const lastHiddenState = this.#body.forward(pixels);
    // As the checkpoint decides what there is, types cannot: they have all that there may be.
    return {
      lastHiddenState,
      ...(this.#pooler && { poolerOutput: this.#pooler.forward(lastHiddenState) }),
      ...(this.#classifier && { logits: this.#classifier.forward(firstToken(lastHiddenState)) }),
    } as ViTOutput<N>;
  }

  /** Logits [N, classes]. Throws UsageError for a model without classifier. */
  logits<N extends Dim>(pixels: Pixels<N>): Tensor<[N, number], 'f32'> {
    if (this.#classifier) return this.forward(pixels).logits;
    throw new UsageError('this ViT has no classifier, so there are no logits: use lastHiddenState and poolerOutput');
  }

  override get labels(): readonly string[] | undefined {
    return this.config.labels;
  }

  /** @internal */
  override fitTo(names: ReadonlySet<string>): void {
    if (this.#classifier || [...names].some((name) => name.startsWith('pooler.'))) return;
    this.#pooler = undefined;
    this.parts.delete('pooler');
  }
}
