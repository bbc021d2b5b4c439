import { child } from '../../dsl/decorators.js';
import { maxPool2d, mean } from '../../dsl/generated/ops.js';
import type { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { UsageError } from '../../ir/errors.js';
import { activationNamed, type Activation } from '../../layers/activations.js';
import { Linear } from '../../layers/linear.js';
import { ImageClassifier } from '../image-classifier.js';
import { NormedConvolution, ResNetBlock, type Images } from './block.js';
import { resNetConfig, type ResNetConfig } from './config.js';
import { resNetNames } from './names.js';

/**
 * Residual networks for images (He et al. 2015, arXiv:1512.03385; the stride of a bottleneck is that of its second
 * convolution unless the configuration says otherwise). Checkpoints of transformers, torchvision and timm: one network,
 * whose parts have the names that the checkpoint has.
 *
 *     const model = await ResNet.fromPretrained('microsoft/resnet-50');
 *     const scratch = ResNet.fromConfig({ architecture: 'resnet18', num_classes: 10 });
 */
export class ResNet extends ImageClassifier {
  /** Other networks hold one under this name. */
  static override readonly checkpoint = { kinds: ['resnet*'], prefix: 'resnet' };
  /** Reads a `config.json`. Throws ConfigError. */
  static readonly parseConfig = resNetConfig;

  readonly #stem: NormedConvolution;
  readonly #blocks: readonly ResNetBlock[];
  readonly #activation: Activation;
  readonly #head: Linear<number, number> | undefined;
  /** All layers under the names that their checkpoint has for them. */
  @child({ name: '' }) readonly parts: ReadonlyMap<string, Module>;

  /** Throws NameError for an activation that there is not. */
  constructor(readonly config: ResNetConfig) {
    super();
    const names = resNetNames[config.names];
    this.#activation = activationNamed(config.activation);
    this.#stem = new NormedConvolution(config.channels, config.stemWidth, 7, 2);
    const parts = new Map<string, Module>(this.#stem.named(names.stem));
    const blocks: ResNetBlock[] = [];
    let channels = config.stemWidth;
    for (const [stage, sizes] of config.stages.entries()) {
      for (let index = 0; index < sizes.blocks; index++) {
        const stride = index === 0 ? sizes.stride : 1;
        const block = new ResNetBlock(config, channels, sizes, stride, names, this.#activation);
        parts.set(names.block(stage, index), block);
        blocks.push(block);
        channels = sizes.outer;
      }
    }
    this.#blocks = blocks;
    if (config.labels !== undefined) {
      this.#head = new Linear(channels, config.labels.length);
      parts.set(names.head, this.#head);
    }
    this.parts = parts;
  }

  /**
   * Logits [N, classes] of pixels [N, channels, H, W], which have been normalised as in training.
   * @throws {UsageError} For a network without classifier.
   */
  forward<N extends Dim>(pixels: Images<N>): Tensor<[N, number], 'f32'> {
    return this.head(this.features(pixels));
  }

  /** The last hidden state [N, C, ⌈H/32⌉, ⌈W/32⌉] of pixels [N, channels, H, W], with four stages. */
  features<N extends Dim>(pixels: Images<N>): Images<N> {
    const stem = this.#activation(this.#stem.apply(pixels));
    const pooled: Images<N> = maxPool2d(stem, 3, { stride: 2, padding: 1 });
    return this.#blocks.reduce((x, block) => block.forward(x), pooled);
  }

  /** Logits [N, classes] of the last hidden state. Throws UsageError for a network without classifier. */
  head<N extends Dim>(features: Images<N>): Tensor<[N, number], 'f32'> {
    if (this.#head) return this.#head.forward(mean(features, { axes: [2, 3] }));
    throw new UsageError('this ResNet has no classifier, so there are no logits: use features()');
  }

  /** As `forward`, for `classify`. */
  override logits<N extends Dim>(pixels: Images<N>): Tensor<[N, number], 'f32'> {
    return this.forward(pixels);
  }

  override get labels(): readonly string[] | undefined {
    return this.config.labels;
  }

  protected override get defaultPreprocessing(): object | undefined {
    return this.config.preprocessing;
  }
}
