/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-return -- within the function shapes are unknown; the signature says them */
import { currentTrace } from '../dsl/context.js';
import { interpolate } from '../dsl/generated/ops.js';
import { Module } from '../dsl/module.js';
import type { Multiply } from '../dsl/shapes/arithmetic.js';
import type { Dim, PairElement } from '../dsl/shapes/dim.js';
import type { Tensor } from '../dsl/tensor.js';
import { ShapeError, ValueError } from '../ir/errors.js';
import { showShape } from '../ir/shape.js';
import { checkOptions, pairOf, type NumberPair } from './arguments.js';

/** One of `size` and `scaleFactor` is given. */
export interface UpsampleOptions<Size extends NumberPair | undefined, Scale extends NumberPair | undefined> {
  /** Height and width of the result. */
  readonly size?: Size;
  /** What height and width are multiplied by. They must come out whole. */
  readonly scaleFactor?: Scale;
  /** Default 'nearest': each place repeated. */
  readonly mode?: 'nearest' | 'bilinear';
  /** Whether the corners of both images are one; for 'bilinear'. Default false. */
  readonly alignCorners?: boolean;
}

/** The size of height (0) or width (1); a factor that is no whole number leaves it to the trace. */
type ResizedPart<
  Old extends Dim,
  Size extends NumberPair | undefined,
  Scale extends NumberPair | undefined,
  Part extends 0 | 1,
> = [Size] extends [NumberPair]
  ? PairElement<Size, Part>
  : `${PairElement<Scale, Part>}` extends `${string}.${string}`
    ? number
    : Multiply<Old, PairElement<Scale, Part>>;

/** Images at another size: x [...B, H, W] gives [...B, height, width], as PyTorch's `Upsample` in two dimensions. */
export class Upsample<
  const Size extends NumberPair | undefined = undefined,
  const Scale extends NumberPair | undefined = undefined,
> extends Module {
  /**
   * Throws NameError and ValueError for other options, ValueError unless one of `size` and `scaleFactor` is given and for
   * `alignCorners` without 'bilinear'.
   */
  constructor(private readonly options: UpsampleOptions<Size, Scale>) {
    checkOptions('Upsample', options, {
      size: 'countPair',
      scaleFactor: 'factors',
      mode: ['nearest', 'bilinear'],
      alignCorners: 'flag',
    });
    if ((options.size === undefined) === (options.scaleFactor === undefined)) {
      throw new ValueError('Upsample: give either size or scaleFactor');
    }
    if (options.alignCorners === true && options.mode !== 'bilinear') {
      throw new ValueError("Upsample: alignCorners is for mode 'bilinear'");
    }
    super();
  }

  forward<B extends Dim[], H extends Dim, W extends Dim>(
    x: Tensor<[...B, H, W], 'f32'>,
  ): Tensor<[...B, ResizedPart<H, Size, Scale, 0>, ResizedPart<W, Size, Scale, 1>], 'f32'> {
    const plain: Tensor = x;
    const { mode = 'nearest', alignCorners = false } = this.options;
    const y: Tensor = interpolate(plain, this.resized(plain.shape as number[]), { mode, alignCorners });
    return y;
  }

  /** Throws ShapeError where the factor makes no whole number of a size. */
  private resized(shape: readonly number[]): readonly [number, number] {
    const { size, scaleFactor }: UpsampleOptions<NumberPair | undefined, NumberPair | undefined> = this.options;
    if (size !== undefined) return pairOf(size);
    const factors = pairOf(scaleFactor ?? 1);
    const [height = NaN, width = NaN] = shape.slice(-2).map((old, i) => old * factors[i]!);
    if (Number.isInteger(height) && Number.isInteger(width)) return [height, width];
    throw currentTrace('Upsample').builder.located(
      new ShapeError(
        `Upsample: height and width of ${showShape(shape)} times ${factors.join(' and ')} are no whole numbers; give size`,
      ),
    );
  }
}
