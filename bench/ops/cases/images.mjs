import * as m from '../../../lib/index.ts';
import { normal } from '../inputs.mjs';

/** tfjs computes on channels-last images, with kernels [height, width, in, out]. */
const channelsLast = { x: [0, 2, 3, 1], w: [2, 3, 1, 0], result: [0, 3, 1, 2] };

const convolution = ({ name, x, w, stride = 1, padding = 0 }) => ({
  name,
  inputs: { x: normal(...x), w: normal(...w) },
  layouts: { tf: channelsLast },
  ours: ({ x, w }) => m.conv2d(x, w, { stride, padding }),
  jax: ({ lax }, { x, w }) =>
    lax.conv(
      x,
      w,
      [stride, stride],
      [
        [padding, padding],
        [padding, padding],
      ],
    ),
  tf: (tf, { x, w }) => tf.conv2d(x, w, stride, padding),
});

export const images = [
  convolution({
    name: 'conv 3×3, 32 → 32 channels, [1, 32, 32, 32]',
    x: [1, 32, 32, 32],
    w: [32, 32, 3, 3],
    padding: 1,
  }),
  convolution({ name: 'conv 1×1, 64 → 64 channels, [1, 64, 32, 32]', x: [1, 64, 32, 32], w: [64, 64, 1, 1] }),
  convolution({
    name: 'conv 7×7, stride 2, 3 → 16 channels, [1, 3, 64, 64]',
    x: [1, 3, 64, 64],
    w: [16, 3, 7, 7],
    stride: 2,
    padding: 3,
  }),
  {
    name: 'depthwise conv 3×3 [1, 64, 32, 32]',
    inputs: { x: normal(1, 64, 32, 32), w: normal(64, 1, 3, 3) },
    // tfjs has the channels third: [height, width, channel, multiplier].
    layouts: { tf: { ...channelsLast, w: [2, 3, 0, 1] } },
    ours: ({ x, w }) => m.conv2d(x, w, { padding: 1, groups: 64 }),
    jax: ({ lax }, { x, w }) => lax.convGeneralDilated(x, w, [1, 1], 'SAME', { featureGroupCount: 64 }),
    tf: (tf, { x, w }) => tf.depthwiseConv2d(x, w, 1, 1),
  },
  {
    name: 'max pool 2×2 [4, 32, 64, 64]',
    inputs: { x: normal(4, 32, 64, 64) },
    layouts: { tf: channelsLast },
    ours: ({ x }) => m.maxPool2d(x, 2),
    jax: ({ lax, numpy }, { x }) => lax.reduceWindow(x, (window) => numpy.max(window), [2, 2], [2, 2]),
    tf: (tf, { x }) => tf.maxPool(x, 2, 2, 0),
  },
  {
    name: 'average pool 3×3, stride 2 [4, 32, 64, 64]',
    inputs: { x: normal(4, 32, 64, 64) },
    layouts: { tf: channelsLast },
    ours: ({ x }) => m.avgPool2d(x, 3, { stride: 2 }),
    jax: ({ lax, numpy }, { x }) => lax.reduceWindow(x, (window) => numpy.mean(window), [3, 3], [2, 2]),
    tf: (tf, { x }) => tf.avgPool(x, 3, 2, 0),
  },
];
