import * as m from '../../../lib/index.ts';
import { indicesBelow, normal } from '../inputs.mjs';

const transposed = (numpy, x) => numpy.matrixTranspose(x);

const square = (size) => ({
  name: `matmul [${size}, ${size}] · [${size}, ${size}]`,
  inputs: { a: normal(size, size), b: normal(size, size) },
  ours: ({ a, b }) => m.matmul(a, b),
  jax: ({ numpy }, { a, b }) => numpy.matmul(a, b),
  tf: (tf, { a, b }) => tf.matMul(a, b),
});

const heads = { q: normal(2, 4, 64, 32), k: normal(2, 4, 64, 32), v: normal(2, 4, 64, 32) };
const scale = 1 / Math.sqrt(32);
/** jax-js takes [batch, position, head, size]. */
const positionsFirst = { q: [0, 2, 1, 3], k: [0, 2, 1, 3], v: [0, 2, 1, 3], result: [0, 2, 1, 3] };

export const products = [
  square(256),
  square(512),
  {
    name: 'x · wᵀ, [8, 1024] · [1024, 1024]ᵀ',
    inputs: { x: normal(8, 1024), w: normal(1024, 1024) },
    ours: ({ x, w }) => m.matmul(x, m.transpose(w)),
    jax: ({ numpy }, { x, w }) => numpy.matmul(x, transposed(numpy, w)),
    tf: (tf, { x, w }) => tf.matMul(x, w, false, true),
  },
  {
    name: 'x · wᵀ, [1, 1024] · [1024, 1024]ᵀ',
    inputs: { x: normal(1, 1024), w: normal(1024, 1024) },
    ours: ({ x, w }) => m.matmul(x, m.transpose(w)),
    jax: ({ numpy }, { x, w }) => numpy.matmul(x, transposed(numpy, w)),
    tf: (tf, { x, w }) => tf.matMul(x, w, false, true),
  },
  {
    name: 'xᵀ · y, [64, 784]ᵀ · [64, 128]',
    inputs: { x: normal(64, 784), y: normal(64, 128) },
    ours: ({ x, y }) => m.matmul(m.transpose(x), y),
    jax: ({ numpy }, { x, y }) => numpy.matmul(transposed(numpy, x), y),
    tf: (tf, { x, y }) => tf.matMul(x, y, true, false),
  },
  {
    name: 'relu(x · wᵀ + b), [64, 784] · [128, 784]ᵀ',
    inputs: { x: normal(64, 784), w: normal(128, 784), b: normal(128) },
    ours: ({ x, w, b }) => m.relu(m.linear(x, w, b)),
    jax: ({ nn, numpy }, { x, w, b }) => nn.relu(numpy.matmul(x, transposed(numpy, w)).add(b)),
    tf: (tf, { x, w, b }) =>
      tf.fused.matMul({ a: x, b: w, transposeA: false, transposeB: true, bias: b, activation: 'relu' }),
  },
  {
    name: 'matmul [16, 128, 64] · [16, 64, 128]',
    inputs: { a: normal(16, 128, 64), b: normal(16, 64, 128) },
    ours: ({ a, b }) => m.matmul(a, b),
    jax: ({ numpy }, { a, b }) => numpy.matmul(a, b),
    tf: (tf, { a, b }) => tf.matMul(a, b),
  },
  {
    name: 'attention [2, 4, 64, 32]',
    inputs: heads,
    layouts: { jax: positionsFirst },
    ours: ({ q, k, v }) => m.scaledDotProductAttention(q, k, v),
    jax: ({ nn }, { q, k, v }) => nn.dotProductAttention(q, k, v),
    tf: (tf, { q, k, v }) => tf.matMul(tf.softmax(tf.mul(tf.matMul(q, k, false, true), scale)), v),
  },
  {
    name: 'attention, causal [2, 4, 64, 32]',
    inputs: heads,
    layouts: { jax: positionsFirst },
    ours: ({ q, k, v }) => m.scaledDotProductAttention(q, k, v, { causal: true }),
    jax: ({ nn }, { q, k, v }) => nn.dotProductAttention(q, k, v, { isCausal: true }),
    tf: (tf, { q, k, v }) => {
      const logits = tf.mul(tf.matMul(q, k, false, true), scale);
      const mask = tf.linalg.bandPart(tf.ones([64, 64]), -1, 0);
      const masked = tf.where(tf.cast(tf.broadcastTo(mask, logits.shape), 'bool'), logits, tf.fill(logits.shape, -1e9));
      return tf.matMul(tf.softmax(masked), v);
    },
  },
];

export const training = [
  {
    name: 'perceptron 256-128-10, batch 64: loss and gradients',
    inputs: {
      x: normal(64, 256),
      labels: indicesBelow(10, 64),
      w1: normal(256, 128),
      b1: normal(128),
      w2: normal(128, 10),
      b2: normal(10),
    },
    gradients: ['w1', 'b1', 'w2', 'b2'],
    ours: ({ x, labels, w1, b1, w2, b2 }) => {
      const hidden = m.tanh(m.add(m.matmul(x, w1), b1));
      return m.crossEntropy(m.add(m.matmul(hidden, w2), b2), labels);
    },
    jax: ({ nn, numpy }, { x, labels, w1, b1, w2, b2 }) => {
      const hidden = numpy.tanh(numpy.matmul(x, w1).add(b1));
      return nn
        .logSoftmax(numpy.matmul(hidden, w2).add(b2))
        .mul(nn.oneHot(labels, 10))
        .sum()
        .mul(-1 / 64);
    },
    tf: (tf, { x, labels, w1, b1, w2, b2 }) => {
      const hidden = tf.tanh(tf.add(tf.matMul(x, w1), b1));
      return tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 10), tf.add(tf.matMul(hidden, w2), b2));
    },
  },
];
