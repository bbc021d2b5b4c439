/** What the self-test computes: small graphs that between them need every kind of kernel. */
import { sort, topk } from '../../dsl/composed.js';
import { randomUniform } from '../../dsl/draw.js';
import * as op from '../../dsl/generated/ops.js';
import { normal, ones, zeros } from '../../dsl/init.js';
import { input } from '../../dsl/input.js';
import { namedParameter } from '../../dsl/trace-state.js';
import { integers, testCase, type SelfTestCase } from './test-case.js';

/** By what they are about; each is made when it is its turn. */
export const selfTestCases: Readonly<Record<string, () => SelfTestCase>> = {
  'functions of elements': () =>
    testCase({ x: input([1000]) }, ({ x }) => ({
      exponentials: op.add(op.exp(x), op.log(op.add(op.square(x), 1))),
      circles: op.mul(op.sin(op.mul(x, 20)), op.cos(op.mul(x, 20))),
      activations: op.add(op.add(op.tanh(x), op.erf(x)), op.add(op.gelu(x), op.silu(x))),
      choices: op.where(op.greater(x, 0), op.sqrt(op.abs(x)), op.div(x, 3)),
    })),

  'whole numbers': () =>
    testCase(
      { a: integers([500]), b: integers([500]) },
      ({ a, b }) => ({
        quotients: op.floorDivide(a, b),
        remainders: op.remainder(a, b),
        products: op.mul(op.mul(a, a), b),
        choices: op.where(op.less(a, b), a, op.cast(op.cast(b, 'f32'), 'i32')),
      }),
      { ranges: { a: [-1000, 1000], b: [1, 40] } },
    ),

  'views and broadcasts': () =>
    testCase(
      { x: input([6, 5, 8]), row: input([8]), at: integers([5]) },
      ({ x, row, at }) => ({
        turned: op.add(op.permute(x, [2, 0, 1]), op.reshape(row, [8, 1, 1])),
        joined: op.concat([op.slice(op.flip(x, { axes: 1 }), 1, { stop: 3 }), op.mul(x, row)], { axis: 1 }),
        padded: op.pad(x, [1, 2, 0, 1], { mode: 'reflect' }),
        rotated: op.rope(x, at),
      }),
      { ranges: { at: [0, 1000] } },
    ),

  'sums and extremes': () =>
    testCase({ x: input([13, 300]), few: input([5, 60]) }, ({ x, few }) => ({
      rows: op.sum(x, { axes: 1 }),
      columns: op.mean(op.reshape(x, [300, 13]), { axes: 0 }),
      all: op.sum(x),
      largest: op.max(x, { axes: 1 }),
      variances: op.variance(x, { axes: 0 }),
      running: op.cumsum(few, 1),
    })),

  products: () =>
    testCase(
      { a: input([128, 72]), b: input([72, 130]), v: input([1, 300]), w: input([300, 65]), c: input([4, 33, 40]) },
      ({ a, b, v, w, c }) => ({
        tiled: op.relu(op.matmul(a, b)),
        turned: op.matmul(op.transpose(a), a),
        vector: op.matmul(v, w),
        batched: op.matmul(c, op.transpose(c)),
        odd: op.matmul(op.slice(a, 0, { stop: 7 }), op.slice(b, 1, { stop: 3 })),
      }),
    ),

  'softmax and norms': () =>
    testCase({ x: input([24, 200]), weight: input([200]) }, ({ x, weight }) => ({
      softmax: op.softmax(op.mul(x, 5)),
      logSoftmax: op.logSoftmax(x),
      layerNorm: op.layerNorm(x, weight, weight),
      rmsNorm: op.rmsNorm(x, weight),
    })),

  'convolutions and pools': () =>
    testCase({ x: input([1, 6, 11, 11]), w: input([6, 8, 3, 3]), g: input([6, 2, 3, 3]) }, ({ x, w, g }) => ({
      grouped: op.conv2d(x, g, { stride: 2, groups: 3 }),
      transposed: op.convTranspose2d(x, w, { stride: 2 }),
      largest: op.maxPool2d(x, 3, { stride: 2 }),
      means: op.avgPool2d(x, 2),
    })),

  'gathers and scatters': () =>
    testCase(
      { x: input([20, 12]), rows: integers([50]), source: input([50, 12]) },
      ({ x, rows, source }) => {
        const gathered = op.embedding(rows, namedParameter('table', [20, 12], normal()));
        const added = op.scatterAdd(x, op.broadcastTo(op.reshape(rows, [50, 1]), [50, 12]), source, 0);
        return { gathered, added, loss: op.mean(op.mul(gathered, source)) };
      },
      { trains: true, ranges: { rows: [0, 20] } },
    ),

  order: () =>
    testCase({ x: input([5, 40]) }, ({ x }) => ({
      sorted: sort(x).values,
      largest: topk(x, 5).values,
      places: op.argmax(x, { axis: 0 }),
    })),

  'half precision': () =>
    testCase({ x: input([40, 64]), y: input([64, 32]) }, ({ x, y }) => ({
      f16: op.matmul(op.cast(x, 'f16'), op.cast(y, 'f16')),
      bf16: op.mul(op.cast(x, 'bf16'), 1.5),
    })),

  'random numbers': () => testCase({}, () => ({ uniform: randomUniform([1000]) })),

  'training a perceptron': () =>
    testCase(
      { x: input([32, 50]), labels: integers([32]) },
      ({ x, labels }) => {
        const hidden = op.linear(x, namedParameter('up', [64, 50], normal(0, 0.14)), namedParameter('bias', [64]));
        const gain = namedParameter('gain', [64], ones());
        const normed = op.layerNorm(op.relu(hidden), gain, namedParameter('shift', [64], zeros()));
        const logits = op.linear(
          normed,
          namedParameter('down', [10, 64], normal(0, 0.12)),
          namedParameter('end', [10]),
        );
        return { loss: op.crossEntropy(logits, labels) };
      },
      { trains: true },
    ),

  'training a convolution': () =>
    testCase(
      { x: input([2, 3, 10, 10]) },
      ({ x }) => {
        const kernel = namedParameter('kernel', [8, 3, 3, 3], normal(0, 0.2));
        return { loss: op.mean(op.square(op.maxPool2d(op.silu(op.conv2d(x, kernel, { padding: 1 })), 2))) };
      },
      { trains: true },
    ),

  'training attention': () =>
    testCase(
      {},
      () => {
        const q = namedParameter('queries', [2, 4, 12, 8], normal());
        const k = namedParameter('keys', [2, 2, 12, 8], normal());
        const v = namedParameter('values', [2, 2, 12, 8], normal());
        const heads = op.scaledDotProductAttention(q, k, v, { causal: true });
        return { heads, loss: op.mean(op.square(heads)) };
      },
      { trains: true },
    ),
};
