import { add, div, interpolate, pad, unsqueeze } from '../../dsl/generated/ops.js';
import { child } from '../../dsl/decorators.js';
import { Module } from '../../dsl/module.js';
import type { Tensor } from '../../dsl/tensor.js';
import { activationNamed, type ActivationName } from '../../layers/activations.js';
import { Conv2d } from '../../layers/convolution.js';
import { Dropout } from '../../layers/dropout.js';
import { GroupNorm } from '../../layers/group-norm.js';
import { Linear } from '../../layers/linear.js';
import type { UNetConfig } from './config.js';

/** Feature maps [B, C, H, W]. */
export type Images = Tensor<[number, number, number, number], 'f32'>;
/** One vector for each image of the batch, [B, D]. */
export type Vectors = Tensor<[number, number], 'f32'>;

/** A 3×3 convolution that keeps the size. */
export const conv3x3 = (inChannels: number, outChannels: number) =>
  new Conv2d<number, number, number, number, number>(inChannels, outChannels, 3, { padding: 1 });

/** Two layers over the sines and cosines of a timestep: [B, C] gives [B, D]. */
export class TimestepMlp extends Module {
  @child({ name: 'linear_1' }) linear1: Linear<number, number> = new Linear(
    this.config.levels[0]!.channels,
    this.config.timeEmbeddingDim,
  );
  @child({ name: 'linear_2' }) linear2: Linear<number, number> = new Linear(
    this.config.timeEmbeddingDim,
    this.config.timeEmbeddingDim,
  );

  constructor(private readonly config: UNetConfig) {
    super();
  }

  forward(sines: Vectors): Vectors {
    return this.linear2.forward(activationNamed(this.config.activation)(this.linear1.forward(sines)));
  }
}

export interface ResidualBlockOptions {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Features of the time's embedding; without it the block is not told of the time. */
  readonly timeDim?: number;
  readonly normGroups: number;
  readonly normEps: number;
  readonly activation: ActivationName;
  /** Probability of dropout before the last convolution, while training. Default 0. */
  readonly dropout?: number;
  /** What the sum is divided by. Default 1. */
  readonly scale?: number;
}

/**
 * (shortcut(x) + f(x, time))/scale with f of two norms, activations and 3×3 convolutions; the time's embedding is added
 * between them to every place: diffusers' `ResnetBlock2D`. [B, In, H, W] gives [B, Out, H, W].
 */
export class ResidualBlock extends Module {
  norm1 = this.norm(this.options.inChannels);
  conv1 = conv3x3(this.options.inChannels, this.options.outChannels);
  timeEmbProj: Linear<number, number> | null =
    this.options.timeDim === undefined ? null : new Linear(this.options.timeDim, this.options.outChannels);
  norm2 = this.norm(this.options.outChannels);
  dropout = new Dropout(this.options.dropout ?? 0);
  conv2 = conv3x3(this.options.outChannels, this.options.outChannels);
  convShortcut =
    this.options.inChannels === this.options.outChannels
      ? null
      : new Conv2d<number, number, number, number, number>(this.options.inChannels, this.options.outChannels, 1);

  constructor(private readonly options: ResidualBlockOptions) {
    super();
  }

  /** `time`: [B, timeDim], where the block is told of it. */
  forward(x: Images, time?: Vectors): Images {
    const { scale = 1 } = this.options;
    const activation = activationNamed(this.options.activation);
    let first = this.conv1.forward(activation(this.norm1.forward(x)));
    if (this.timeEmbProj && time) {
      first = add(first, unsqueeze(unsqueeze(this.timeEmbProj.forward(activation(time)), -1), -1));
    }
    const second = this.conv2.forward(this.dropout.forward(activation(this.norm2.forward(first))));
    const sum = add(this.convShortcut ? this.convShortcut.forward(x) : x, second);
    return scale === 1 ? sum : div(sum, scale);
  }

  private norm(channels: number): GroupNorm<number> {
    return new GroupNorm(this.options.normGroups, channels, { eps: this.options.normEps });
  }
}

/** A 3×3 convolution of stride 2: [B, C, H, W] gives [B, C, ⌈H/2⌉, ⌈W/2⌉] with diffusers' usual padding of 1. */
export class Downsample extends Module {
  conv: Conv2d<number, number, number, number, number> = new Conv2d(this.channels, this.channels, 3, {
    stride: 2,
    padding: this.padding,
  });

  /** Where `padding` is 0, a row and a column of zeros stand at the lower and right edge, as in diffusers. */
  constructor(
    private readonly channels: number,
    private readonly padding: number,
  ) {
    super();
  }

  forward(x: Images): Images {
    return this.conv.forward(this.padding === 0 ? pad(x, [0, 1, 0, 1]) : x);
  }
}

/** Each place repeated until the map has that height and width, then a 3×3 convolution. */
export class Upsample extends Module {
  conv = conv3x3(this.channels, this.channels);

  constructor(private readonly channels: number) {
    super();
  }

  forward(x: Images, height: number, width: number): Images {
    return this.conv.forward(interpolate(x, [height, width], { mode: 'nearest' }));
  }
}
