/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return -- within the functions shapes are unknown; the signatures say them */
import { param } from '../dsl/decorators.js';
import { conv1d, conv2d } from '../dsl/generated/ops.js';
import { kaimingUniform } from '../dsl/init.js';
import { Module } from '../dsl/module.js';
import type { Divide } from '../dsl/shapes/arithmetic.js';
import type { Dim, PairElement } from '../dsl/shapes/dim.js';
import type { PooledSize } from '../dsl/shapes/pool.js';
import { parameter, type Parameter } from '../dsl/state.js';
import type { Tensor } from '../dsl/tensor.js';
import { elementCount } from '../ir/shape.js';
import { checkArgument, checkDivides, checkOptions, pairOf, unlessFalse } from './arguments.js';
import type { ArgumentKind, NumberPair, Unless } from './arguments.js';
import { uniformOverFanIn } from './linear.js';

/** Of a convolution of images: one number, or one for height and one for width; defaults are PyTorch's. */
export interface Conv2dOptions<
  Stride extends NumberPair = 1,
  Padding extends NumberPair = 0,
  Dilation extends NumberPair = 1,
  Groups extends number = 1,
  Bias extends boolean = true,
> {
  /** Default 1. */
  readonly stride?: Stride;
  /** Zeros at both ends of each dimension that the kernel moves along. Default 0. */
  readonly padding?: Padding;
  /** Distance of the elements that a kernel reads. Default 1. */
  readonly dilation?: Dilation;
  /** Parts of the channels that do not see each other. Default 1. */
  readonly groups?: Groups;
  /** Default true. */
  readonly bias?: Bias;
}

/** Of a convolution along one dimension: {@link Conv2dOptions} of single numbers. */
export type Conv1dOptions<
  Stride extends number = 1,
  Padding extends number = 0,
  Dilation extends number = 1,
  Groups extends number = 1,
  Bias extends boolean = true,
> = Conv2dOptions<Stride, Padding, Dilation, Groups, Bias>;

/** Places of a kernel along a dimension: ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1. */
export type ConvolvedSize<
  Size extends Dim,
  Kernel extends Dim,
  Stride extends Dim,
  Padding extends Dim,
  Dilation extends Dim,
> = PooledSize<Size, Kernel, Stride, Padding, Dilation, false>;

/** {@link ConvolvedSize} of height (0) or width (1). */
export type ConvolvedPart<
  Size extends Dim,
  Kernel extends NumberPair,
  Stride extends NumberPair,
  Padding extends NumberPair,
  Dilation extends NumberPair,
  Part extends 0 | 1,
> = ConvolvedSize<
  Size,
  PairElement<Kernel, Part>,
  PairElement<Stride, Part>,
  PairElement<Padding, Part>,
  PairElement<Dilation, Part>
>;

/**
 * The weight of a convolution, [rows, columns/groups, ...kernel], uniform in ±1/√(columns/groups·size of the kernel) as
 * PyTorch starts it.
 */
export function initialKernels(rows: Dim, columns: Dim, kernel: readonly number[], groups = 1): Parameter {
  return parameter([rows, Number(columns) / groups, ...kernel], kaimingUniform({ a: Math.sqrt(5) }));
}

/** The bias beside such a weight: one number a channel that leaves, from the same range. */
export function initialBias<Out extends Dim>(outChannels: Out, weight: Parameter): Parameter<[Out]> {
  const [, ...seen] = weight.shape as readonly number[];
  return parameter([outChannels], uniformOverFanIn(elementCount(seen)));
}

