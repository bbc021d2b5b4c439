/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return -- within the functions shapes are unknown; the signatures say them */
import { adaptiveAvgPool2d, avgPool1d, avgPool2d, maxPool1d, maxPool2d } from '../dsl/generated/ops.js';
import { Module } from '../dsl/module.js';
import type { Dim, PairElement } from '../dsl/shapes/dim.js';
import type { PooledSize } from '../dsl/shapes/pool.js';
import type { Tensor } from '../dsl/tensor.js';
import { checkArgument, checkOptions, type ArgumentKind, type NumberPair } from './arguments.js';

/** Of a pool; defaults are PyTorch's. */
export interface PoolOptions<Stride extends NumberPair, Padding extends NumberPair, Ceil extends boolean> {
  /** Default the size of the kernel. */
  readonly stride?: Stride;
  /** Places around the elements, at most half of the kernel. Default 0. */
  readonly padding?: Padding;
  /** Whether a window that is not filled counts. Default false. */
  readonly ceilMode?: Ceil;
}

/** Options of {@link MaxPool1d} and {@link MaxPool2d}, with PyTorch's defaults. */
export interface MaxPoolOptions<
  Stride extends NumberPair,
  Padding extends NumberPair,
  Dilation extends NumberPair,
  Ceil extends boolean,
> extends PoolOptions<Stride, Padding, Ceil> {
  /** Distance of the elements that a kernel reads. Default 1. */
  readonly dilation?: Dilation;
}

/** Options of {@link AvgPool1d}, with PyTorch's defaults. */
export interface AvgPool1dOptions<
  Stride extends NumberPair,
  Padding extends NumberPair,
  Ceil extends boolean,
> extends PoolOptions<Stride, Padding, Ceil> {
  /** Whether padding counts, as zeros. Default true. */
  readonly countIncludePad?: boolean;
}

/** Options of {@link AvgPool2d}, with PyTorch's defaults. */
export interface AvgPool2dOptions<
  Stride extends NumberPair,
  Padding extends NumberPair,
  Ceil extends boolean,
> extends AvgPool1dOptions<Stride, Padding, Ceil> {
  /** What sums are divided by. Default the number of elements. */
  readonly divisorOverride?: number;
}

const poolKinds = { stride: 'count', padding: 'size', ceilMode: 'flag' } as const;
const poolKinds2d = { stride: 'countPair', padding: 'sizePair', ceilMode: 'flag' } as const;

/** {@link PooledSize} of height (0) or width (1). */
type PooledPart<
  Size extends Dim,
  Kernel extends NumberPair,
  Stride extends NumberPair,
  Padding extends NumberPair,
  Dilation extends NumberPair,
  Ceil extends boolean,
  Part extends 0 | 1,
> = PooledSize<
  Size,
  PairElement<Kernel, Part>,
  PairElement<Stride, Part>,
  PairElement<Padding, Part>,
  PairElement<Dilation, Part>,
  Ceil
>;

function checkPool(
  layer: string,
  kernelSize: unknown,
  kind: ArgumentKind,
  options: unknown,
  known: Readonly<Record<string, ArgumentKind>>,
): void {
  checkArgument(layer, 'kernelSize', kernelSize, kind);
  checkOptions(layer, options, known);
}

/** The greatest element of each window along the last dimension: x [...B, L] gives [...B, windows]. */
export class MaxPool1d<
  Kernel extends number = number,
  Stride extends number = Kernel,
  Padding extends number = 0,
  Dilation extends number = 1,
  Ceil extends boolean = false,
> extends Module {
  /** Throws NameError and ValueError for other options. */
  constructor(
    readonly kernelSize: Kernel,
    private readonly options: MaxPoolOptions<Stride, Padding, Dilation, Ceil> = {},
  ) {
    checkPool('MaxPool1d', kernelSize, 'count', options, { ...poolKinds, dilation: 'count' });
    super();
  }

  forward<B extends Dim[], L extends Dim>(
    x: Tensor<[...B, L], 'f32'>,
  ): Tensor<[...B, PooledSize<L, Kernel, Stride, Padding, Dilation, Ceil>], 'f32'> {
    const plain: Tensor = x;
    const y: Tensor = maxPool1d(plain, this.kernelSize, this.options);
    return y;
  }
}

