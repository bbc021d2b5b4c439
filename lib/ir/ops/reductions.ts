import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { elementCount } from '../shape.js';
import type { OpAttributes, OpInputs } from '../generated/nodes.js';
import { defineReduction, scalar, type GradientContext } from './define.js';

/** All reductions have the same attributes. */
type Context = GradientContext<OpAttributes['sum'], OpInputs['sum']>;

const rest = 'axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)';
const signature = `x[...s]:number, ${rest}`;

/** The reduced tensor with its lost dimensions back, as size 1, so that it broadcasts against the operand. */
function withReducedAxes(g: Builder<Node>, x: Node, { attrs }: Context): Node {
  if (attrs.keepdims) return x;
  // From the last axis backwards: each is counted from the end, where everything is in place already.
  return [...attrs.axes].reverse().reduce((y, axis) => g.unsqueeze(y, axis), x);
}

/** Each element's share is one for every element equal to the extreme: ties split the gradient evenly. */
function extremeGradient(context: Context): Node[] {
  const { g, inputs, output, upstream, attrs } = context;
  const x = inputs[0];
  const hits = g.equal(x, withReducedAxes(g, output, context));
  const share = g.where(hits, g.scalar(1, x), g.scalar(0, x));
  const count = g.sum(share, { axes: attrs.axes, keepdims: true });
  return [g.mul(g.div(share, count), withReducedAxes(g, upstream, context))];
}

export const reductionOps = {
  sum: defineReduction({
    name: 'sum',
    signature,
    doc: 'Sum over `axes` (all when omitted).',
    initial: 0,
    combine: scalar.add,
    hasIdentity: true,
    gradient: (context) => {
      const { g, inputs, upstream } = context;
      return [g.broadcastTo(withReducedAxes(g, upstream, context), inputs[0].shape)];
    },
  }),
  mean: defineReduction({
    name: 'mean',
    signature: `x[...s]:float, ${rest}`,
    doc: 'Arithmetic mean over `axes` (all when omitted).',
    initial: 0,
    combine: scalar.add,
    finish: scalar.div,
    hasIdentity: false,
    gradient: (context) => {
      const { g, inputs, upstream, output } = context;
      const x = inputs[0];
      const share = g.scalar(elementCount(output.shape) / elementCount(x.shape), x);
      return [g.broadcastTo(g.mul(withReducedAxes(g, upstream, context), share), x.shape)];
    },
  }),
  max: defineReduction({
    name: 'max',
    signature,
    doc: 'Greatest element over `axes` (all when omitted); ties share the gradient.',
    initial: -Infinity,
    combine: scalar.maximum,
    hasIdentity: false,
    gradient: extremeGradient,
  }),
  min: defineReduction({
    name: 'min',
    signature,
    doc: 'Smallest element over `axes` (all when omitted); ties share the gradient.',
    initial: Infinity,
    combine: scalar.minimum,
    hasIdentity: false,
    gradient: extremeGradient,
  }),
};
