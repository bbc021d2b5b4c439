import type { GraphBuilder } from '../../lib/ir/build.js';
import type { Node } from '../../lib/ir/graph.js';

/** Layers as a model's author may write them: by name, or from primitives only. */
export interface Spelling {
  /** Over the last dimension, [...b, n] with a weight [n]. */
  rmsNorm(x: Node, weight: Node): Node;
  /** Over the last dimension, [...b, n] with weight and bias [n]. */
  layerNorm(x: Node, weight: Node, bias: Node): Node;
  /** Over groups of channels, [n, c, h, w] with weight and bias [c]. */
  groupNorm(x: Node, weight: Node, bias: Node, groups: number): Node;
  /** x·weightᵀ + bias, the weight [out, in]. */
  linear(x: Node, weight: Node, bias: Node): Node;
  silu(x: Node): Node;
  gelu(x: Node): Node;
  geluTanh(x: Node): Node;
  /** Of heads, [b, h, t, d]; keys and values may have fewer of them. */
  attention(q: Node, k: Node, v: Node, causal: boolean): Node;
  /** Of heads [b, h, t, d] at the positions 0, 1, …, t − 1. */
  rope(x: Node): Node;
  /** The mean over rows, logits [t, classes] and targets [t]. */
  crossEntropy(logits: Node, target: Node): Node;
}

const EPS = 1e-5;

/** Each layer is one operation of the op table. */
export function named({ g }: GraphBuilder): Spelling {
  return {
    rmsNorm: (x, weight) => g.rmsNorm(x, weight, { eps: EPS }),
    layerNorm: (x, weight, bias) => g.layerNorm(x, weight, bias, { eps: EPS }),
    groupNorm: (x, weight, bias, groups) => g.groupNorm(x, groups, { weight, bias, eps: EPS }),
    linear: (x, weight, bias) => g.linear(x, weight, bias),
    silu: (x) => g.silu(x),
    gelu: (x) => g.gelu(x),
    geluTanh: (x) => g.geluTanh(x),
    attention: (q, k, v, causal) => g.scaledDotProductAttention(q, k, v, { causal }),
    rope: (x) => g.rope(x, g.arange(x.shape.at(-2)!)),
    crossEntropy: (logits, target) => g.mean(g.softmaxCrossEntropy(logits, target)),
  };
}

/** The same from primitives: arithmetic, means, sums, softmax, products, slices and joins. */
export function spelled({ g }: GraphBuilder): Spelling {
  const normalized = (x: Node, axes: readonly number[]) => {
    const over = { axes, keepdims: true };
    const mean = g.mean(x, over);
    const variance = g.mean(g.square(g.sub(x, mean)), over);
    return g.div(g.sub(x, mean), g.sqrt(g.add(variance, g.scalar(EPS, x))));
  };
  const repeated = (x: Node, heads: number) => {
    const [b, groups, t, d] = x.shape as [number, number, number, number];
    const times = heads / groups;
    return times === 1 ? x : g.reshape(g.broadcastTo(g.unsqueeze(x, 2), [b, groups, times, t, d]), [b, heads, t, d]);
  };
  return {
    rmsNorm(x, weight) {
      const meanSquare = g.mean(g.mul(x, x), { axes: -1, keepdims: true });
      return g.mul(weight, g.mul(x, g.rsqrt(g.add(meanSquare, g.scalar(EPS, x)))));
    },
    layerNorm: (x, weight, bias) => g.add(g.mul(normalized(x, [-1]), weight), bias),
    groupNorm(x, weight, bias, groups) {
      const [n, c, h, w] = x.shape as [number, number, number, number];
      const rows = normalized(g.reshape(x, [n, groups, (c / groups) * h * w]), [-1]);
      const ofChannels = (y: Node) => g.reshape(y, [1, c, 1, 1]);
      return g.add(g.mul(g.reshape(rows, x.shape), ofChannels(weight)), ofChannels(bias));
    },
    linear: (x, weight, bias) => g.add(g.matmul(x, g.transpose(weight)), bias),
    silu: (x) => g.mul(x, g.sigmoid(x)),
    gelu(x) {
      const one = g.add(g.erf(g.div(x, g.scalar(Math.SQRT2, x))), g.scalar(1, x));
      return g.mul(g.mul(x, g.scalar(0.5, x)), one);
    },
    geluTanh(x) {
      const cube = g.mul(g.mul(x, x), x);
      const inner = g.mul(g.scalar(Math.sqrt(2 / Math.PI), x), g.add(x, g.mul(g.scalar(0.044715, x), cube)));
      return g.mul(g.mul(g.scalar(0.5, x), x), g.add(g.scalar(1, x), g.tanh(inner)));
    },
    attention(q, k, v, causal) {
      const [, heads, queries, size] = q.shape as [number, number, number, number];
      const [keys, values] = [repeated(k, heads), repeated(v, heads)];
      const scores = g.div(g.matmul(q, g.transpose(keys)), g.scalar(Math.sqrt(size), q));
      if (!causal) return g.matmul(g.softmax(scores, { axis: -1 }), values);
      const row = g.reshape(g.arange(queries), [queries, 1]);
      const masked = g.where(g.lessEqual(g.arange(k.shape.at(-2)!), row), scores, g.scalar(-1e9, scores));
      return g.matmul(g.softmax(masked, { axis: -1 }), values);
    },
    rope(x) {
      const [, , t, d] = x.shape as [number, number, number, number];
      const half = d / 2;
      const table = (part: 'cos' | 'sin') => {
        const angles = g.rotaryTable(g.arange(t), d, part);
        return g.concat([angles, angles], { axis: -1 });
      };
      const [a, b] = [g.slice(x, -1, { stop: half }), g.slice(x, -1, { start: half })];
      const rotated = g.concat([g.neg(b), a], { axis: -1 });
      return g.add(g.mul(x, table('cos')), g.mul(rotated, table('sin')));
    },
    crossEntropy(logits, target) {
      const hit = g.equal(g.unsqueeze(target, -1), g.arange(logits.shape.at(-1)!));
      const logProbabilities = g.sub(logits, g.logsumexp(logits, { axes: -1, keepdims: true }));
      const own = g.where(hit, logProbabilities, g.scalar(0, logits));
      return g.neg(g.mean(g.sum(own, { axes: -1 })));
    },
  };
}
