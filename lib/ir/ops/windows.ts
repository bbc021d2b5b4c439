import { holds } from '../dtype.js';
import type { OpAttributes } from '../generated/nodes.js';
import type { Shape } from '../shape.js';
import { defineView } from './define.js';
import type { IndexAlgebra } from './record.js';

/**
 * Views along one dimension that take a part, or spread it: what slices, padding, convolutions and pools are made of.
 * Where a view has elements that its operand has not, a mask says so and gives their value.
 */
export const windowOps = {
  slice: defineView({
    name: 'slice',
    signature: 'x[...s], axis: axis, start: int = 0, stop: int?, step: int = 1 -> slice(s, axis, start, stop, step)',
    doc:
      'Elements start, start + step, … before stop along `axis`, as in Python: negative bounds count from the end, ' +
      'bounds past the ends mean the ends. `step` is at least 1; see `flip` for the other direction.',
    source: (algebra, index, from, _to, { axis, start, step }) =>
      index.map((i, d) =>
        d === from.length + axis ? algebra.add(algebra.multiply(i, step), algebra.constant(start)) : i,
      ),
    canonical: ({ axis, start, step }, from, to) => {
      const first = sliceStart(from.at(axis)!, start);
      return { axis, start: first, stop: first + to.at(axis)! * step, step };
    },
    gradient: ({ g, inputs: [x], upstream, attrs: { axis, start, step } }) => {
      const count = upstream.shape.at(axis)!;
      const high = x.shape.at(axis)! - start - (count === 0 ? 0 : (count - 1) * step + 1);
      return [g.padAxis(upstream, axis, { low: start, high, interior: step - 1 })];
    },
  }),
  flip: defineView({
    name: 'flip',
    signature: 'x[...s], axes: axes? -> [...s]',
    doc: 'The elements in reverse order along `axes` (all when omitted).',
    source: (algebra, index, from, _to, { axes }) =>
      index.map((i, d) =>
        axes.includes(d - from.length) ? algebra.add(algebra.constant(from[d]! - 1), algebra.multiply(i, -1)) : i,
      ),
    gradient: ({ g, upstream, attrs }) => [g.flip(upstream, attrs)],
  }),
  padAxis: defineView({
    name: 'padAxis',
    signature:
      'x[...s], axis: axis, low: int = 0, high: int = 0, interior: int = 0, value: float = 0 -> ' +
      'padAxis(s, axis, low, high, interior)',
    doc:
      '`low` elements of `value` before x along `axis`, `high` after it and `interior` between any two of its ' +
      'elements; negative `low` and `high` take elements away.',
    check: ([x], { value }: OpAttributes['padAxis']) =>
      holds(x!.dtype, value) ? undefined : `value ${value} is no ${x!.dtype}`,
    source: (algebra, index, from, _to, { axis, low, interior }) =>
      index.map((i, d) =>
        d === from.length + axis ? algebra.divide(algebra.add(i, algebra.constant(-low)), interior + 1) : i,
      ),
    mask: {
      conditions: (algebra, index, from, _to, { axis, low, interior }) => [
        {
          value: algebra.add(index[from.length + axis]!, algebra.constant(-low)),
          step: interior + 1,
          extent: from.at(axis)!,
        },
      ],
      fill: ({ value }) => value,
    },
    gradient: ({ g, inputs: [x], upstream, attrs: { axis, low, interior } }) => {
      const step = interior + 1;
      const count = x.shape.at(axis)!;
      if (low >= 0 && low + (count - 1) * step < upstream.shape.at(axis)!) {
        return [g.slice(upstream, axis, { start: low, stop: low + (count - 1) * step + 1, step })];
      }
      // Elements that were taken away have the gradient 0.
      const high = Math.max(0, low + (count - 1) * step + 1 - upstream.shape.at(axis)!);
      const whole = g.padAxis(upstream, axis, { low: Math.max(0, -low), high });
      const start = Math.max(0, low);
      return [g.slice(whole, axis, { start, stop: start + (count - 1) * step + 1, step })];
    },
  }),
  slide: defineView({
    name: 'slide',
    check: distinctAxes,
    signature:
      'x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> ' +
      'slide(s, axis, size)',
    doc:
      'A window that slides along `axis`: y[o, k] = x[start + o·stride + k·dilation, k] for the `size` positions o of ' +
      '`axis` and the taps k of dimension `taps`; 0 past the ends. With x repeated along `taps` these are the windows ' +
      'of a convolution.',
    source: (algebra, index, from, _to, attrs) =>
      index.map((i, d) => (d === from.length + attrs.axis ? slidTo(algebra, index, from, attrs) : i)),
    mask: {
      conditions: (algebra, index, from, _to, attrs) => [
        { value: slidTo(algebra, index, from, attrs), step: 1, extent: from.at(attrs.axis)! },
      ],
      fill: () => 0,
    },
    gradient: ({ g, inputs: [x], upstream, attrs: { axis, taps, stride, dilation, start } }) => [
      g.unslide(upstream, axis, taps, x.shape.at(axis)!, { stride, dilation, start }),
    ],
  }),
  unslide: defineView({
    name: 'unslide',
    check: distinctAxes,
    signature:
      'x[...s], axis: axis, taps: axis, size: int, stride: int = 1, dilation: int = 1, start: int = 0 -> ' +
      'slide(s, axis, size)',
    doc:
      'Each element of x where `slide` took it from: y[start + o·stride + k·dilation, k] = x[o, k], and 0 where ' +
      'nothing was taken. Summed over `taps`, this is what overlapping windows add up to.',
    source: (algebra, index, from, _to, attrs) =>
      index.map((i, d) =>
        d === from.length + attrs.axis ? algebra.divide(slidFrom(algebra, index, from, attrs), attrs.stride) : i,
      ),
    mask: {
      conditions: (algebra, index, from, _to, attrs) => [
        { value: slidFrom(algebra, index, from, attrs), step: attrs.stride, extent: from.at(attrs.axis)! },
      ],
      fill: () => 0,
    },
    gradient: ({ g, inputs: [x], upstream, attrs: { axis, taps, stride, dilation, start } }) => [
      g.slide(upstream, axis, taps, x.shape.at(axis)!, { stride, dilation, start }),
    ],
  }),
};

type Sliding = OpAttributes['slide'];

/** start + o·stride + k·dilation: where position o of a window has its tap k. */
function slidTo<I>(algebra: IndexAlgebra<I>, index: readonly I[], from: Shape, attrs: Sliding): I {
  const position = algebra.multiply(index[from.length + attrs.axis]!, attrs.stride);
  const tap = algebra.multiply(index[from.length + attrs.taps]!, attrs.dilation);
  return algebra.add(algebra.add(position, tap), algebra.constant(attrs.start));
}

/** h − k·dilation − start: `stride` times the position whose tap k is at h, where there is one. */
function slidFrom<I>(algebra: IndexAlgebra<I>, index: readonly I[], from: Shape, attrs: Sliding): I {
  const tap = algebra.multiply(index[from.length + attrs.taps]!, -attrs.dilation);
  return algebra.add(algebra.add(index[from.length + attrs.axis]!, tap), algebra.constant(-attrs.start));
}

function distinctAxes(_: unknown, { axis, taps }: OpAttributes['slide']): string | undefined {
  return axis === taps ? `axis and taps are one dimension, ${axis}` : undefined;
}

/** The first element of a slice: negative bounds count from the end, and none lies outside. */
function sliceStart(size: number, start: number): number {
  return start < 0 ? Math.max(0, size + start) : Math.min(start, size);
}
