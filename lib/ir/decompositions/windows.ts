import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';

/** Height and width of something. */
export type Pair = readonly [height: number, width: number];

/** How a window moves over a tensor's last two dimensions. */
export interface Window {
  readonly stride: Pair;
  /** Zeros around the tensor, on both sides. */
  readonly padding: Pair;
  /** Distance between neighbouring taps. */
  readonly dilation: Pair;
}

/** For height and width alike. */
export function each<T>(of: (axis: 0 | 1) => T): readonly [T, T] {
  return [of(0), of(1)];
}

/** Elements that a window with so many taps spans. */
export function spanOf(taps: number, dilation: number): number {
  return dilation * (taps - 1) + 1;
}

/**
 * x `[… h w]` as `[… kh kw oh ow]`, a view: under tap (i, j) of the window at place (y, x) lies element
 * (y·stride − padding + i·dilation, …) of x, and 0 where x has no such element.
 */
export function windowsOf(g: Builder<Node>, x: Node, kernel: Pair, places: Pair, window: Window): Node {
  const repeated = withTaps(g, x, kernel);
  return ([0, 1] as const).reduce(
    (windows, axis) => g.slide(windows, axis - 2, axis - 4, places[axis], slideAttributes(window, axis)),
    repeated,
  );
}

/**
 * The adjoint of {@link windowsOf}: y `[… oh ow]` as `[… kh kw h w]`, the element at place (y, x) put, under tap (i, j),
 * where that tap took its element from; 0 elsewhere.
 */
export function spreadOf(g: Builder<Node>, y: Node, kernel: Pair, size: Pair, window: Window): Node {
  const repeated = withTaps(g, y, kernel);
  return ([0, 1] as const).reduce(
    (spread, axis) => g.unslide(spread, axis - 2, axis - 4, size[axis], slideAttributes(window, axis)),
    repeated,
  );
}

/** `[… h w]` repeated to `[… kh kw h w]`. */
function withTaps(g: Builder<Node>, x: Node, kernel: Pair): Node {
  const single = g.unsqueeze(g.unsqueeze(x, -3), -3);
  return g.broadcastTo(single, [...x.shape.slice(0, -2), ...kernel, ...x.shape.slice(-2)]);
}

function slideAttributes({ stride, padding, dilation }: Window, axis: 0 | 1) {
  return { stride: stride[axis], dilation: dilation[axis], start: 0 - padding[axis] };
}

/**
 * What is wrong with a window over `[… h w]`, if anything: a stride or dilation below 1, negative padding, or more taps
 * than fit.
 */
export function wrongWindow(
  shape: readonly number[],
  kernel: readonly number[],
  { stride, padding, dilation }: { [K in keyof Window]: readonly number[] },
): string | undefined {
  if (stride.some((step) => step < 1)) return `stride must be at least 1, got ${show(stride)}`;
  if (padding.some((size) => size < 0)) return `padding must be at least 0, got ${show(padding)}`;
  if (dilation.some((step) => step < 1)) return `dilation must be at least 1, got ${show(dilation)}`;
  if (kernel.some((taps) => taps < 1)) return `the kernel must have at least one tap, got ${show(kernel)}`;
  const spans = kernel.map((taps, axis) => spanOf(taps, dilation[axis]!));
  const padded = kernel.map((_, axis) => shape.at(axis - kernel.length)! + 2 * padding[axis]!);
  if (spans.every((span, axis) => span <= padded[axis]!)) return undefined;
  return `the kernel spans ${show(spans)}, but x with its padding has ${show(padded)}; use a smaller kernel or more padding`;
}

function show(sizes: readonly number[]): string {
  return sizes.length === 1 ? `${sizes[0]}` : `[${sizes.join(', ')}]`;
}
