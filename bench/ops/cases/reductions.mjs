import * as m from '../../../lib/index.ts';
import { indicesBelow, normal } from '../inputs.mjs';

const x = normal(256, 1024);

export const reductions = [
  {
    name: 'sum of all [1024, 1024]',
    inputs: { x: normal(1024, 1024) },
    ours: ({ x }) => m.sum(x),
    jax: ({ numpy }, { x }) => numpy.sum(x),
    tf: (tf, { x }) => tf.sum(x),
  },
  {
    name: 'sum of rows [1024, 1024]',
    inputs: { x: normal(1024, 1024) },
    ours: ({ x }) => m.sum(x, { axes: [-1] }),
    jax: ({ numpy }, { x }) => numpy.sum(x, -1),
    tf: (tf, { x }) => tf.sum(x, -1),
  },
  {
    name: 'sum of columns [1024, 1024]',
    inputs: { x: normal(1024, 1024) },
    ours: ({ x }) => m.sum(x, { axes: [0] }),
    jax: ({ numpy }, { x }) => numpy.sum(x, 0),
    tf: (tf, { x }) => tf.sum(x, 0),
  },
  {
    name: 'max of rows [1024, 1024]',
    inputs: { x: normal(1024, 1024) },
    ours: ({ x }) => m.max(x, { axes: [-1] }),
    jax: ({ numpy }, { x }) => numpy.max(x, -1),
    tf: (tf, { x }) => tf.max(x, -1),
  },
  {
    name: 'argmax of rows [256, 1024]',
    inputs: { x },
    ours: ({ x }) => m.argmax(x, { axis: -1 }),
    jax: ({ numpy }, { x }) => numpy.argmax(x, -1),
    tf: (tf, { x }) => tf.argMax(x, -1),
  },
];

export const normalizations = [
  {
    name: 'softmax [256, 1024]',
    inputs: { x },
    ours: ({ x }) => m.softmax(x),
    jax: ({ nn }, { x }) => nn.softmax(x, -1),
    tf: (tf, { x }) => tf.softmax(x),
  },
  {
    name: 'logsumexp of rows [256, 1024]',
    inputs: { x },
    ours: ({ x }) => m.logsumexp(x, { axes: [-1] }),
    jax: ({ nn }, { x }) => nn.logsumexp(x, -1),
    tf: (tf, { x }) => tf.logSumExp(x, -1),
  },
  {
    name: 'cross-entropy [256, 1024]',
    inputs: { x, labels: indicesBelow(1024, 256) },
    ours: ({ x, labels }) => m.crossEntropy(x, labels),
    jax: ({ nn }, { x, labels }) =>
      nn
        .logSoftmax(x, -1)
        .mul(nn.oneHot(labels, 1024))
        .sum()
        .mul(-1 / 256),
    tf: (tf, { x, labels }) => tf.losses.softmaxCrossEntropy(tf.oneHot(labels, 1024), x),
  },
  {
    name: 'layer norm [256, 1024]',
    inputs: { x, weight: normal(1024), bias: normal(1024) },
    ours: ({ x, weight, bias }) => m.layerNorm(x, weight, bias),
    jax: ({ nn }, { x, weight, bias }) => nn.standardize(x, -1, { epsilon: 1e-5 }).mul(weight).add(bias),
    tf: (tf, { x, weight, bias }) => {
      const { mean, variance } = tf.moments(x, -1, true);
      return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5))), weight), bias);
    },
  },
  {
    name: 'RMS norm [256, 1024]',
    inputs: { x, weight: normal(1024) },
    ours: ({ x, weight }) => m.rmsNorm(x, weight),
    jax: ({ numpy }, { x, weight }) => {
      const mean = numpy.mean(numpy.square(x.ref), -1, { keepdims: true });
      return x.div(numpy.sqrt(mean.add(1e-5))).mul(weight);
    },
    tf: (tf, { x, weight }) => tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), 1e-5))), weight),
  },
];
