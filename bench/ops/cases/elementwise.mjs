import * as m from '../../../lib/index.ts';
import { normal } from '../inputs.mjs';

/** x/2·(1 + tanh(√(2/π)·(x + 0.044715x³))), which tfjs has no operation for. */
const geluOf = (tf, x) => {
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.mul(x, x)))));
  return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
};

const unary = (name) => ({
  name: `${name} [512, 512]`,
  inputs: { x: normal(512, 512) },
  ours: ({ x }) => m[name](x),
  jax: ({ numpy }, { x }) => numpy[name](x),
  tf: (tf, { x }) => tf[name](x),
});

export const elementwise = [
  {
    name: 'x·y + z [512, 512]',
    inputs: { x: normal(512, 512), y: normal(512, 512), z: normal(512, 512) },
    ours: ({ x, y, z }) => m.add(m.mul(x, y), z),
    jax: (_, { x, y, z }) => x.mul(y).add(z),
    tf: (tf, { x, y, z }) => tf.add(tf.mul(x, y), z),
  },
  {
    name: 'add [512, 512] + [512]',
    inputs: { x: normal(512, 512), y: normal(512) },
    ours: ({ x, y }) => m.add(x, y),
    jax: (_, { x, y }) => x.add(y),
    tf: (tf, { x, y }) => tf.add(x, y),
  },
  {
    name: 'add [512, 512] + [512, 1]',
    inputs: { x: normal(512, 512), y: normal(512, 1) },
    ours: ({ x, y }) => m.add(x, y),
    jax: (_, { x, y }) => x.add(y),
    tf: (tf, { x, y }) => tf.add(x, y),
  },
  unary('exp'),
  unary('tanh'),
  {
    name: 'gelu(x·a + b), by tanh [512, 512]',
    inputs: { x: normal(512, 512), a: normal(512), b: normal(512) },
    ours: ({ x, a, b }) => m.geluTanh(m.add(m.mul(x, a), b)),
    jax: ({ nn }, { x, a, b }) => nn.gelu(x.mul(a).add(b), { approximate: true }),
    tf: (tf, { x, a, b }) => geluOf(tf, tf.add(tf.mul(x, a), b)),
  },
];
