import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { elementCount } from '../shape.js';
import type { OpAttributes, OpInputs } from '../generated/nodes.js';
import { scalar } from '../scalar.js';
import { defineMacro, defineReduction } from './define.js';
import type { GradientContext } from './record.js';

/** All reductions have the same attributes. */
type Context = GradientContext<OpAttributes['sum'], OpInputs['sum']>;

const rest = 'axes: axes?, keepdims: bool = false -> reduce(s, axes, keepdims)';
const signature = `x[...s]:number, ${rest}`;
const boolSignature = 'x[...s]:bool, axes: axes?, keepdims: bool = false -> [...reduce(s, axes, keepdims)]:bool';

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

/**
 * upstream · the product of the other elements, itself a product, so that it is right beside zeros: with the reduced
 * elements in one dimension of n, row i of an [n, n] tensor has a one in place of element i.
 */
function productGradient(context: Context): Node[] {
  const { g, inputs, upstream, attrs } = context;
  const [x] = inputs;
  const rank = x.shape.length;
  const kept = x.shape.map((_, axis) => axis - rank).filter((axis) => !attrs.axes.includes(axis));
  const order = [...kept, ...attrs.axes];
  const keptShape = kept.map((axis) => x.shape.at(axis)!);
  const count = elementCount(attrs.axes.map((axis) => x.shape.at(axis)!));
  const elements = g.reshape(g.permute(x, order), [...keptShape, count]);
  const position = g.arange(count);
  const isOwn = g.equal(g.unsqueeze(position, -1), position);
  const factors = g.where(isOwn, g.scalar(1, x), g.unsqueeze(elements, -2));
  const slopes = g.mul(g.prod(factors, { axes: -1 }), g.reshape(upstream, [...keptShape, 1]));
  const back = x.shape.map((_, axis) => order.indexOf(axis - rank));
  return [
    g.permute(
      g.reshape(
        slopes,
        order.map((axis) => x.shape.at(axis)!),
      ),
      back,
    ),
  ];
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
  prod: defineReduction({
    name: 'prod',
    signature,
    doc:
      'Product over `axes` (all when omitted). The gradient takes n² multiplications for n elements, and is right where ' +
      'some are 0.',
    initial: 1,
    combine: scalar.mul,
    hasIdentity: true,
    gradient: productGradient,
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
    doc: 'Greatest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.',
    initial: -Infinity,
    combine: scalar.maximum,
    hasIdentity: false,
    gradient: extremeGradient,
  }),
  min: defineReduction({
    name: 'min',
    signature,
    doc: 'Smallest element over `axes` (all when omitted), NaN if there is one; ties share the gradient.',
    initial: Infinity,
    combine: scalar.minimum,
    hasIdentity: false,
    gradient: extremeGradient,
  }),
  any: defineMacro({
    name: 'any',
    signature: boolSignature,
    doc: 'Whether some element is true, over `axes` (all when omitted).',
    decompose: (g, [x], over) => {
      const count = g.sum(g.cast(x, 'i32'), over);
      return g.notEqual(count, g.scalar(0, count));
    },
    gradient: 'none',
  }),
  all: defineMacro({
    name: 'all',
    signature: boolSignature,
    doc: 'Whether every element is true, over `axes` (all when omitted).',
    decompose: (g, [x], over) => {
      const count = g.sum(g.cast(g.logicalNot(x), 'i32'), over);
      return g.equal(count, g.scalar(0, count));
    },
    gradient: 'none',
  }),
};
