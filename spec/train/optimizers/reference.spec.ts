import { beforeAll, describe, expect, test } from '@jest/globals';
import { add, buildSession, input, mul, namedParameter, sum, trace, zeros, type Session, type Tensor } from 'meganeura';
import type { SafeTensors } from '../../../lib/hub/safetensors.js';
import { sgd } from '../../../lib/train/optimizers/sgd.js';
import { expectClose } from '../../values.js';
import { floats, loadReference, optimizerOf, problem, reference, row, schedulesOf, type ClipCase } from './problems.js';

/** |a − b| ≤ 1e-5·(1 + |b|): 20 steps of f32 on both sides. */
const TOLERANCE = 1e-5;

let file: SafeTensors;
beforeAll(async () => {
  file = await loadReference();
});

describe('trajectories of PyTorch', () => {
  test.each(reference.cases.map((one) => [`${one.problem} ${one.case}`, one] as const))('%s', async (_, one) => {
    const { graph, feeds } = problem(file, one.problem, one.parameters);
    const { learningRate, momentum } = schedulesOf(one);
    const clip = one.clip_grad_norm === null ? undefined : { norm: one.clip_grad_norm };
    using session = await buildSession(graph, { optimizer: optimizerOf(one), clip });
    const second = session.inputs.has('beta1') ? 'beta1' : 'momentum';
    for (let step = 0; step < reference.steps; step++) {
      session.setInput('learningRate', learningRate(step));
      if (momentum) session.setInput(second, momentum(step));
      session.step(feeds);
      expectClose(await session.read('loss'), [one.losses[step]!], TOLERANCE);
      if (clip) expectClose(await session.read('gradientNorm'), [one.total_norm_before_clipping![step]!], TOLERANCE);
      for (const [name, { data }] of Object.entries(await session.parameters())) {
        expectClose(data, row(file, `${one.problem}.${one.case}.${name}`, step + 1), TOLERANCE);
      }
    }
  });
});

/** A graph whose gradients are its inputs; after a step of rate 1, its parameters are −1 times what is left of them. */
function clipProblem({ tensors }: ClipCase) {
  const prefix = tensors.replace(/\*$/, '');
  const names = file.names().flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  expect(names.length).toBeGreaterThan(0);
  const given = names.map((name) => [name, floats(file, `clip.grad.${name}`)] as const);
  const inputs = Object.fromEntries(given.map(([name, { shape }]) => [`gradient of ${name}`, input(shape)]));
  const graph = trace(inputs, (gradients) => {
    const parts = given.map(([name, { shape }]) => {
      const parameter: Tensor<number[], 'f32'> = namedParameter(name, shape, zeros());
      return sum(mul(parameter, gradients[`gradient of ${name}`]!));
    });
    return { loss: parts.reduce((a, b) => add(a, b)) };
  });
  const feeds = Object.fromEntries(given.map(([name, { data }]) => [`gradient of ${name}`, data]));
  const check = async (session: Session) => {
    for (const [name, { data }] of Object.entries(await session.parameters())) {
      const clipped = data.map((value) => -value);
      expectClose(clipped, floats(file, prefix + name).data, TOLERANCE);
    }
  };
  return { graph, feeds, check };
}

describe('clipping as PyTorch does it', () => {
  const { cases } = reference.clip;
  test.each(cases.filter((one) => one.clip_value === undefined))('norm $norm_type to $max_norm', async (one) => {
    const { graph, feeds, check } = clipProblem(one);
    const clip = { norm: one.max_norm!, normType: one.norm_type === 'inf' ? Infinity : one.norm_type! };
    using session = await buildSession(graph, { optimizer: sgd({ learningRate: 1 }), clip });
    session.step(feeds);
    await check(session);
    expectClose(await session.read('gradientNorm'), [one.total_norm!], TOLERANCE);
  });

  test.each(cases.filter((one) => one.clip_value !== undefined))('values to $clip_value', async (one) => {
    const { graph, feeds, check } = clipProblem(one);
    const clip = { value: one.clip_value! };
    using session = await buildSession(graph, { optimizer: sgd({ learningRate: 1 }), clip });
    session.step(feeds);
    await check(session);
  });
});

describe('schedules of PyTorch and transformers', () => {
  test.each(reference.cases.map((one) => [`${one.problem} ${one.case}`, one] as const))('%s', (_, one) => {
    const { learningRate, momentum } = schedulesOf(one);
    one.lr.forEach((rate, step) => expect(learningRate(step)).toBeCloseTo(rate, 14));
    if (momentum) one.momentum_or_beta1!.forEach((value, step) => expect(momentum(step)).toBeCloseTo(value, 14));
  });
});
