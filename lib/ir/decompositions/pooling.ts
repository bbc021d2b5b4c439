import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { weightedSums } from './weighted-sums.js';
import { each, spanOf, spreadOf, windowsOf, type Pair, type Window } from './windows.js';

/** `[… kh kw oh ow]` with those places: elements outside of x are −∞. */
export function paddedWindows(g: Builder<Node>, x: Node, kernel: Pair, places: Pair, window: Window): Node {
  const { stride, padding, dilation } = window;
  const padded = ([0, 1] as const).reduce((whole, axis) => {
    const reached = (places[axis] - 1) * stride[axis] + spanOf(kernel[axis], dilation[axis]) - padding[axis];
    const high = Math.max(0, reached - x.shape.at(axis - 2)!);
    const low = padding[axis];
    return low + high === 0 ? whole : g.padAxis(whole, axis - 2, { low, high, value: -Infinity });
  }, x);
  return windowsOf(g, padded, kernel, places, { stride, padding: [0, 0], dilation });
}

/**
 * The gradient of the maximum y `[… oh ow]` of each window of x: all of `upstream` goes to the first of the greatest
 * elements, in row-major order, as in PyTorch.
 */
export function maximumGradient(
  g: Builder<Node>,
  x: Node,
  y: Node,
  upstream: Node,
  kernel: Pair,
  window: Window,
): Node {
  const places = each((axis) => y.shape.at(axis - 2)!);
  const windows = paddedWindows(g, x, kernel, places, window);
  const count = kernel[0] * kernel[1];
  const tap = g.reshape(g.arange(count), [...kernel, 1, 1]);
  const isGreatest = g.equal(windows, g.unsqueeze(g.unsqueeze(y, -3), -3));
  const first = g.min(g.where(isGreatest, tap, g.scalar(count, tap)), { axes: [-4, -3] });
  const size = each((axis) => x.shape.at(axis - 2)!);
  // Where a tap took no element, the upstream gradient is spread as 0, whatever `first` is there.
  const isFirst = g.equal(spreadOf(g, first, kernel, size, window), tap);
  const share = g.where(isFirst, spreadOf(g, upstream, kernel, size, window), g.scalar(0, upstream));
  return g.sum(share, { axes: [-4, -3] });
}

/** Elements of one dimension that each place of a window averages. */
export function countsOf(
  size: number,
  places: number,
  { taps, stride, padding }: { taps: number; stride: number; padding: number },
  countIncludePad: boolean,
): number[] {
  return Array.from({ length: places }, (_, place) => {
    const start = place * stride - padding;
    // The rounding up of sizes lets windows reach past the padding.
    const end = Math.min(start + taps, size + padding);
    return countIncludePad ? end - start : Math.min(end, size) - Math.max(start, 0);
  });
}

/** Averages of ⌊i·size/places⌋ … ⌈(i + 1)·size/places⌉ along a dimension. */
export function adaptiveAverage(g: Builder<Node>, x: Node, axis: -1 | -2, places: number): Node {
  const size = x.shape.at(axis)!;
  if (size === places) return x;
  const at = x.shape.length + axis;
  if (size % places === 0) {
    const parts = g.reshape(x, [...x.shape.slice(0, at), places, size / places, ...x.shape.slice(at + 1)]);
    return g.mean(parts, { axes: axis });
  }
  return weightedSums(g, x, axis, places, (place) => {
    const start = Math.floor((place * size) / places);
    const count = Math.ceil(((place + 1) * size) / places) - start;
    return Array.from({ length: count }, (_, i) => [start + i, 1 / count] as const);
  });
}
