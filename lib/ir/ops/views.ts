import { contiguousStrides, elementCount, type Shape } from '../shape.js';
import { defineSource, defineView } from './define.js';
import type { IndexAlgebra } from './record.js';

/** Neighbouring dimensions of one shape that hold the elements of neighbouring dimensions of another. */
interface Run {
  /** The first of them in the result, and one past the last. */
  readonly to: number;
  readonly toEnd: number;
  /** Sizes in the operand. */
  readonly sizes: Shape;
  readonly strides: readonly number[];
  readonly toStrides: readonly number[];
}

const knownRuns = new WeakMap<Shape, WeakMap<Shape, readonly Run[]>>();

/** {@link findRuns} of shapes that are asked for again and again: whoever reads an element through a view asks. */
function alignedRuns(from: Shape, to: Shape): readonly Run[] {
  let ofFrom = knownRuns.get(from);
  if (!ofFrom) knownRuns.set(from, (ofFrom = new WeakMap()));
  let runs = ofFrom.get(to);
  if (!runs) ofFrom.set(to, (runs = findRuns(from, to)));
  return runs;
}

/**
 * The shortest runs of dimensions that two shapes of as many elements have in common. An index is then taken apart within
 * a run only: a dimension that stays keeps its index, even one outside of the tensor that a mask replaces.
 */
function findRuns(from: Shape, to: Shape): Run[] {
  const run = (first: number, end: number, toFirst: number, toEnd: number): Run => {
    const sizes = from.slice(first, end);
    const toStrides = contiguousStrides(to.slice(toFirst, toEnd));
    return { to: toFirst, toEnd, sizes, strides: contiguousStrides(sizes), toStrides };
  };
  if (elementCount(from) === 0) return [run(0, from.length, 0, to.length)];
  const runs: Run[] = [];
  for (let [i, j] = [0, 0]; i < from.length || j < to.length;) {
    const [first, toFirst] = [i, j];
    let [a, b] = [from[i] ?? 1, to[j] ?? 1];
    // A dimension of size 1 that only one of them has is a run of its own.
    if (a === b || a !== 1) j = Math.min(j + 1, to.length);
    if (a === b || b !== 1) i = Math.min(i + 1, from.length);
    while (a !== b && a !== 1 && b !== 1) {
      if (a < b) a *= from[i++]!;
      else b *= to[j++]!;
    }
    runs.push(run(first, i, toFirst, j));
  }
  return runs;
}

function sourceOfRun<I>(algebra: IndexAlgebra<I>, index: readonly I[], { to, toEnd, sizes, strides, toStrides }: Run) {
  if (sizes.length === 1 && toEnd === to + 1) return [index[to]!];
  let linear = algebra.constant(0);
  for (let axis = to; axis < toEnd; axis++) {
    linear = algebra.add(linear, algebra.multiply(index[axis]!, toStrides[axis - to]!));
  }
  return strides.map((stride, axis) => algebra.modulo(algebra.divide(linear, stride), sizes[axis]!));
}

export const viewOps = {
  reshape: defineView({
    name: 'reshape',
    signature: 'x[...s], shape: shape -> reshape(s, shape)',
    doc: 'The same elements in row-major order under another shape; one size may be -1.',
    source: (algebra, index, from, to) => alignedRuns(from, to).flatMap((run) => sourceOfRun(algebra, index, run)),
    canonical: (_, _from, shape) => ({ shape }),
    gradient: ({ g, inputs, upstream }) => [g.reshape(upstream, inputs[0].shape)],
  }),
  permute: defineView({
    name: 'permute',
    signature: 'x[...s], axes: permutation -> permute(s, axes)',
    doc: 'Dimension i of the result is dimension axes[i] of x.',
    source(algebra, index, from, _to, attrs) {
      const { axes } = attrs;
      return from.map((_, axis) => index[axes.indexOf(axis - from.length)] ?? algebra.constant(0));
    },
    gradient: ({ g, inputs, upstream, attrs }) => {
      const { axes } = attrs;
      return [
        g.permute(
          upstream,
          inputs[0].shape.map((_, axis) => axes.indexOf(axis - axes.length)),
        ),
      ];
    },
  }),
  transpose: defineView({
    name: 'transpose',
    signature: 'x[...b m n] -> [...b n m]',
    doc: 'Swaps the last two dimensions.',
    source: (_, index) => [...index.slice(0, -2), index.at(-1)!, index.at(-2)!],
    gradient: ({ g, upstream }) => [g.transpose(upstream)],
  }),
  unsqueeze: defineView({
    name: 'unsqueeze',
    signature: 'x[...s], axis: newAxis -> unsqueeze(s, axis)',
    doc: 'Inserts a dimension of size 1 that is dimension `axis` of the result.',
    source(_algebra, index, from, _to, attrs) {
      const at = from.length + 1 + attrs.axis;
      return index.filter((_, axis) => axis !== at);
    },
    gradient: ({ g, upstream, attrs }) => [g.squeeze(upstream, attrs.axis)],
  }),
  squeeze: defineView({
    name: 'squeeze',
    signature: 'x[...s], axis: axis -> squeeze(s, axis)',
    doc: 'Removes dimension `axis`, which must have size 1.',
    source(algebra, index, from, _to, attrs) {
      const at = from.length + attrs.axis;
      return [...index.slice(0, at), algebra.constant(0), ...index.slice(at)];
    },
    gradient: ({ g, upstream, attrs }) => [g.unsqueeze(upstream, attrs.axis)],
  }),
  broadcastTo: defineView({
    name: 'broadcastTo',
    signature: 'x[...s], shape: shape -> broadcastTo(s, shape)',
    doc: 'x repeated along dimensions that are missing or have size 1, as NumPy broadcasts.',
    source: (algebra, index, from) =>
      from.map((size, axis) => (size === 1 ? algebra.constant(0) : index.at(axis - from.length)!)),
    canonical: (_, _from, shape) => ({ shape }),
    // Autodiff sums the gradient back to the operand's shape, here as for every broadcast.
    gradient: ({ upstream }) => [upstream],
  }),
  stopGradient: defineView({
    name: 'stopGradient',
    signature: 'x[...s] -> [...s]',
    doc: 'x itself, as a constant to differentiation.',
    source: (_, index) => [...index],
    gradient: 'none',
  }),
};

export const sourceOps = {
  arange: defineSource({
    name: 'arange',
    signature: 'count: int -> [count]:i32',
    doc: '0, 1, …, count − 1.',
    expression: (index) => index,
  }),
};
