import type { OpAttributes } from '../generated/nodes.js';
import { elementCount } from '../shape.js';
import { defineMacro } from './define.js';

export const normOps = {
  layerNorm: defineMacro({
    name: 'layerNorm',
    signature: 'x[...b n]:float, weight[n]:float, bias[n]:float, eps: float = 0.00001 -> [...b n]',
    doc: '(x − mean)/√(var + eps)·weight + bias over the last dimension (Ba et al. 2016, arXiv:1607.06450).',
    decompose: (g, [x, weight, bias], { eps }) => {
      const over = { axes: -1, keepdims: true };
      const shifted = g.sub(x, g.mean(x, over));
      const scale = g.rsqrt(g.add(g.mean(g.square(shifted), over), g.scalar(eps, x)));
      return g.add(g.mul(g.mul(shifted, scale), weight), bias);
    },
    gradient: 'decomposition',
  }),
  rmsNorm: defineMacro({
    name: 'rmsNorm',
    signature: 'x[...b n]:float, weight[n]:float, eps: float = 0.00001 -> [...b n]',
    doc: 'x/√(mean(x²) + eps)·weight over the last dimension (Zhang and Sennrich 2019, arXiv:1910.07467).',
    decompose: (g, [x, weight], { eps }) => {
      const meanSquare = g.mean(g.square(x), { axes: -1, keepdims: true });
      return g.mul(g.mul(x, g.rsqrt(g.add(meanSquare, g.scalar(eps, x)))), weight);
    },
    gradient: 'decomposition',
  }),
  groupNorm: defineMacro({
    name: 'groupNorm',
    signature: 'x[n c ...s]:float, weight[c]:float?, bias[c]:float?, groups: int, eps: float = 0.00001 -> [n c ...s]',
    doc:
      '(x − mean)/√(var + eps)·weight + bias over each of `groups` groups of channels with all their places (Wu and He ' +
      '2018, arXiv:1803.08494).',
    check: ([x], { groups }: OpAttributes['groupNorm']) => {
      const channels = x!.shape[1]!;
      if (groups < 1) return `groups must be at least 1, got ${groups}`;
      return channels % groups === 0 ? undefined : `${channels} channels do not divide into ${groups} groups`;
    },
    decompose: (g, [x, weight, bias], { groups, eps }) => {
      const [n, c, ...places] = x.shape as [number, number, ...number[]];
      const own = c / groups;
      const grouped = g.reshape(x, [n, groups, own, elementCount(places)]);
      const over = { axes: [-2, -1], keepdims: true };
      const shifted = g.sub(grouped, g.mean(grouped, over));
      const unit = g.mul(shifted, g.rsqrt(g.add(g.mean(g.square(shifted), over), g.scalar(eps, x))));
      const scaled = weight ? g.mul(unit, g.reshape(weight, [groups, own, 1])) : unit;
      const moved = bias ? g.add(scaled, g.reshape(bias, [groups, own, 1])) : scaled;
      return g.reshape(moved, x.shape);
    },
    gradient: 'decomposition',
  }),
  batchNorm: defineMacro({
    name: 'batchNorm',
    signature:
      'x[n c ...s]:float, mean[c]:float, variance[c]:float, weight[c]:float?, bias[c]:float?, eps: float = 0.00001 -> ' +
      '[n c ...s]',
    doc:
      '(x − mean)/√(variance + eps)·weight + bias, each of one number a channel (Ioffe and Szegedy 2015, ' +
      'arXiv:1502.03167). The statistics are those of the batch in training, running ones in evaluation.',
    decompose: (g, [x, mean, variance, weight, bias], { eps }) => {
      const ofChannels = [x.shape[1]!, ...x.shape.slice(2).map(() => 1)];
      const unit = g.rsqrt(g.add(variance, g.scalar(eps, x)));
      const scale = weight ? g.mul(unit, weight) : unit;
      const scaled = g.mul(g.sub(x, g.reshape(mean, ofChannels)), g.reshape(scale, ofChannels));
      return bias ? g.add(scaled, g.reshape(bias, ofChannels)) : scaled;
    },
    gradient: 'decomposition',
  }),
};
