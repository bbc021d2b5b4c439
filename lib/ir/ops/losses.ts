import { defineComposite } from './define.js';

export const lossOps = {
  softmax: defineComposite({
    name: 'softmax',
    signature: 'x[...s]:float, axis: axis = -1 -> [...s]',
    doc: 'eˣ/Σeˣ along `axis`, shifted by the maximum so that nothing overflows.',
    decompose: (g, [x], { axis }) => {
      const over = { axes: [axis], keepdims: true };
      const e = g.exp(g.sub(x, g.max(x, over)));
      return g.div(e, g.sum(e, over));
    },
    // (g − Σ g·y)·y: from the result alone.
    gradient: ({ g, output, upstream, attrs }) => {
      const total = g.sum(g.mul(upstream, output), { axes: attrs.axis, keepdims: true });
      return [g.mul(g.sub(upstream, total), output)];
    },
  }),
  logSoftmax: defineComposite({
    name: 'logSoftmax',
    signature: 'x[...s]:float, axis: axis = -1 -> [...s]',
    doc: 'log softmax(x) along `axis`, without the loss of digits that taking the logarithm would cost.',
    decompose: (g, [x], { axis }) => {
      const over = { axes: [axis], keepdims: true };
      const shifted = g.sub(x, g.max(x, over));
      return g.sub(shifted, g.log(g.sum(g.exp(shifted), over)));
    },
    // g − softmax(x)·Σ g.
    gradient: ({ g, inputs, upstream, attrs }) => {
      const axis = attrs.axis;
      const total = g.sum(upstream, { axes: axis, keepdims: true });
      return [g.sub(upstream, g.mul(g.softmax(inputs[0], { axis }), total))];
    },
  }),
  softmaxCrossEntropy: defineComposite({
    name: 'softmaxCrossEntropy',
    signature: 'logits[...b c]:float, target[...b]:i32<c -> [...b]',
    doc: '−log softmax(logits)[target] over the last dimension, one number a row; 0 for a target outside of it.',
    decompose: (g, [logits, target]) => {
      const hit = g.equal(g.unsqueeze(target, -1), g.arange(g.dim(logits, -1)));
      const picked = g.where(hit, g.logSoftmax(logits, { axis: -1 }), g.scalar(0, logits));
      return g.neg(g.sum(picked, { axes: [-1], keepdims: false }));
    },
    gradient: ({ g, inputs, upstream }) => [g.softmaxCrossEntropyGradient(inputs[0], inputs[1], upstream), null],
  }),
  softmaxCrossEntropyGradient: defineComposite({
    name: 'softmaxCrossEntropyGradient',
    signature: 'logits[...b c]:float, target[...b]:i32<c, upstream[...b]:float -> [...b c]',
    doc: '(softmax(logits) − oneHot(target))·upstream: the gradient of softmaxCrossEntropy in its logits.',
    decompose: (g, [logits, target, upstream]) => {
      const hit = g.equal(g.unsqueeze(target, -1), g.arange(g.dim(logits, -1)));
      const oneHot = g.where(hit, g.scalar(1, logits), g.scalar(0, logits));
      return g.mul(g.sub(g.softmax(logits, { axis: -1 }), oneHot), g.unsqueeze(upstream, -1));
    },
    gradient: 'decomposition',
  }),
};
