import { describe, expect, test } from '@jest/globals';
import {
  buildInferenceSession,
  buildSession,
  dropout,
  input,
  manualSeed,
  mean,
  mul,
  randomNormal,
  randomUniform,
  sum,
  trace,
} from '../../lib/index.js';
import { sgd } from '../../lib/train/index.js';
import { namedParameter } from '../../lib/dsl/trace-state.js';

const numbers = () => trace({}, () => ({ a: randomUniform([64]), b: randomUniform([64]), c: randomNormal([8, 8]) }));

async function stepsOf(graph: ReturnType<typeof numbers>, count: number) {
  const session = await buildSession(graph);
  const seen: Record<'a' | 'b' | 'c', number[]>[] = [];
  for (let i = 0; i < count; i++) {
    session.step({});
    const [a, b, c] = [await session.read('a'), await session.read('b'), await session.read('c')];
    seen.push({ a: Array.from(a), b: Array.from(b), c: Array.from(c) });
  }
  session.dispose();
  return seen;
}

describe('random numbers in a model', () => {
  test('differ between calls and steps, and are the same again for the same seed', async () => {
    manualSeed(7);
    const [first, second] = await stepsOf(numbers(), 2);
    expect(first!.a).not.toEqual(first!.b);
    expect(first!.a).not.toEqual(second!.a);
    expect(first!.c).not.toEqual(second!.c);
    manualSeed(7);
    expect(await stepsOf(numbers(), 2)).toEqual([first, second]);
    manualSeed(8);
    expect((await stepsOf(numbers(), 1))[0]!.a).not.toEqual(first!.a);
  });

  test('are drawn anew in every step of an inference session', async () => {
    const session = await buildInferenceSession(numbers(), { outputs: ['a'] });
    session.step({});
    const first = Array.from(await session.read('a'));
    session.step({});
    expect(Array.from(await session.read('a'))).not.toEqual(first);
    session.dispose();
  });

  test('need no state where none are drawn', () => {
    expect([...trace({ x: input([2]) }, ({ x }) => sum(x)).buffers.keys()]).toEqual([]);
    expect([...numbers().buffers.keys()]).toEqual(['random.step']);
  });

  test('dropout drops what its gradient drops, in training', async () => {
    const graph = trace({ x: input([400]) }, ({ x }) => {
      const w = namedParameter('w', [400]);
      const kept = dropout(mul(x, 1), { p: 0.25 });
      return { kept, loss: mean(mul(kept, w)) };
    });
    const session = await buildSession(graph, { optimizer: sgd({ learningRate: 1 }), gradients: true });
    session.step({ x: new Float32Array(400).fill(3) });
    const kept = await session.read('kept');
    expect(new Set(kept)).toEqual(new Set([0, 4]));
    const share = kept.filter((value) => value !== 0).length / 400;
    expect(Math.abs(share - 0.75)).toBeLessThan(0.08);
    expect(Array.from(await session.readGradient('w'))).toEqual(Array.from(kept, (value) => Math.fround(value / 400)));
    session.dispose();
  });

  test('a probability that is none is refused', () => {
    const traced = () => trace({ x: input([4]) }, ({ x }) => dropout(x, { p: 1.5 }));
    expect(traced).toThrow('dropoutAt: p must be in [0, 1], got 1.5');
  });
});
