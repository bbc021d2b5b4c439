/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return -- within the functions shapes are unknown; the signatures say them */
import { param } from '../dsl/decorators.js';
import { convTranspose1d, convTranspose2d } from '../dsl/generated/ops.js';
import { Module } from '../dsl/module.js';
import type { Add, Divide, Multiply, Shift, Subtract } from '../dsl/shapes/arithmetic.js';
import type { Dim, PairElement } from '../dsl/shapes/dim.js';
import type { Parameter } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';
import { pairOf, unlessFalse, type NumberPair, type Unless } from './arguments.js';
import {
  checkConvolution,
  initialBias,
  initialKernels,
  type Conv1dOptions,
  type Conv2dOptions,
} from './convolution.js';

/** Options of {@link ConvTranspose1d}, with PyTorch's defaults. */
export interface ConvTranspose1dOptions<
  Stride extends number = 1,
  Padding extends number = 0,
  OutputPadding extends number = 0,
  Dilation extends number = 1,
  Groups extends number = 1,
  Bias extends boolean = true,
> extends Conv1dOptions<Stride, Padding, Dilation, Groups, Bias> {
  /** Places more behind the last: which of the sizes that a convolution takes to one. Default 0. */
  readonly outputPadding?: OutputPadding;
}

/** Options of {@link ConvTranspose2d}, with PyTorch's defaults. */
export interface ConvTranspose2dOptions<
  Stride extends NumberPair = 1,
  Padding extends NumberPair = 0,
  OutputPadding extends NumberPair = 0,
  Dilation extends NumberPair = 1,
  Groups extends number = 1,
  Bias extends boolean = true,
> extends Conv2dOptions<Stride, Padding, Dilation, Groups, Bias> {
  /** Places more at the bottom and at the right: which of the sizes that a convolution takes to one. Default 0. */
  readonly outputPadding?: OutputPadding;
}

/** (size − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1. */
type TransposedSize<
  Size extends Dim,
  Kernel extends Dim,
  Stride extends Dim,
  Padding extends Dim,
  OutputPadding extends Dim,
  Dilation extends Dim,
> = Shift<
  Multiply<Subtract<Size, 1>, Stride>,
  Add<Multiply<Dilation, Subtract<Kernel, 1>>, Add<OutputPadding, 1>>,
  Multiply<2, Padding>
>;

/** {@link TransposedSize} of height (0) or width (1). */
type TransposedPart<
  Size extends Dim,
  Kernel extends NumberPair,
  Stride extends NumberPair,
  Padding extends NumberPair,
  OutputPadding extends NumberPair,
  Dilation extends NumberPair,
  Part extends 0 | 1,
> = TransposedSize<
  Size,
  PairElement<Kernel, Part>,
  PairElement<Stride, Part>,
  PairElement<Padding, Part>,
  PairElement<OutputPadding, Part>,
  PairElement<Dilation, Part>
>;

/**
 * Transposed convolution of sequences, the gradient of {@link Conv1d} for its input: x [N, In, L] gives [N, Out,
 * (L − 1)·stride − 2·padding + dilation·(Kernel − 1) + outputPadding + 1].
 *
 * `weight` is [In, Out/groups, Kernel], `bias` [Out]; both start uniform in ±1/√(Out/groups·Kernel), as in PyTorch.
 */
export class ConvTranspose1d<
  In extends Dim = Dim,
  Out extends Dim = Dim,
  Kernel extends number = number,
  Stride extends number = 1,
  Padding extends number = 0,
  OutputPadding extends number = 0,
  Dilation extends number = 1,
  Groups extends number = 1,
  Bias extends boolean = true,
> extends Module {
  /** [In, Out/Groups, Kernel] */
  @param weight: Parameter<[In, Divide<Out, Groups>, Kernel]> = initialKernels(
    this.inChannels,
    this.outChannels,
    [this.kernelSize],
    this.options.groups,
  );
  /** [Out]; null with `bias: false`. */
  @param bias: Unless<Bias, Parameter<[Out]>> = unlessFalse(this.options.bias, () =>
    initialBias(this.outChannels, this.weight),
  );

  /** Throws NameError and ValueError for other options, ValueError for channels that do not divide by `groups`. */
  constructor(
    readonly inChannels: In,
    readonly outChannels: Out,
    readonly kernelSize: Kernel,
    private readonly options: ConvTranspose1dOptions<Stride, Padding, OutputPadding, Dilation, Groups, Bias> = {},
  ) {
    const more = { outputPadding: 'size' } as const;
    checkConvolution('ConvTranspose1d', [inChannels, outChannels], kernelSize, options, 1, more);
    super();
  }

  forward<N extends Dim, L extends Dim>(
    x: Tensor<[N, In, L], 'f32'>,
  ): Tensor<[N, Out, TransposedSize<L, Kernel, Stride, Padding, OutputPadding, Dilation>], 'f32'> {
    const bias: Tensor | null = this.bias;
    const [plain, weight]: [Tensor, Tensor] = [x, this.weight];
    const y: Tensor = convTranspose1d(plain, weight, { ...this.options, bias: bias ?? undefined });
    return y;
  }
}

/**
 * Transposed convolution of images, the gradient of {@link Conv2d} for its input: x [N, In, H, W] gives [N, Out, …],
 * each size (size − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1.
 *
 * `weight` is [In, Out/groups, kernel height, kernel width], `bias` [Out]; both start uniform in ±1/√(Out/groups·kernel
 * height·kernel width), as in PyTorch.
 */
export class ConvTranspose2d<
  In extends Dim = Dim,
  Out extends Dim = Dim,
  const Kernel extends NumberPair = NumberPair,
  const Stride extends NumberPair = 1,
  const Padding extends NumberPair = 0,
  const OutputPadding extends NumberPair = 0,
  const Dilation extends NumberPair = 1,
  Groups extends number = 1,
  Bias extends boolean = true,
> extends Module {
  /** [In, Out/Groups, Kernel height, Kernel width] */
  @param weight: Parameter<[In, Divide<Out, Groups>, PairElement<Kernel, 0>, PairElement<Kernel, 1>]> = initialKernels(
    this.inChannels,
    this.outChannels,
    pairOf(this.kernelSize),
    this.options.groups,
  );
  /** [Out]; null with `bias: false`. */
  @param bias: Unless<Bias, Parameter<[Out]>> = unlessFalse(this.options.bias, () =>
    initialBias(this.outChannels, this.weight),
  );

  /** Throws NameError and ValueError for other options, ValueError for channels that do not divide by `groups`. */
  constructor(
    readonly inChannels: In,
    readonly outChannels: Out,
    readonly kernelSize: Kernel,
    private readonly options: ConvTranspose2dOptions<Stride, Padding, OutputPadding, Dilation, Groups, Bias> = {},
  ) {
    const more = { outputPadding: 'sizePair' } as const;
    checkConvolution('ConvTranspose2d', [inChannels, outChannels], kernelSize, options, 2, more);
    super();
  }

  forward<N extends Dim, H extends Dim, W extends Dim>(
    x: Tensor<[N, In, H, W], 'f32'>,
  ): Tensor<
    [
      N,
      Out,
      TransposedPart<H, Kernel, Stride, Padding, OutputPadding, Dilation, 0>,
      TransposedPart<W, Kernel, Stride, Padding, OutputPadding, Dilation, 1>,
    ],
    'f32'
  > {
    const bias: Tensor | null = this.bias;
    const [plain, weight]: [Tensor, Tensor] = [x, this.weight];
    const y: Tensor = convTranspose2d(plain, weight, { ...this.options, bias: bias ?? undefined });
    return y;
  }
}
