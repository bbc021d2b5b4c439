import { describe, expect, test } from '@jest/globals';
import { add, buildInferenceSession, buildSession, input, mul, namedParameter, sum, trace } from 'meganeura';
import { sgd } from 'meganeura/train';
import { adafactor } from '../../../lib/train/optimizers/adafactor.js';
import { adagrad } from '../../../lib/train/optimizers/adagrad.js';
import { adam, adamW } from '../../../lib/train/optimizers/adam.js';
import { lion } from '../../../lib/train/optimizers/lion.js';
import { rmsprop } from '../../../lib/train/optimizers/rmsprop.js';

/** Without types, as plain JavaScript has it. */
const any = (value: unknown) => value as never;

function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return 'nothing was thrown';
}

async function messageOfPromise(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(() => undefined).catch((reason: unknown) => reason);
  return error instanceof Error ? `${error.name}: ${error.message}` : 'nothing was thrown';
}

const traced = () =>
  trace({ x: input([2]) }, ({ x }) => {
    const [weight, bias] = ['layer.weight', 'layer.bias'].map((name) => namedParameter(name, [2], [1, 2]));
    return { loss: sum(add(mul(weight!, x), bias!)) };
  });

describe('hyperparameters', () => {
  test.each<[string, () => unknown, string]>([
    ['a rate that is NaN', () => adam({ learningRate: NaN }), 'ValueError: adam: learningRate must be a number, at least 0, got NaN'],
    ['a rate in quotes', () => adamW({ learningRate: any('0.1') }), 'ValueError: adamW: learningRate must be a number, at least 0, got "0.1"'],
    ['an infinite rate', () => rmsprop({ learningRate: Infinity }), 'ValueError: rmsprop: learningRate must be a number, at least 0, got Infinity'],
    ['a rate below 0', () => lion({ learningRate: -1 }), 'ValueError: lion: learningRate must be a number, at least 0, got -1'],
    ['no rate, where there is no default', () => sgd(any({})), 'ValueError: sgd: learningRate must be a number, at least 0, got undefined'],
    ['one beta', () => adam({ betas: any(0.9) }), 'ValueError: adam: betas must be two numbers, got 0.9'],
    ['a beta of 1', () => lion({ betas: [0.9, 1] }), 'ValueError: lion: betas[1] must be below 1, got 1'],
    ['an alpha of 1', () => rmsprop({ alpha: 1 }), 'ValueError: rmsprop: alpha must be below 1, got 1'],
    ['a decay below 0', () => adagrad({ lrDecay: -0.1 }), 'ValueError: adagrad: lrDecay must be a number, at least 0, got -0.1'],
    ['a decay of the wrong sign', () => adafactor({ beta2Decay: 0.8 }), 'ValueError: adafactor: beta2Decay must be a number of at most 0, got 0.8'],
    ['a limit below 1', () => adafactor({ d: 0.5 }), 'ValueError: adafactor: d must be at least 1, got 0.5'],
    ['a flag that is none', () => adam({ amsgrad: any('yes') }), 'ValueError: adam: amsgrad must be true or false, got "yes"'],
    ['nesterov and dampening', () => sgd({ learningRate: 1, momentum: 0.9, dampening: 0.1, nesterov: true }), 'ValueError: sgd: nesterov needs a momentum above 0 and no dampening'],
    ['a rate by another name', () => adam(any({ lr: 1 })), "NameError: adam: there is no option 'lr'; it takes { learningRate, betas, eps, weightDecay, amsgrad, maximize, groups }"],
  ])('%s', (_, make, expected) => expect(messageOf(make)).toBe(expected)); // prettier-ignore

  test('undefined is the default', () => {
    expect(adam({ learningRate: undefined as never }).inputs).toEqual({ learningRate: 0.001, beta1: 0.9 });
    expect(adam().inputs).toEqual({ learningRate: 0.001, beta1: 0.9 });
  });
});

describe('groups', () => {
  test.each<[string, () => unknown, string]>([
    ['no list', () => adam({ groups: any({ parameters: '*' }) }), 'UsageError: adam: groups must be a list of { parameters, … }, got an object'],
    ['no pattern', () => adam({ groups: [any({ frozen: true })] }), 'UsageError: adam: groups[0]: parameters must be names, with * for any characters, or regular expressions, got undefined'],
    ['a setting that there is not', () => adam({ groups: [any({ parameters: '*', betas: [0, 0] })] }), "NameError: adam: groups[0]: there is no option 'betas'; it takes { parameters, learningRateScale, weightDecay, frozen }"],
    ['a scale that is no number', () => adam({ groups: [{ parameters: '*', learningRateScale: NaN }] }), 'ValueError: adam: groups[0]: learningRateScale must be a number, at least 0, got NaN'],
    ['half frozen', () => adam({ groups: [{ parameters: '*', frozen: any(0.5) }] }), 'ValueError: adam: groups[0]: frozen must be true or false, got 0.5'],
  ])('%s', (_, make, expected) => expect(messageOf(make)).toBe(expected)); // prettier-ignore

  test('a pattern that nothing matches', async () => {
    const optimizer = adam({ groups: [{ parameters: 'layer.*', weightDecay: 0 }, { parameters: ['layer.wieght'] }] });
    expect(await messageOfPromise(buildSession(traced(), { optimizer }))).toBe(
      "NameError: adam: groups[1]: no parameter matches layer.wieght; did you mean 'layer.weight'?",
    );
    const other = adam({ groups: [{ parameters: /norm/, weightDecay: 0 }] });
    expect(await messageOfPromise(buildSession(traced(), { optimizer: other }))).toBe(
      'NameError: adam: groups[0]: no parameter matches /norm/; there are layer.weight, layer.bias',
    );
  });

  test('all of them frozen', async () => {
    const optimizer = adam({ groups: [{ parameters: '*', frozen: true }] });
    expect(await messageOfPromise(buildSession(traced(), { optimizer }))).toBe(
      "GraphError: the output 'loss' depends on no parameter that is not frozen: there is nothing to train",
    );
  });
});