/** The greatest element of each window of images: x [...B, H, W] gives [...B, windows, windows]. */
export class MaxPool2d<
  const Kernel extends NumberPair = NumberPair,
  const Stride extends NumberPair = Kernel,
  const Padding extends NumberPair = 0,
  const Dilation extends NumberPair = 1,
  Ceil extends boolean = false,
> extends Module {
  /** Throws NameError and ValueError for other options. */
  constructor(
    readonly kernelSize: Kernel,
    private readonly options: MaxPoolOptions<Stride, Padding, Dilation, Ceil> = {},
  ) {
    checkPool('MaxPool2d', kernelSize, 'countPair', options, { ...poolKinds2d, dilation: 'countPair' });
    super();
  }

  forward<B extends Dim[], H extends Dim, W extends Dim>(
    x: Tensor<[...B, H, W], 'f32'>,
  ): Tensor<
    [
      ...B,
      PooledPart<H, Kernel, Stride, Padding, Dilation, Ceil, 0>,
      PooledPart<W, Kernel, Stride, Padding, Dilation, Ceil, 1>,
    ],
    'f32'
  > {
    const plain: Tensor = x;
    const y: Tensor = maxPool2d(plain, this.kernelSize, this.options);
    return y;
  }
}

/** The average of each window along the last dimension: x [...B, L] gives [...B, windows]. */
export class AvgPool1d<
  Kernel extends number = number,
  Stride extends number = Kernel,
  Padding extends number = 0,
  Ceil extends boolean = false,
> extends Module {
  /** Throws NameError and ValueError for other options. */
  constructor(
    readonly kernelSize: Kernel,
    private readonly options: AvgPool1dOptions<Stride, Padding, Ceil> = {},
  ) {
    checkPool('AvgPool1d', kernelSize, 'count', options, { ...poolKinds, countIncludePad: 'flag' });
    super();
  }

  forward<B extends Dim[], L extends Dim>(
    x: Tensor<[...B, L], 'f32'>,
  ): Tensor<[...B, PooledSize<L, Kernel, Stride, Padding, 1, Ceil>], 'f32'> {
    const plain: Tensor = x;
    const y: Tensor = avgPool1d(plain, this.kernelSize, this.options);
    return y;
  }
}

/** The average of each window of images: x [...B, H, W] gives [...B, windows, windows]. */
export class AvgPool2d<
  const Kernel extends NumberPair = NumberPair,
  const Stride extends NumberPair = Kernel,
  const Padding extends NumberPair = 0,
  Ceil extends boolean = false,
> extends Module {
  /** Throws NameError and ValueError for other options. */
  constructor(
    readonly kernelSize: Kernel,
    private readonly options: AvgPool2dOptions<Stride, Padding, Ceil> = {},
  ) {
    const more = { countIncludePad: 'flag', divisorOverride: 'count' } as const;
    checkPool('AvgPool2d', kernelSize, 'countPair', options, { ...poolKinds2d, ...more });
    super();
  }

  forward<B extends Dim[], H extends Dim, W extends Dim>(
    x: Tensor<[...B, H, W], 'f32'>,
  ): Tensor<
    [...B, PooledPart<H, Kernel, Stride, Padding, 1, Ceil, 0>, PooledPart<W, Kernel, Stride, Padding, 1, Ceil, 1>],
    'f32'
  > {
    const plain: Tensor = x;
    const { divisorOverride: divisor, ...options } = this.options;
    const y: Tensor = avgPool2d(plain, this.kernelSize, { ...options, ...(divisor === undefined ? {} : { divisor }) });
    return y;
  }
}

/** Averages over `outputSize` places of about equal size: x [...B, H, W] gives [...B, height, width]. */
export class AdaptiveAvgPool2d<const OutputSize extends NumberPair = NumberPair> extends Module {
  /** Throws ValueError for what is no size. */
  constructor(readonly outputSize: OutputSize) {
    checkArgument('AdaptiveAvgPool2d', 'outputSize', outputSize, 'countPair');
    super();
  }

  forward<B extends Dim[], H extends Dim, W extends Dim>(
    x: Tensor<[...B, H, W], 'f32'>,
  ): Tensor<[...B, PairElement<OutputSize, 0>, PairElement<OutputSize, 1>], 'f32'> {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}
