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
    testCase({ x: input([6, 5, 8]), row: input([8]) }, ({ x, row }) => ({
      turned: op.add(op.permute(x, [2, 0, 1]), op.reshape(row, [8, 1, 1])),
      joined: op.concat([op.slice(op.flip(x, { axes: 1 }), 1, { stop: 3 }), op.mul(x, row)], { axis: 1 }),
      padded: op.pad(x, [1, 2, 0, 1], { mode: 'reflect' }),
    })),

  'sums and extremes': () =>
    testCase({ x: input([37, 300]) }, ({ x }) => ({
      rows: op.sum(x, { axes: 1 }),
      columns: op.mean(x, { axes: 0 }),
      all: op.sum(x),
      largest: op.max(x, { axes: 1 }),
      variances: op.variance(x, { axes: 0 }),
      running: op.cumsum(x, 1),
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

  attention: () =>
    testCase(
      { q: input([2, 4, 20, 16]), k: input([2, 2, 20, 16]), v: input([2, 2, 20, 16]), at: integers([20]) },
      ({ q, k, v, at }) => ({
        heads: op.scaledDotProductAttention(op.rope(q, at), op.rope(k, at), v, { causal: true }),
      }),
      { ranges: { at: [0, 1000] } },
    ),

  'convolutions and pools': () =>
    testCase({ x: input([2, 6, 15, 15]), w: input([6, 8, 3, 3]), g: input([6, 2, 3, 3]) }, ({ x, w, g }) => ({
      plain: op.conv2d(x, op.reshape(w, [8, 6, 3, 3]), { padding: 1 }),
      grouped: op.conv2d(x, g, { stride: 2, groups: 3 }),
      transposed: op.convTranspose2d(x, w, { stride: 2 }),
      largest: op.maxPool2d(x, 3, { stride: 2 }),
      means: op.avgPool2d(x, 2),
    })),

  'gathers and scatters': () =>
    testCase(
      { x: input([20, 12]), rows: integers([50]), source: input([50, 12]) },
      ({ x, rows, source }) => ({
        gathered: op.embedding(rows, x),
        added: op.scatterAdd(x, op.broadcastTo(op.reshape(rows, [50, 1]), [50, 12]), source, 0),
      }),
      { ranges: { rows: [0, 20] } },
    ),

  order: () =>
    testCase({ x: input([9, 70]) }, ({ x }) => ({
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
      { x: input([4, 3, 12, 12]), y: input([4, 5]) },
      ({ x, y }) => {
        const kernel = namedParameter('kernel', [8, 3, 3, 3], normal(0, 0.2));
        const features = op.maxPool2d(op.silu(op.conv2d(x, kernel, { padding: 1 })), 2);
        const guess = op.matmul(op.mean(features, { axes: [2, 3] }), namedParameter('weight', [8, 5], normal(0, 0.35)));
        return { loss: op.mseLoss(guess, y) };
      },
      { trains: true },
    ),

  'training attention': () =>
    testCase(
      { ids: integers([2, 12]) },
      ({ ids }) => {
        const embedding = namedParameter('embedding', [30, 16], normal());
        const x = op.rmsNorm(op.embedding(ids, embedding), namedParameter('gain', [16], ones()));
        const heads = op.permute(op.reshape(x, [2, 12, 2, 8]), [0, 2, 1, 3]);
        const seen = op.scaledDotProductAttention(heads, heads, heads, { causal: true });
        const y = op.add(x, op.reshape(op.permute(seen, [0, 2, 1, 3]), [2, 12, 16]));
        return { loss: op.mean(op.square(op.matmul(y, op.transpose(embedding)))) };
      },
      { trains: true, ranges: { ids: [0, 30] } },
    ),
};