describe('options of the step', () => {
  const optimizer = sgd({ learningRate: 1 });
  test.each<[string, object, string]>([
    ['a norm of 0', { clip: { norm: 0 } }, 'ValueError: buildSession: clip: norm must be a number above 0, got 0'],
    ['a norm that is NaN', { clip: { norm: NaN } }, 'ValueError: buildSession: clip: norm must be a number above 0, got NaN'],
    ['both', { clip: { norm: 1, value: 1 } }, 'UsageError: buildSession: clip: takes { norm, normType } or { value }, got { norm, value }'],
    ['neither', { clip: {} }, 'UsageError: buildSession: clip: takes { norm, normType } or { value }, got {  }'],
    ['a number', { clip: 1 }, 'NameError: buildSession: clip: options are given by name, got 1; it takes { norm, normType, value }'],
    ['half a batch', { accumulate: 0.5 }, 'ValueError: buildSession: accumulate must be a whole number of batches, at least 1, got 0.5'],
    ['a scale that shrinks', { lossScale: { growthFactor: 0.5 } }, 'ValueError: buildSession: lossScale: growthFactor must be a number above 1, got 0.5'],
    ['a scale of false', { lossScale: false }, 'NameError: buildSession: lossScale: options are given by name, got false; it takes { initScale, growthFactor, backoffFactor, growthInterval }'],
    ['an average without decay', { average: {} }, 'ValueError: buildSession: average.decay must be a number of at least 0 and below 1, got undefined'],
    ['an average that stays', { average: { decay: 1 } }, 'ValueError: buildSession: average.decay must be a number of at least 0 and below 1, got 1'],
  ])('%s', async (_, options, expected) => {
    expect(await messageOfPromise(buildSession(traced(), { optimizer, ...options }))).toBe(expected);
  }); // prettier-ignore

  test('without an optimizer', async () => {
    expect(await messageOfPromise(buildSession(traced(), { gradients: true, clip: { norm: 1 } }))).toBe(
      'UsageError: buildSession: the option clip is one of the update: it needs the option optimizer, such as ' +
        'sgd({ learningRate: 0.1 })',
    );
  });

  test('averages that nobody keeps', async () => {
    using session = await buildSession(traced(), { optimizer });
    for (const weights of [{ weights: session }, {}]) {
      expect(await messageOfPromise(buildInferenceSession(traced(), { ...weights, average: true }))).toBe(
        'UsageError: buildInferenceSession: average needs the option weights: a session that keeps one, built by ' +
          'buildSession(graph, { optimizer, average: { decay: 0.999 } })',
      );
    }
  });

  test('names that training takes', async () => {
    const graph = trace({ x: input([2]) }, ({ x }) => ({ loss: sum(mul(namedParameter('lossScale', [2]), x)) }));
    expect(await messageOfPromise(buildSession(graph, { optimizer, lossScale: true }))).toBe(
      "NameError: training keeps a state named 'lossScale': rename the model's own",
    );
    const other = trace({ x: input([2]) }, ({ x }) => {
      const loss = sum(mul(namedParameter('w', [2]), x));
      return { loss, gradientNorm: loss };
    });
    expect(await messageOfPromise(buildSession(other, { optimizer, clip: { norm: 1 } }))).toBe(
      "NameError: training gives an output 'gradientNorm': rename the graph's own",
    );
  });
});

test('a learning rate that is no number, between two steps', async () => {
  using session = await buildSession(traced(), { optimizer: adamW() });
  session.step({ x: [1, 2] });
  const before = await session.parameters();
  for (const rate of [NaN, Infinity, any('fast')]) {
    const message = messageOf(() => session.setInput('learningRate', rate));
    expect(message).toMatch(/^(ValueError|DTypeError): input 'learningRate'/);
  }
  expect(messageOf(() => session.setInput('learningRate', NaN))).toBe(
    "ValueError: input 'learningRate': the optimizer needs a finite number, got NaN",
  );
  expect(await session.parameters()).toEqual(before);
});
