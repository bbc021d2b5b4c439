import * as m from '../../../lib/index.ts';
import { indicesBelow, normal } from '../inputs.mjs';

export const indexing = [
  {
    name: 'embedding, 1024 rows of [4096, 256]',
    inputs: { table: normal(4096, 256), index: indicesBelow(4096, 1024) },
    ours: ({ table, index }) => m.embedding(index, table),
    jax: ({ numpy }, { table, index }) => numpy.take(table, index, 0),
    tf: (tf, { table, index }) => tf.gather(table, index),
  },
  {
    // The gradient of an embedding: what jax-js cannot call scatter-add, it does as the gradient of take.
    name: 'scatter-add, 256 rows into [1024, 64]',
    inputs: { rows: normal(256, 64), index: indicesBelow(1024, 256) },
    ours: ({ rows, index }) => {
      const places = m.broadcastTo(m.reshape(index, [256, 1]), [256, 64]);
      return m.scatterAdd(m.full([1024, 64], 0), places, rows, 0);
    },
    jax: ({ grad, numpy }, { rows, index }) => {
      const taken = (table) => numpy.take(table, index, 0).mul(rows).sum();
      return grad(taken)(numpy.zeros([1024, 64]));
    },
    tf: (tf, { rows, index }) => tf.unsortedSegmentSum(rows, index, 1024),
  },
  {
    name: 'cumsum of rows [256, 1024]',
    inputs: { x: normal(256, 1024) },
    ours: ({ x }) => m.cumsum(x, -1),
    jax: ({ numpy }, { x }) => numpy.cumsum(x, -1),
    tf: (tf, { x }) => tf.cumsum(x, 1),
  },
  {
    name: 'places of the 16 largest of rows [64, 256]',
    inputs: { x: normal(64, 256) },
    ours: ({ x }) => m.topkIndices(x, 16),
    jax: ({ lax }, { x }) => {
      const [values, places] = lax.topK(x, 16);
      values.dispose();
      return places;
    },
    tf: (tf, { x }) => tf.topk(x, 16).indices,
  },
  {
    name: 'order of rows, descending [64, 256]',
    inputs: { x: normal(64, 256) },
    ours: ({ x }) => m.argsort(x, { descending: true }),
    jax: ({ numpy }, { x }) => numpy.argsort(x.neg(), -1),
    tf: (tf, { x }) => tf.topk(x, 256).indices,
  },
];

export const moving = [
  {
    name: 'transpose [1024, 512]',
    inputs: { x: normal(1024, 512) },
    ours: ({ x }) => m.transpose(x),
    jax: ({ numpy }, { x }) => numpy.transpose(x),
    tf: (tf, { x }) => tf.transpose(x),
  },
  {
    name: 'permute [8, 64, 16, 32] to [8, 16, 64, 32]',
    inputs: { x: normal(8, 64, 16, 32) },
    ours: ({ x }) => m.permute(x, [0, 2, 1, 3]),
    jax: ({ numpy }, { x }) => numpy.transpose(x, [0, 2, 1, 3]),
    tf: (tf, { x }) => tf.transpose(x, [0, 2, 1, 3]),
  },
  {
    name: 'concat of columns, [512, 256] and [512, 256]',
    inputs: { x: normal(512, 256), y: normal(512, 256) },
    ours: ({ x, y }) => m.concat([x, y], { axis: 1 }),
    jax: ({ numpy }, { x, y }) => numpy.concatenate([x, y], 1),
    tf: (tf, { x, y }) => tf.concat([x, y], 1),
  },
  {
    name: 'slice of columns, [512, 512] of [512, 1024]',
    inputs: { x: normal(512, 1024) },
    ours: ({ x }) => m.slice(x, 1, { start: 256, stop: 768 }),
    jax: (_, { x }) => x.slice([], [256, 768]),
    tf: (tf, { x }) => tf.slice(x, [0, 256], [512, 512]),
  },
  {
    name: 'pad [500, 500] to [512, 512]',
    inputs: { x: normal(500, 500) },
    ours: ({ x }) => m.pad(x, [6, 6, 6, 6]),
    jax: ({ numpy }, { x }) => numpy.pad(x, 6),
    tf: (tf, { x }) =>
      tf.pad(x, [
        [6, 6],
        [6, 6],
      ]),
  },
];
