import { ShapeError, ValueError } from '../ir/errors.js';
import { elementCount, showShape, type Shape } from '../ir/shape.js';
import type { RandomStream } from './random.js';

/** Initial values of a parameter or buffer of that shape, row-major. */
export type Initializer = (shape: Shape, random: RandomStream) => ArrayLike<number>;

/** All 0. */
export const zeros = (): Initializer => constant(0);

/** All 1. */
export const ones = (): Initializer => constant(1);

/** All `value`. */
export function constant(value: number): Initializer {
  return (shape) => new Float32Array(elementCount(shape)).fill(value);
}

/** Uniform in [low, high). */
export function uniform(low = 0, high = 1): Initializer {
  return draw((random) => low + (high - low) * random.uniform());
}

/** Normal with that mean and standard deviation. */
export function normal(mean = 0, std = 1): Initializer {
  return draw((random) => mean + std * random.normal());
}

/**
 * Uniform in ±gain·√(6/(fanIn + fanOut)) (Glorot and Bengio 2010), as PyTorch's `xavier_uniform_`.
 * Throws ShapeError, when drawn, for a shape of rank below 2.
 */
export function xavierUniform(gain = 1): Initializer {
  return (shape, random) => {
    const { fanIn, fanOut } = fans(shape);
    const bound = gain * Math.sqrt(6 / (fanIn + fanOut));
    return uniform(-bound, bound)(shape, random);
  };
}

/** Normal with standard deviation gain·√(2/(fanIn + fanOut)), as PyTorch's `xavier_normal_`. Throws like {@link xavierUniform}. */
export function xavierNormal(gain = 1): Initializer {
  return (shape, random) => {
    const { fanIn, fanOut } = fans(shape);
    return normal(0, gain * Math.sqrt(2 / (fanIn + fanOut)))(shape, random);
  };
}

/** Functions that {@link calculateGain} knows. */
export type Nonlinearity = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu' | 'selu';

/** Options of {@link kaimingUniform} and {@link kaimingNormal}, named and defaulted as in PyTorch. */
export interface KaimingOptions {
  /** Negative slope of the leaky ReLU that follows; read for `nonlinearity: 'leakyRelu'` only. */
  a?: number;
  /** Whose variance stays: that of the forward pass (`fanIn`) or of the backward pass. */
  mode?: 'fanIn' | 'fanOut';
  /** The activation that follows; it decides the gain. Default `'leakyRelu'`. */
  nonlinearity?: Nonlinearity;
}

/**
 * Uniform in ±gain·√(3/fan) (He et al. 2015, arXiv:1502.01852), as PyTorch's `kaiming_uniform_`.
 * Throws ShapeError, when drawn, for a shape of rank below 2.
 */
export function kaimingUniform(options: KaimingOptions = {}): Initializer {
  return (shape, random) => {
    const bound = Math.sqrt(3) * kaimingStd(shape, options);
    return uniform(-bound, bound)(shape, random);
  };
}

/** Normal with standard deviation gain/√fan, as PyTorch's `kaiming_normal_`. Throws like {@link kaimingUniform}. */
export function kaimingNormal(options: KaimingOptions = {}): Initializer {
  return (shape, random) => normal(0, kaimingStd(shape, options))(shape, random);
}

/** The factor that keeps the variance behind a nonlinearity, as PyTorch's `calculate_gain`; `a` is leaky ReLU's slope. */
export function calculateGain(nonlinearity: Nonlinearity, a = 0.01): number {
  switch (nonlinearity) {
    case 'linear':
    case 'sigmoid':
      return 1;
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.SQRT2;
    case 'leakyRelu':
      return Math.sqrt(2 / (1 + a * a));
    case 'selu':
      return 3 / 4;
    default:
      throw new ValueError(`calculateGain: unknown nonlinearity '${String(nonlinearity)}'`);
  }
}

function kaimingStd(shape: Shape, { a = 0, mode = 'fanIn', nonlinearity = 'leakyRelu' }: KaimingOptions): number {
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(shape)[mode]);
}

/** Inputs of one output and outputs of one input, for weights of shape [out, in, ...kernel]. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  const [outputs, inputs, ...kernel] = shape;
  if (outputs === undefined || inputs === undefined) {
    throw new ShapeError(`fan-in and fan-out need at least 2 dimensions, got ${showShape(shape)}`);
  }
  const receptiveField = elementCount(kernel);
  return { fanIn: inputs * receptiveField, fanOut: outputs * receptiveField };
}

function draw(next: (random: RandomStream) => number): Initializer {
  return (shape, random) => {
    const values = new Float32Array(elementCount(shape));
    for (let i = 0; i < values.length; i++) values[i] = next(random);
    return values;
  };
}