/** Checks what convolutions and transposed ones are made with; `more` are options of the layer's own. */
export function checkConvolution(
  layer: string,
  channels: readonly [Dim, Dim],
  kernelSize: unknown,
  options: { readonly groups?: number },
  dimensions: 1 | 2,
  more: Readonly<Record<string, ArgumentKind>> = {},
): void {
  const [count, size] = dimensions === 1 ? (['count', 'size'] as const) : (['countPair', 'sizePair'] as const);
  checkArgument(layer, 'kernelSize', kernelSize, count);
  checkOptions(layer, options, {
    stride: count,
    padding: size,
    dilation: count,
    groups: 'count',
    bias: 'flag',
    ...more,
  });
  const groups = ['groups', options.groups ?? 1] as const;
  checkDivides(layer, ['inChannels', channels[0]], groups);
  checkDivides(layer, ['outChannels', channels[1]], groups);
}

/**
 * Convolution of sequences, a cross-correlation as in all of deep learning: x [N, In, L] gives [N, Out, places of the
 * kernel].
 *
 * `weight` is [Out, In/groups, Kernel], `bias` [Out]; both start uniform in ±1/√(In/groups·Kernel), as in PyTorch.
 */
export class Conv1d<
  In extends Dim = Dim,
  Out extends Dim = Dim,
  Kernel extends number = number,
  Stride extends number = 1,
  Padding extends number = 0,
  Dilation extends number = 1,
  Groups extends number = 1,
  Bias extends boolean = true,
> extends Module {
  /** [Out, In/Groups, Kernel] */
  @param weight: Parameter<[Out, Divide<In, Groups>, Kernel]> = initialKernels(
    this.outChannels,
    this.inChannels,
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
    private readonly options: Conv1dOptions<Stride, Padding, Dilation, Groups, Bias> = {},
  ) {
    checkConvolution('Conv1d', [inChannels, outChannels], kernelSize, options, 1);
    super();
  }

  forward<N extends Dim, L extends Dim>(
    x: Tensor<[N, In, L], 'f32'>,
  ): Tensor<[N, Out, ConvolvedSize<L, Kernel, Stride, Padding, Dilation>], 'f32'> {
    const bias: Tensor | null = this.bias;
    const [plain, weight]: [Tensor, Tensor] = [x, this.weight];
    const y: Tensor = conv1d(plain, weight, { ...this.options, bias: bias ?? undefined });
    return y;
  }
}

/**
 * Convolution of images, a cross-correlation as in all of deep learning: x [N, In, H, W] gives [N, Out, places of the
 * kernel].
 *
 * `weight` is [Out, In/groups, kernel height, kernel width], `bias` [Out]; both start uniform in ±1/√fanIn, the number of
 * elements that one output sees, as in PyTorch.
 */
export class Conv2d<
  In extends Dim = Dim,
  Out extends Dim = Dim,
  const Kernel extends NumberPair = NumberPair,
  const Stride extends NumberPair = 1,
  const Padding extends NumberPair = 0,
  const Dilation extends NumberPair = 1,
  Groups extends number = 1,
  Bias extends boolean = true,
> extends Module {
  /** [Out, In/Groups, Kernel height, Kernel width] */
  @param weight: Parameter<[Out, Divide<In, Groups>, PairElement<Kernel, 0>, PairElement<Kernel, 1>]> = initialKernels(
    this.outChannels,
    this.inChannels,
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
    private readonly options: Conv2dOptions<Stride, Padding, Dilation, Groups, Bias> = {},
  ) {
    checkConvolution('Conv2d', [inChannels, outChannels], kernelSize, options, 2);
    super();
  }

  forward<N extends Dim, H extends Dim, W extends Dim>(
    x: Tensor<[N, In, H, W], 'f32'>,
  ): Tensor<
    [
      N,
      Out,
      ConvolvedPart<H, Kernel, Stride, Padding, Dilation, 0>,
      ConvolvedPart<W, Kernel, Stride, Padding, Dilation, 1>,
    ],
    'f32'
  > {
    const bias: Tensor | null = this.bias;
    const [plain, weight]: [Tensor, Tensor] = [x, this.weight];
    const y: Tensor = conv2d(plain, weight, { ...this.options, bias: bias ?? undefined });
    return y;
  }
}
