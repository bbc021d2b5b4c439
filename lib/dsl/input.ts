import { bytesPerElement, type DType } from '../ir/dtype.js';
import { DTypeError, ShapeError } from '../ir/errors.js';
import type { Dim } from './shapes/dim.js';
import type { Tensor } from './tensor.js';

/** What is fed at each step: a shape, whose names `trace` binds, and a dtype. */
export class Input<out S extends Dim[], out D extends DType> {
  constructor(
    readonly shape: S,
    readonly dtype: D,
  ) {}
}

/** The inputs of a graph, by name. */
export type Inputs = Readonly<Record<string, Input<Dim[], DType>>>;

/** The tensors that inputs are while traced. */
export type InputTensors<I extends Inputs> = {
  [Name in keyof I]: I[Name] extends Input<infer S, infer D> ? Tensor<S, D> : never;
};

/**
 * An input of a graph: `input([64, 784])`, `input(['batch'], 'i32')`. f32 unless given.
 * Throws ShapeError for a shape that is no list, DTypeError for an unknown dtype.
 */
export function input<const S extends Dim[]>(shape: readonly [...S]): Input<S, 'f32'>;
export function input<const S extends Dim[], D extends DType>(shape: readonly [...S], dtype: D): Input<S, D>;
export function input(shape: readonly Dim[], dtype: DType = 'f32'): Input<Dim[], DType> {
  if (!Array.isArray(shape)) {
    throw new ShapeError(`input: the shape must be a list of sizes, such as [64, 784], got ${String(shape)}`);
  }
  const dtypes = Object.keys(bytesPerElement);
  if (!dtypes.includes(dtype)) {
    throw new DTypeError(`input: there is no dtype '${dtype}'; there are ${dtypes.join(', ')}`);
  }
  return new Input([...(shape as readonly Dim[])], dtype);
}
