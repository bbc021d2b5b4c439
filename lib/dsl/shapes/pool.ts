import type { Add, Divide, IsGreater, Multiply, Shift, Subtract, SubtractDownToZero } from './arithmetic.js';
import type { Dim } from './dim.js';

/**
 * The places of a window along a dimension of `Size`; `Stride` is that of the kernel when it is `never`. Rounded up under
 * `Ceil`, except for a window that would begin in the padding after the elements.
 */
export type PooledSize<
  Size extends Dim,
  Kernel extends Dim,
  Stride extends Dim,
  Padding extends Dim,
  Dilation extends Dim,
  Ceil extends boolean,
> = [Stride] extends [never]
  ? PooledSize<Size, Kernel, Kernel, Padding, Dilation, Ceil>
  : boolean extends Ceil
    ? number
    : Ceil extends true
      ? WithoutLate<
          Places<Size, Kernel, Stride, Padding, Dilation, SubtractDownToZero<Stride, 1>>,
          Stride,
          Add<Size, Padding>
        >
      : Places<Size, Kernel, Stride, Padding, Dilation, 0>;

/** ⌊(size + 2·padding − dilation·(kernel − 1) − 1 + extra)/stride⌋ + 1, with everything added before it is taken away. */
type Places<
  Size extends Dim,
  Kernel extends Dim,
  Stride extends Dim,
  Padding extends Dim,
  Dilation extends Dim,
  Extra extends Dim,
> = Divide<
  Shift<Size, Add<Add<Padding, Padding>, Add<Stride, Extra>>, Add<Multiply<Dilation, Subtract<Kernel, 1>>, 1>>,
  Stride
>;

/** One place fewer when the last would begin at `End` or behind it. */
type WithoutLate<Count extends Dim, Stride extends Dim, End extends Dim> =
  IsGreater<Add<Multiply<SubtractDownToZero<Count, 1>, Stride>, 1>, End> extends infer IsLate
    ? [IsLate] extends [true]
      ? SubtractDownToZero<Count, 1>
      : [IsLate] extends [false]
        ? Count
        : number
    : never;
