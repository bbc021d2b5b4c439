import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { each, spanOf, spreadOf, windowsOf, type Pair, type Window } from './windows.js';

/** A window over channels that are in groups: outputs of a group see its inputs only. */
export interface Convolution extends Window {
  readonly groups: number;
}

const pairOf = (x: Node): Pair => [x.shape.at(-2)!, x.shape.at(-1)!];

/**
 * Cross-correlation of x `[n c h w]` with weight `[o c/groups kh kw]`: `[n o oh ow]`. An implicit matrix product: the
 * windows of x are a view, so that nothing is copied.
 */
export function convolve(g: Builder<Node>, x: Node, weight: Node, places: Pair, convolution: Convolution): Node {
  const { groups } = convolution;
  const [o, own] = weight.shape as [number, number];
  const kernel = pairOf(weight);
  const windows = windowsOf(g, x, kernel, places, convolution);
  const sums = correlate(g, g.reshape(weight, [groups, o / groups, own, ...kernel]), windows);
  return g.reshape(sums, [x.shape[0]!, o, ...places]);
}

/**
 * The adjoint of {@link convolve} in x: y `[n c oh ow]` with weight `[c o/groups kh kw]` gives `[n o h w]` of
 * `size` h, w.
 *
 * Along a dimension with stride s > 1, place Y = padding + y of the result gets the taps k ≡ Y mod s only. Written as
 * Y = s·t + r and k = s·a + r, it is Σ_a weight[s·a + r]·y[t − a]: the same places of y for each of the s phases r. So
 * this is a convolution of stride 1 with s times the channels and ⌈k/s⌉ taps, whose phases are then interleaved (Shi et
 * al. 2016, arXiv:1609.07009). It multiplies s·⌈k/s⌉ taps where k are needed: none too many where s divides k, and far
 * less than the s·k of putting s − 1 zeros between the elements of y.
 */
export function convolveTransposed(
  g: Builder<Node>,
  y: Node,
  weight: Node,
  size: Pair,
  convolution: Convolution,
): Node {
  const { groups } = convolution;
  const n = y.shape[0]!;
  const own = weight.shape[1]!;
  const axes = each((axis) => phasesOf(pairOf(weight)[axis], size[axis], axis, convolution));
  const spread = spreadOf(g, y, each((a) => axes[a].taps), each((a) => axes[a].places), {
    stride: each((a) => axes[a].stride),
    padding: each((a) => axes[a].first),
    dilation: each((a) => axes[a].dilation),
  }); // prettier-ignore
  const sums = correlate(g, phasedWeight(g, weight, groups, axes), spread);
  const [height, width] = axes;
  const phases = g.reshape(sums, [n, groups * own, height.phases, width.phases, height.places, width.places]);
  // Phases beyond the kernel's taps get nothing.
  const all = g.padAxis(g.padAxis(g.permute(phases, [0, 1, 4, 2, 5, 3]), -3, { high: height.empty }), -1, {
    high: width.empty,
  });
  const interleaved = g.reshape(all, [
    n,
    groups * own,
    ...each((a) => axes[a].places * (axes[a].phases + axes[a].empty)),
  ]);
  return ([0, 1] as const).reduce(
    (whole, a) => g.slice(whole, a - 2, { start: axes[a].skipped, stop: axes[a].skipped + size[a] }),
    interleaved,
  );
}

/** One dimension of a transposed convolution as one of stride 1. */
interface Phases {
  /** Phases that have taps, and those that have none. */
  readonly phases: number;
  readonly empty: number;
  /** Taps of each phase. */
  readonly taps: number;
  /** Places of each phase, the first of them, and elements of the whole before the first that is wanted. */
  readonly places: number;
  readonly first: number;
  readonly skipped: number;
  readonly stride: number;
  readonly dilation: number;
}

