/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return -- within the functions shapes are unknown; the signatures say them */
import { chunk } from '../dsl/composed.js';
import { currentTrace } from '../dsl/context.js';
import { child } from '../dsl/decorators.js';
import { add, div, mul, unsqueeze } from '../dsl/generated/ops.js';
import { Module } from '../dsl/module.js';
import type { Dim } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { UsageError } from '../ir/errors.js';
import { activationNamed, type ActivationName } from './activations.js';
import { checkArgument, checkOptions } from './arguments.js';
import { Conv2d } from './convolution.js';
import { Dropout } from './dropout.js';
import { GroupNorm } from './group-norm.js';
import { Linear } from './linear.js';

/** Defaults are diffusers'. */
export interface ResidualBlockOptions {
  /** Width of the timestep's embedding; null for a block without one. Default 512. */
  readonly tembChannels?: number | null;
  /** Groups of the first norm. Default 32. */
  readonly groups?: number;
  /** Groups of the second norm. Default `groups`. */
  readonly groupsOut?: number;
  /** Of the norms. Default 1e-6. */
  readonly eps?: number;
  /** Default 'swish'. */
  readonly nonLinearity?: ActivationName;
  /** Whether the embedding is added before the second norm, or scales and shifts its result. Default 'default'. */
  readonly timeEmbeddingNorm?: 'default' | 'scale_shift';
  /** Probability before the second convolution, while training. Default 0. */
  readonly dropout?: number;
  /** What the sum is divided by; not 0. Default 1. */
  readonly outputScaleFactor?: number;
}

/**
 * (shortcut(x) + f(x, temb))/outputScaleFactor, where f is twice norm, activation and 3×3 convolution, with a projection
 * of the timestep's embedding between them: x [B, In, H, W] and temb [B, tembChannels] give [B, Out, H, W]. diffusers'
 * `ResnetBlock2D`, with its names: `norm1`, `conv1`, `time_emb_proj`, `norm2`, `conv2` and, where the numbers of channels
 * differ, `conv_shortcut`.
 */
export class ResidualBlock<In extends number = number, Out extends number = number> extends Module {
  /** Over the channels of the input. */
  @child norm1 = this.norm(this.inChannels, this.options.groups);
  /** In to Out channels, 3×3. */
  @child conv1 = new Conv2d(this.inChannels, this.outChannels, 3, { padding: 1 });
  /** tembChannels to Out, or to scale and shift, 2·Out; null without an embedding. */
  @child timeEmbProj = this.projection();
  /** Over the channels of the output. */
  @child norm2 = this.norm(this.outChannels, this.options.groupsOut ?? this.options.groups);
  /** Before the second convolution, while training. */
  @child dropout = new Dropout(this.options.dropout ?? 0);
  /** Out to Out channels, 3×3. */
  @child conv2 = new Conv2d(this.outChannels, this.outChannels, 3, { padding: 1 });
  /** In to Out channels, 1×1; null where they are as many. */
  @child convShortcut = this.shortcut();
  private readonly nonLinearity = activationNamed(this.options.nonLinearity ?? 'swish');

  /** Throws NameError and ValueError for other options, ValueError for channels that do not divide into the groups. */
  constructor(
    readonly inChannels: In,
    readonly outChannels: Out,
    private readonly options: ResidualBlockOptions = {},
  ) {
    checkArgument('ResidualBlock', 'inChannels', inChannels, 'count');
    checkArgument('ResidualBlock', 'outChannels', outChannels, 'count');
    checkOptions('ResidualBlock', options, {
      tembChannels: 'countOrNull',
      groups: 'count',
      groupsOut: 'count',
      eps: 'aboveZero',
      nonLinearity: 'text',
      timeEmbeddingNorm: ['default', 'scale_shift'],
      dropout: 'probability',
      outputScaleFactor: 'notZero',
    });
    super();
  }

  /** Throws UsageError unless `temb` is given to a block with `tembChannels`, and to no other. */
  forward<B extends Dim, H extends Dim, W extends Dim>(
    x: Tensor<[B, In, H, W], 'f32'>,
    temb?: Tensor<[B, number], 'f32'>,
  ): Tensor<[B, Out, H, W], 'f32'> {
    const act = (value: Tensor): Tensor => this.nonLinearity(value);
    const input: Tensor = x;
    const first: Tensor = this.conv1.forward(act(this.norm1.forward(input)));
    const second = act(this.conditioned(first, temb));
    const residual: Tensor = this.conv2.forward(this.dropout.forward(second));
    const shortcut: Tensor = this.convShortcut ? this.convShortcut.forward(input) : input;
    const sum: Tensor = add(shortcut, residual);
    const { outputScaleFactor = 1 } = this.options;
    return outputScaleFactor === 1 ? sum : div(sum, outputScaleFactor);
  }

  /** The second norm with what the timestep has to say. */
  private conditioned(x: Tensor, temb: Tensor | undefined): Tensor {
    const projection: Linear | null = this.timeEmbProj;
    if ((projection === null) !== (temb === undefined)) {
      const error = new UsageError(
        projection ? 'ResidualBlock: temb is missing' : 'ResidualBlock: temb is given to a block without tembChannels',
      );
      throw currentTrace('ResidualBlock').builder.located(error);
    }
    if (!projection || !temb) return this.norm2.forward(x);
    const projected: Tensor = projection.forward(this.nonLinearity(temb));
    const everywhere: Tensor = unsqueeze(unsqueeze(projected, -1), -1);
    if (this.options.timeEmbeddingNorm !== 'scale_shift') return this.norm2.forward(add(x, everywhere));
    const [scale, shift] = chunk(everywhere, 2, { axis: 1 }) as [Tensor, Tensor];
    return add(mul(this.norm2.forward(x), add(scale, 1)), shift);
  }

  private norm<C extends number>(channels: C, groups = 32): GroupNorm<C> {
    return new GroupNorm(groups, channels, { eps: this.options.eps ?? 1e-6 });
  }

  private projection(): Linear | null {
    const { tembChannels = 512, timeEmbeddingNorm = 'default' } = this.options;
    if (tembChannels === null) return null;
    return new Linear(tembChannels, timeEmbeddingNorm === 'default' ? this.outChannels : 2 * this.outChannels);
  }

  private shortcut() {
    const { inChannels, outChannels }: { inChannels: number; outChannels: number } = this;
    return inChannels === outChannels ? null : new Conv2d(this.inChannels, this.outChannels, 1);
  }
}
