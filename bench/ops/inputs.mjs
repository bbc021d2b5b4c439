import { RandomStream } from '../../lib/index.ts';

/** An operand: its shape, dtype and how its values come from a stream of random numbers. */
const of = (shape, dtype, value) => ({
  shape,
  dtype,
  values: (random) => {
    const values = new (dtype === 'i32' ? Int32Array : Float32Array)(shape.reduce((a, b) => a * b, 1));
    return values.map(() => value(random));
  },
});

export const normal = (...shape) => of(shape, 'f32', (random) => random.normal());
export const positive = (...shape) => of(shape, 'f32', (random) => random.uniform() + 0.5);
export const indicesBelow = (bound, ...shape) => of(shape, 'i32', (random) => Math.floor(random.uniform() * bound));

/** The operands of a case with their values: the same for every side. */
export function operandsOf({ inputs }) {
  const random = new RandomStream(1, 0);
  return Object.entries(inputs).map(([name, { shape, dtype, values }]) => ({
    name,
    shape,
    dtype,
    values: values(random),
  }));
}

/** Row-major values with their dimensions in another order: dimension i of the result is dimension `axes[i]`. */
export function permuted({ shape, values }, axes) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const result = { shape: axes.map((axis) => shape[axis]), values: new values.constructor(values.length) };
  const place = axes.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    result.values[i] = values[axes.reduce((sum, axis, d) => sum + place[d] * strides[axis], 0)];
    for (let d = axes.length - 1; d >= 0 && ++place[d] === result.shape[d]; d--) place[d] = 0;
  }
  return result;
}