function phasesOf(kernel: number, size: number, axis: 0 | 1, window: Window): Phases {
  const [stride, padding, dilation] = [window.stride[axis], window.padding[axis], window.dilation[axis]];
  // With both, the taps of a phase are no longer neighbours: y gets its zeros.
  if (stride === 1 || dilation > 1) {
    return { phases: 1, empty: 0, taps: kernel, places: size, first: padding, skipped: 0, stride, dilation };
  }
  const phases = Math.min(stride, kernel);
  const first = Math.floor(padding / stride);
  return {
    phases,
    empty: stride - phases,
    taps: Math.ceil(kernel / stride),
    places: Math.ceil((padding + size) / stride) - first,
    first,
    skipped: padding - first * stride,
    stride: 1,
    dilation: 1,
  };
}

/** weight `[c o/g kh kw]` as `[g (o/g · phases) c/g taps taps]`. */
function phasedWeight(
  g: Builder<Node>,
  weight: Node,
  groups: number,
  [height, width]: readonly [Phases, Phases],
): Node {
  const [c, own, kh, kw] = weight.shape as [number, number, number, number];
  const padded = g.padAxis(g.padAxis(weight, -2, { high: height.taps * height.phases - kh }), -1, {
    high: width.taps * width.phases - kw,
  });
  const split = g.reshape(padded, [groups, c / groups, own, height.taps, height.phases, width.taps, width.phases]);
  const moved = g.permute(split, [0, 2, 4, 6, 1, 3, 5]);
  return g.reshape(moved, [groups, own * height.phases * width.phases, c / groups, height.taps, width.taps]);
}

/**
 * The gradient of {@link convolve} in the weight: for upstream `[n o oh ow]`, one product that sums over batch and
 * places.
 */
export function weightGradient(
  g: Builder<Node>,
  x: Node,
  upstream: Node,
  kernel: Pair,
  convolution: Convolution,
): Node {
  const { groups } = convolution;
  const [n, c] = x.shape as [number, number];
  const o = upstream.shape[1]!;
  const places = pairOf(upstream);
  const count = n * places[0] * places[1];
  const windows = windowsOf(g, x, kernel, places, convolution);
  // Of one channel to one there are only the taps: sums that many invocations share, where a product would have a few.
  if (o === groups && c === groups) {
    const rows = g.reshape(upstream, [n, groups, o / groups, 1, 1, ...places]);
    const products = g.mul(g.unsqueeze(windows, -5), rows);
    return g.reshape(g.sum(products, { axes: [0, -2, -1] }), [o, 1, ...kernel]);
  }
  const group = groups === 1 ? [] : [groups];
  const taps = (c / groups) * kernel[0] * kernel[1];
  const rows = g.reshape(upstream, [n, groups, o / groups, ...places]);
  const columns = g.reshape(windows, [n, groups, c / groups, ...kernel, ...places]);
  const product = g.matmul(
    g.reshape(g.permute(rows, [1, 2, 0, 3, 4]), [...group, o / groups, count]),
    g.reshape(g.permute(columns, [1, 0, 5, 6, 2, 3, 4]), [...group, count, taps]),
  );
  return g.reshape(product, [o, c / groups, ...kernel]);
}

/** Σ over channels and taps: weight `[g m c kh kw]` with windows `[n (g·c) kh kw oh ow]` gives `[n g m oh ow]`. */
function correlate(g: Builder<Node>, weight: Node, windows: Node): Node {
  const [groups, m, c] = weight.shape as [number, number, number];
  const n = windows.shape[0]!;
  const places = pairOf(windows);
  const kernel = pairOf(weight);
  const taps = c * kernel[0] * kernel[1];
  const group = groups === 1 ? [] : [groups];
  const product = g.matmul(
    g.reshape(weight, [...group, m, taps]),
    g.reshape(windows, [n, ...group, taps, places[0] * places[1]]),
  );
  return g.reshape(product, [n, groups, m, ...places]);
}

/** The size of a convolution's result along one dimension. */
export function placesOf(size: number, taps: number, axis: 0 | 1, { stride, padding, dilation }: Window): number {
  return Math.floor((size + 2 * padding[axis] - spanOf(taps, dilation[axis])) / stride[axis]) + 1;
}
