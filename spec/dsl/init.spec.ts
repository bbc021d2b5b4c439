import { describe, expect, test } from '@jest/globals';
import {
  calculateGain,
  constant,
  kaimingNormal,
  kaimingUniform,
  normal,
  ones,
  uniform,
  xavierNormal,
  xavierUniform,
  zeros,
  type Initializer,
} from '../../lib/dsl/init.js';
import { RandomStream } from '../../lib/dsl/random.js';
import { ShapeError } from '../../lib/ir/errors.js';

const draw = (initializer: Initializer, shape: readonly number[]) =>
  Array.from(initializer(shape, new RandomStream(3, 0)));

const std = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

describe('constants', () => {
  test('zeros, ones, constant', () => {
    expect(draw(zeros(), [2, 2])).toEqual([0, 0, 0, 0]);
    expect(draw(ones(), [3])).toEqual([1, 1, 1]);
    expect(draw(constant(0.5), [])).toEqual([0.5]);
    expect(draw(zeros(), [0, 4])).toEqual([]);
  });
});

describe('uniform initializers stay within, and nearly reach, their bound', () => {
  // Weights [128, 32, 3, 3]: fan-in 288, fan-out 1152.
  const shape = [128, 32, 3, 3];
  test.each([
    ['uniform(-2, 2)', uniform(-2, 2), 2],
    ['xavierUniform(2)', xavierUniform(2), 2 * Math.sqrt(6 / (288 + 1152))],
    ['kaimingUniform()', kaimingUniform(), Math.SQRT2 * Math.sqrt(3 / 288)],
    ["PyTorch's default of Linear", kaimingUniform({ a: Math.sqrt(5) }), 1 / Math.sqrt(288)],
    ['fan-out, relu', kaimingUniform({ mode: 'fanOut', nonlinearity: 'relu' }), Math.SQRT2 * Math.sqrt(3 / 1152)],
    ['linear', kaimingUniform({ nonlinearity: 'linear' }), Math.sqrt(3 / 288)],
  ])('%s', (_, initializer, bound) => {
    const values = draw(initializer, shape);
    expect(values).toHaveLength(128 * 32 * 9);
    const largest = Math.max(...values.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(largest).toBeGreaterThan(bound * 0.999);
    expect(std(values) / (bound / Math.sqrt(3))).toBeCloseTo(1, 1);
  });
});

describe('normal initializers have their standard deviation', () => {
  test.each([
    ['normal(0, 3)', normal(0, 3), 3],
    ['xavierNormal()', xavierNormal(), Math.sqrt(2 / (64 + 128))],
    ['kaimingNormal()', kaimingNormal(), Math.SQRT2 / 8],
    ['kaimingNormal tanh', kaimingNormal({ nonlinearity: 'tanh' }), 5 / 3 / 8],
  ])('%s', (_, initializer, expected) => {
    expect(std(draw(initializer, [128, 64])) / expected).toBeCloseTo(1, 1);
  });
});

test('gains are those of torch.nn.init.calculate_gain', () => {
  expect(calculateGain('linear')).toBe(1);
  expect(calculateGain('sigmoid')).toBe(1);
  expect(calculateGain('tanh')).toBeCloseTo(1.6667, 4);
  expect(calculateGain('relu')).toBeCloseTo(1.4142, 4);
  expect(calculateGain('leakyRelu')).toBeCloseTo(1.4141, 4);
  expect(calculateGain('leakyRelu', Math.sqrt(5))).toBeCloseTo(0.5774, 4);
  expect(calculateGain('selu')).toBe(0.75);
});

test('fan-in of a vector is a ShapeError', () => {
  expect(() => draw(kaimingUniform(), [3])).toThrow(
    new ShapeError('fan-in and fan-out need at least 2 dimensions, got [3]'),
  );
});
