import { child } from '../../dsl/decorators.js';
import { add, relu } from '../../dsl/generated/ops.js';
import { kaimingNormal } from '../../dsl/init.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import type { Activation } from '../../layers/activations.js';
import { BatchNorm2d } from '../../layers/batch-norm.js';
import { Conv2d } from '../../layers/convolution.js';
import type { ResNetConfig, ResNetStage } from './config.js';
import type { ResNetNames } from './names.js';

/** Images, or what convolutions made of them: [N, channels, H, W]. */
export type Images<N extends Dim> = Tensor<[N, number, Dim, Dim], 'f32'>;

/** A convolution and the batch norm behind it. */
export class NormedConvolution {
  readonly convolution: Conv2d<number, number, number, number, number, 1, 1, false>;
  readonly normalization: BatchNorm2d<number>;

  /** Padding keeps the size, but for the stride. Weights start as He et al. 2015 (arXiv:1502.01852) have it. */
  constructor(inner: number, outer: number, size: number, stride: number) {
    this.convolution = new Conv2d(inner, outer, size, { stride, padding: Math.floor(size / 2), bias: false });
    this.convolution.weight.initialize(kaimingNormal({ mode: 'fanOut', nonlinearity: 'relu' }));
    this.normalization = new BatchNorm2d(outer);
  }

  apply<N extends Dim>(x: Images<N>): Images<N> {
    return this.normalization.forward(this.convolution.forward(x));
  }

  /** The two under their names. */
  named([convolution, normalization]: readonly [string, string]): [string, Module][] {
    return [
      [convolution, this.convolution],
      [normalization, this.normalization],
    ];
  }
}

/**
 * A residual block: act(layers(x) + shortcut(x)) of [N, in, H, W], with a ReLU after each layer but the last. Two
 * convolutions of 3×3, or in a bottleneck 1×1, 3×3, 1×1. The shortcut is x itself, or a projection where channels or
 * sizes differ.
 */
export class ResNetBlock extends Module {
  readonly #layers: readonly NormedConvolution[];
  readonly #shortcut: NormedConvolution | undefined;
  readonly #activation: Activation;
  @child({ name: '' }) readonly parts: ReadonlyMap<string, Module>;

  constructor(
    config: Pick<ResNetConfig, 'block' | 'strideFirst'>,
    channels: number,
    { inner, outer }: ResNetStage,
    stride: number,
    names: ResNetNames,
    activation: Activation,
  ) {
    super();
    const [first, second] = config.strideFirst ? [stride, 1] : [1, stride];
    this.#layers =
      config.block === 'basic'
        ? [new NormedConvolution(channels, outer, 3, stride), new NormedConvolution(outer, outer, 3, 1)]
        : [
            new NormedConvolution(channels, inner, 1, first),
            new NormedConvolution(inner, inner, 3, second),
            new NormedConvolution(inner, outer, 1, 1),
          ];
    const isSame = channels === outer && stride === 1;
    this.#shortcut = isSame ? undefined : new NormedConvolution(channels, outer, 1, stride);
    this.#activation = activation;
    this.parts = new Map([
      ...this.#layers.flatMap((layer, i) => layer.named(names.layer(i))),
      ...(this.#shortcut?.named(names.shortcut) ?? []),
    ]);
  }

  forward<N extends Dim>(x: Images<N>): Images<N> {
    const residual = this.#layers.reduce((y, layer, i) => layer.apply(i === 0 ? y : relu(y)), x);
    return this.#activation(add(residual, this.#shortcut?.apply(x) ?? x));
  }
}
