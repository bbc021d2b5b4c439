import { wrongCount } from '../decompositions/counts.js';
import { hits, pairs, trailing } from '../decompositions/index-comparisons.js';
import { isFloat } from '../dtype.js';
import type { Builder } from '../generated/builder.js';
import type { OpAttributes } from '../generated/nodes.js';
import type { Node, TensorType } from '../graph.js';
import { defineMacro } from './define.js';

/** Elements that one sum over all pairs takes; longer dimensions are summed block by block. */
const BLOCK = 64;

/** Sums of the elements up to each one: over pairs within blocks, to which the sums of the blocks before are added. */
function cumsum(g: Builder<Node>, x: Node, axis: number): Node {
  const at = x.shape.length + axis;
  const size = x.shape[at]!;
  if (size <= BLOCK) return cumsumOfPairs(g, x, axis);
  const count = Math.ceil(size / BLOCK);
  const [front, back] = [x.shape.slice(0, at), x.shape.slice(at + 1)];
  const blocks = g.reshape(g.padAxis(x, axis, { high: count * BLOCK - size }), [...front, count, BLOCK, ...back]);
  const within = cumsumOfPairs(g, blocks, axis);
  const totals = g.squeeze(g.slice(within, axis, { start: BLOCK - 1 }), axis);
  const before = g.padAxis(cumsum(g, totals, axis), axis, { low: 1, high: -1 });
  const sums = g.reshape(g.add(within, g.unsqueeze(before, axis)), [...front, count * BLOCK, ...back]);
  return g.slice(sums, axis, { stop: size });
}

function cumsumOfPairs(g: Builder<Node>, x: Node, axis: number): Node {
  const { row, column } = pairs(g, x.shape.at(axis)!, axis);
  const upTo = g.where(g.lessEqual(column, row), g.unsqueeze(x, axis - 1), g.scalar(0, x));
  return g.sum(upTo, { axes: [axis] });
}

/** Where the extreme is, the first place if there are several. NaN counts as the extreme, as it does for max and min. */
function extremePlace(
  g: Builder<Node>,
  x: Node,
  { axis: given, keepdims }: OpAttributes['argmax'],
  extreme: 'max' | 'min',
): Node {
  const whole = given === undefined ? g.reshape(x, [-1]) : x;
  const axis = given ?? -1;
  const size = whole.shape.at(axis)!;
  const position = trailing(g, g.arange(size), -axis - 1);
  const count = g.scalar(size, position);
  const best = g[extreme](whole, { axes: [axis], keepdims: true });
  const places = g.where(g.equal(whole, best), position, count);
  // Places of NaN are negative, so that they are less than all others.
  const ranked = isFloat(x.dtype) ? g.where(g.isNan(whole), g.sub(position, count), places) : places;
  const least = g.min(ranked, { axes: [axis], keepdims: keepdims && given !== undefined });
  const place = g.where(g.less(least, g.scalar(0, least)), g.add(least, count), least);
  return given === undefined && keepdims ? g.reshape(place, x.shape.map(() => 1)) : place; // prettier-ignore
}

function nothingToSearch([x]: readonly TensorType[], { axis }: OpAttributes['argmax']): string | undefined {
  const isEmpty = axis === undefined ? x!.shape.includes(0) : x!.shape.at(axis) === 0;
  return isEmpty ? `[${x!.shape.join(', ')}] has no elements to search` : undefined;
}

/** u < v, where NaN is greater than all numbers. */
function isBelow(g: Builder<Node>, u: Node, v: Node): Node {
  if (!isFloat(u.dtype)) return g.less(u, v);
  return g.logicalOr(g.less(u, v), g.logicalAnd(g.isNan(v), g.logicalNot(g.isNan(u))));
}

/** The places of the first `count` elements in their order: element i comes after as many as come before it. */
function firstInOrder(g: Builder<Node>, x: Node, axis: number, descending: boolean, count: number): Node {
  const size = x.shape.at(axis)!;
  const { row, column } = pairs(g, size, axis);
  const [own, other] = [g.unsqueeze(x, axis), g.unsqueeze(x, axis - 1)];
  const goesBefore = descending ? isBelow(g, own, other) : isBelow(g, other, own);
  const goesAfter = descending ? isBelow(g, other, own) : isBelow(g, own, other);
  const isTieBefore = g.logicalAnd(g.less(column, row), g.logicalNot(goesAfter));
  const rank = g.sum(g.cast(g.logicalOr(goesBefore, isTieBefore), 'i32'), { axes: [axis] });
  const found = g.where(hits(g, rank, axis, count), column, g.scalar(0, column));
  return g.sum(found, { axes: [axis] });
}

const reduced = 'x[...s]:number, axis: axis?, keepdims: bool = false -> [...reduceAxis(s, axis, keepdims)]:i32';
const quadratic = 'Every element is compared with every other along the axis, n² comparisons for n elements.';

/** Sums, places and orders along one dimension. */
export const orderingOps = {
  cumsum: defineMacro({
    name: 'cumsum',
    signature: 'x[...s]:number, axis: axis -> [...s]',
    doc: 'Sums of the elements up to and including each one along `axis`.',
    // Sums of blocks may go through buffers, where 16 bits would cost digits.
    decompose: (g, [x], { axis }) =>
      isFloat(x.dtype) && x.dtype !== 'f32' ? g.cast(cumsum(g, g.cast(x, 'f32'), axis), x.dtype) : cumsum(g, x, axis),
    gradient: ({ g, upstream, attrs: { axis } }) => [
      g.flip(g.cumsum(g.flip(upstream, { axes: axis }), axis), { axes: axis }),
    ],
  }),
  argmax: defineMacro({
    name: 'argmax',
    signature: reduced,
    doc:
      'Index of the greatest element along `axis`, or in row-major order of all elements when it is left out; the first ' +
      'if there are several. NaN counts as the greatest.',
    check: nothingToSearch,
    decompose: (g, [x], attrs) => extremePlace(g, x, attrs, 'max'),
    gradient: 'none',
  }),
  argmin: defineMacro({
    name: 'argmin',
    signature: reduced,
    doc:
      'Index of the smallest element along `axis`, or in row-major order of all elements when it is left out; the first ' +
      'if there are several. NaN counts as the smallest.',
    check: nothingToSearch,
    decompose: (g, [x], attrs) => extremePlace(g, x, attrs, 'min'),
    gradient: 'none',
  }),
  argsort: defineMacro({
    name: 'argsort',
    signature: 'x[...s]:number, axis: axis = -1, descending: bool = false -> [...s]:i32',
    doc:
      'The indices that put the elements along `axis` in order: `gather` with them sorts. Equal elements keep their ' +
      `order; NaN is greater than all numbers. ${quadratic}`,
    decompose: (g, [x], { axis, descending }) => firstInOrder(g, x, axis, descending, x.shape.at(axis)!),
    gradient: 'none',
  }),
  topkIndices: defineMacro({
    name: 'topkIndices',
    signature: 'x[...s]:number, k: int, axis: axis = -1, largest: bool = true -> [...slide(s, axis, k)]:i32',
    doc:
      'The indices of the `k` largest elements along `axis`, the largest first, or of the `k` smallest; the first of ' +
      `equal ones goes first. NaN is greater than all numbers. ${quadratic}`,
    check: ([x], { k, axis }: OpAttributes['topkIndices']) => wrongCount('k', k, x!.shape, axis),
    decompose: (g, [x], { k, axis, largest }) => firstInOrder(g, x, axis, largest, k),
    gradient: 'none',
  }),
};
