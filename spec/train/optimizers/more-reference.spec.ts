import fs from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { abs, add, buildInferenceSession, buildSession, input, mul, namedParameter, square, sub, sum, trace, type Tensor } from 'meganeura'; // prettier-ignore
import type { Optimizer } from '../../../lib/session/optimizer.js';
import { adafactor } from '../../../lib/train/optimizers/adafactor.js';
import { adagrad } from '../../../lib/train/optimizers/adagrad.js';
import { adam, adamW } from '../../../lib/train/optimizers/adam.js';
import { lion } from '../../../lib/train/optimizers/lion.js';
import { rmsprop } from '../../../lib/train/optimizers/rmsprop.js';
import { sgd } from '../../../lib/train/optimizers/sgd.js';
import {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  linearSchedule,
  stepSchedule,
} from '../../../lib/train/schedules/decay.js';
import { inSequence } from '../../../lib/train/schedules/schedule.js';
import { expectClose } from '../../values.js';
import { ourNames } from './problems.js';

type Values = Readonly<Record<string, readonly number[]>>;

interface Reference {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly steps: number;
  readonly cases: readonly {
    readonly optimizer: keyof typeof makers;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly after: Readonly<Record<string, Values>>;
  }[];
  readonly average: { readonly decay: number; readonly lr: number; readonly after: Values };
  readonly schedules: Readonly<Record<string, readonly number[]>>;
}

const reference = JSON.parse(fs.readFileSync('spec/reference/optimizers/optimizers.json', 'utf8')) as Reference;

/** |a − b| ≤ 1e-5·(1 + |b|): ten steps of f32 against f64. */
const TOLERANCE = 1e-5;

const makers = {
  SGD: (options: object) => sgd({ learningRate: 0.001, ...options }),
  Adam: (options: object) => adam(options),
  AdamW: (options: object) => adamW(options),
  RMSprop: (options: object) => rmsprop(options),
  Adagrad: (options: object) => adagrad(options),
  Adafactor: (options: object) => adafactor(options),
  Lion: (options: object) => lion(options),
} satisfies Record<string, (options: object) => Optimizer>;

/** The numbers of `make.py`: the minimal standard generator of Park and Miller, in (−1, 1), as f32. */
function numbers(seed: number, shape: readonly number[]): Float32Array {
  let x = 1 + 7919 * seed;
  const next = () => (x = (x * 48271) % 2147483647);
  for (let i = 0; i < 4; i++) next();
  const count = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length: count }, () => (2 * next()) / 2147483647 - 1);
}

/** 0.5·Σ a·(p − c)². */
function problem() {
  const shapes = Object.entries(reference.shapes);
  const leaves = shapes.flatMap(([name, shape], i) =>
    ['a', 'c'].map((key, j) => [`${name}.${key}`, shape, numbers(3 * i + 1 + j, shape)] as const),
  );
  const inputs = Object.fromEntries(leaves.map(([name, shape]) => [name, input(shape)]));
  const graph = trace(inputs, (given) => {
    const parts = shapes.map(([name, shape], i) => {
      const parameter: Tensor<number[], 'f32'> = namedParameter(name, shape, numbers(3 * i, shape));
      return sum(mul(abs(given[`${name}.a`]!), square(sub(parameter, given[`${name}.c`]!))));
    });
    const total = parts.reduce((a, b) => add(a, b));
    return { loss: mul(0.5, total) };
  });
  return { graph, feeds: Object.fromEntries(leaves.map(([name, , data]) => [name, data])) };
}

describe('trajectories of ten steps', () => {
  test.each(reference.cases.map((one) => [`${one.optimizer} ${JSON.stringify(one.arguments)}`, one] as const))(
    '%s',
    async (_, one) => {
      const { graph, feeds } = problem();
      const optimizer = makers[one.optimizer](ourNames(one.arguments, { lr: 'learningRate' }));
      using session = await buildSession(graph, { optimizer });
      for (let step = 1; step <= reference.steps; step++) {
        session.step(feeds);
        const expected = one.after[step];
        if (!expected) continue;
        for (const [name, { data }] of Object.entries(await session.parameters())) {
          expectClose(data, expected[name]!, TOLERANCE);
        }
      }
    },
  );
});

test('an exponential moving average is evaluated in place of the weights, which stay', async () => {
  const { decay, lr, after } = reference.average;
  const { graph, feeds } = problem();
  using session = await buildSession(graph, { optimizer: sgd({ learningRate: lr }), average: { decay } });
  for (let step = 0; step < reference.steps; step++) session.step(feeds);
  const loss = (values: (name: string) => ArrayLike<number>) =>
    Object.entries(reference.shapes).reduce((total, [name, shape], i) => {
      const [a, c] = [numbers(3 * i + 1, shape), numbers(3 * i + 2, shape)];
      return Array.from(values(name)).reduce((sum, p, j) => sum + 0.5 * Math.abs(a[j]!) * (p - c[j]!) ** 2, total);
    }, 0);

  using averages = await buildInferenceSession(graph, { weights: session, average: true });
  averages.step(feeds);
  expectClose(await averages.read('loss'), [loss((name) => after[name]!)], TOLERANCE);
  // Saved, the averages go by the names of the weights.
  for (const [name, { data }] of Object.entries(await averages.stateDict())) {
    expectClose(data, after[name]!, TOLERANCE);
  }
  expect(Object.keys(await averages.stateDict()).sort()).toEqual(Object.keys(after).sort());
  using weights = await buildInferenceSession(graph, { weights: session });
  weights.step(feeds);
  const parameters = await session.parameters();
  const last = loss((name) => parameters[name]!.data);
  expectClose(await weights.read('loss'), [last], TOLERANCE);
  expect(Math.abs(last - loss((name) => after[name]!))).toBeGreaterThan(0.1);
});

describe('schedules', () => {
  const learningRate = 0.2;
  test.each([
    ['StepLR', stepSchedule({ learningRate, stepSize: 4 })],
    ['ExponentialLR', exponentialSchedule({ learningRate, gamma: 0.8 })],
    ['CosineAnnealingLR', cosineSchedule({ learningRate, totalSteps: 11, minimum: 0.05 })],
    ['LinearLR', linearSchedule({ learningRate, totalSteps: 8, minimum: 0.25 * learningRate })],
    [
      'SequentialLR',
      inSequence([
        { steps: 5, schedule: constantSchedule({ learningRate }) },
        { schedule: exponentialSchedule({ learningRate, gamma: 0.5 }) },
      ]),
    ],
  ])('%s', (name, schedule) => {
    const expected = reference.schedules[name]!;
    expect(expected).toHaveLength(12);
    expected.forEach((rate, step) => expect(schedule(step)).toBeCloseTo(rate, 8));
  });
});
