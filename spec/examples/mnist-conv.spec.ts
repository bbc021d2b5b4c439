import { describe, expect, test } from '@jest/globals';
import fs from 'node:fs';
import { ConvNet, traceConvNet } from '../../examples/mnist/convolutional.js';
import { curves } from '../../examples/mnist/show.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { runScript } from './run-script.js';

/** Not where the user's own results are. */
const OUT = 'out/spec-mnist-conv';

const runConv = (...args: string[]) => runScript('example:mnist-conv', '--out', OUT, ...args);

describe('examples/mnist-conv.ts', () => {
  test('has logits for each class, and the parameters that the results tell of', () => {
    const model = new ConvNet();
    expect(traceConvNet(model, 4).outputs.get('logits')!.shape).toEqual([4, 10]);
    expect(model.parameterCount()).toBe(9226);
  });

  test('says what is wrong with its arguments, in one line', () => {
    const { stderr, status } = runConv('--seeds', '1,two');
    expect({ stderr, status }).toEqual({ stderr: "--seeds must be a whole number, got 'two'\n", status: 1 });
  });

  // Half a minute for an epoch: in `npm run test:full`.
  (SHAPES_PER_OP >= 20 ? test : test.skip)('learns in an epoch already, and draws the curves of all runs', () => {
    fs.rmSync(OUT, { recursive: true, force: true });
    const { stdout, stderr, status } = runConv('--seeds', '4,5', '--epochs', '1');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(Number(/mean test accuracy: (\S+) %/.exec(stdout)![1])).toBeGreaterThan(80);
    expect(fs.readdirSync(OUT).sort()).toEqual(['curves.svg', 'seed-4.safetensors', 'seed-5.safetensors']);
    expect(fs.readFileSync(`${OUT}/curves.svg`, 'utf8')).toMatch(/seed 4, training[^]*seed 5, held out/);
  }, 600_000); // prettier-ignore
});

test('curves of several runs are told apart by their names', () => {
  const scores = { loss: 0.5, accuracy: 0.25 };
  const record = { epoch: 1, steps: 1, seconds: 1, samplesPerSecond: 1, train: scores };
  const { panels } = curves('Two', {
    'run 1,': { epochs: [{ ...record, validation: { loss: 0.4, accuracy: 0.5 } }], losses: [], seconds: 1 },
    'run 2,': { epochs: [record], losses: [], seconds: 1 },
  });
  expect(panels[1]!.series).toEqual([
    { name: 'run 1, training', points: [[1, 25]] },
    { name: 'run 1, held out', points: [[1, 50]] },
    { name: 'run 2, training', points: [[1, 25]] },
    { name: 'run 2, held out', points: [[1, NaN]] },
  ]);
});
