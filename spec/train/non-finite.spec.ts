import { describe, expect, test } from '@jest/globals';
import {
  buildSession,
  input,
  log,
  manualSeed,
  mean,
  mul,
  namedParameter,
  ones,
  sqrt,
  sum,
  trace,
  ValueError,
} from 'meganeura';
import { NonFiniteLossError, sgd, Trainer, type BatchSource } from 'meganeura/train';
import { useFreshCache } from '../fresh-cache.js';
import type { SessionOptions } from '../../lib/session/session-options.js';
import { bitsOf } from './checkpoint-models.js';
import { batchesOf, classifierSession } from './tiny.js';

useFreshCache();

const quiet = { progress: false } as const;
const halting = { haltOnNonFinite: true } as const;

/** Good feeds but for a NaN in the points of batch `at`. */
const poisoned = (at: number) =>
  [...batchesOf(48)].map(({ feeds }, i) => (i === at ? { ...feeds, points: feeds.points.map(() => NaN) } : feeds));

async function caught(training: Promise<unknown>): Promise<NonFiniteLossError> {
  const error: unknown = await training.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
  expect(error).toBeInstanceOf(NonFiniteLossError);
  return error as NonFiniteLossError;
}

/** Σ √(a·x)·b: with x = 0 the loss is finite, and the gradient of a is not. */
function roots(options: SessionOptions) {
  const graph = trace({ x: input([2]) }, ({ x }) => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => namedParameter(name, [2], ones()));
    return { loss: sum(mul(sqrt(mul(mul(c!, c!), mul(a!, x))), b!)) };
  });
  return buildSession(graph, { optimizer: sgd({ learningRate: 0.01 }), ...options });
}

type Roots = Awaited<ReturnType<typeof roots>>;

async function trainRoots(session: Roots, source: BatchSource<{ readonly x: Float32Array }>) {
  return new Trainer(session, { ...quiet, epochs: 2 }).fit(source as never);
}

const feeds = (...values: number[]) => values.map((value) => ({ x: Float32Array.of(value, 1) }));

describe('a session that halts', () => {
  test('trains as one that does not, while all is finite', async () => {
    using session = await classifierSession(halting);
    using other = await classifierSession();
    const options = { ...quiet, epochs: 2 };
    const history = await new Trainer(session, options).fit(batchesOf(40));
    expect(history.losses).toEqual((await new Trainer(other, options).fit(batchesOf(40))).losses);
    expect(await session.parameters()).toEqual(await other.parameters());
  });

  test('keeps the parameters of before the first loss that is not finite, however many steps are under way', async () => {
    using session = await classifierSession(halting);
    using other = await classifierSession();
    const error = await caught(new Trainer(session, { ...quiet, epochs: 1 }).fit(poisoned(3)));
    expect(error).toMatchObject({ step: 4, parameters: [], gradients: ['bias', 'weight'] });
    expect(error.message).toMatchSnapshot();
    await new Trainer(other, { ...quiet, epochs: 1 }).fit(poisoned(3).slice(0, 3));
    expect(await session.parameters()).toEqual(await other.parameters());
    // The next training updates again.
    const { losses } = await new Trainer(session, { ...quiet, epochs: 1 }).fit(poisoned(-1));
    await new Trainer(other, { ...quiet, epochs: 1 }).fit(poisoned(-1));
    expect(losses).toHaveLength(6);
    expect(await session.parameters()).toEqual(await other.parameters());
  });

  test('names parameters whose gradients were not finite in the step before, where the loss was', async () => {
    using session = await roots(halting);
    const error = await caught(trainRoots(session, feeds(1, 0, 1, 1)));
    expect(error).toMatchObject({ step: 3, gradients: [] });
    expect(error.parameters).toContain('a');
    expect(error.parameters).not.toContain('b');
    expect(error.message).toMatchSnapshot();
  });

  test('that clips by norm stops at that step, and names the gradients', async () => {
    using session = await roots({ ...halting, clip: { norm: Infinity } });
    const before = await session.parameters();
    const error = await caught(trainRoots(session, feeds(0, 1, 1)));
    expect(error).toMatchObject({ step: 1, parameters: [] });
    expect(error.gradients).toContain('a');
    expect(error.gradients).not.toContain('b');
    expect(error.message).toMatch(/^the norm of the gradients is (NaN|Infinity) at step 1 \(step 1 of epoch 1\)/);
    expect(await session.parameters()).toEqual(before);
  });

  test('leaves out the gradients where the batch cannot be had again, and changes no state of the model', async () => {
    using session = await classifierSession(halting);
    const before = await bitsOf(session);
    const error = await caught(new Trainer(session, { ...quiet, epochs: 1 }).fit(poisoned(0).values()));
    expect(error).toMatchObject({ step: 1, parameters: [], gradients: [] });
    const after = await bitsOf(session);
    expect(after.states['weight']).toBe(before.states['weight']);
  });
});

test('a session that clips by norm and does not halt stops at the first norm that is not finite', async () => {
  using session = await roots({ clip: { norm: 1 } });
  expect(await caught(trainRoots(session, feeds(1, 0, 1)))).toMatchObject({ step: 2 });
});

test('a scaled loss may overflow; gradients that are not finite at any scale end training', async () => {
  using session = await roots({ lossScale: { initScale: 2 ** -50 } });
  const zeros = Array.from({ length: 20 }, () => ({ x: new Float32Array(2) }));
  const error = await caught(trainRoots(session, zeros));
  expect(error).toMatchObject({ step: 15, parameters: [] });
  expect(error.message).toContain('the gradients are not finite, however small the scale of the loss');
});

test('haltOnNonFinite is true or false', async () => {
  manualSeed(1);
  const graph = trace({ x: input([1]) }, ({ x }) => ({ loss: mean(log(mul(x, namedParameter('w', [1], ones())))) }));
  const built = buildSession(graph, { optimizer: sgd({ learningRate: 1 }), haltOnNonFinite: 'yes' as never });
  await expect(built).rejects.toThrow(new ValueError('buildSession: haltOnNonFinite must be true or false, got yes'));
});
