import { adaptiveAverage, countsOf, maximumGradient, paddedWindows } from '../decompositions/pooling.js';
import { each, windowsOf, wrongWindow, type Pair, type Window } from '../decompositions/windows.js';
import type { OpAttributes } from '../generated/nodes.js';
import type { Builder } from '../generated/builder.js';
import type { Node, TensorType } from '../graph.js';
import { pooledSize } from '../pooled-shapes.js';
import { defineMacro } from './define.js';

/** A window over two dimensions, and its size. */
type Window2d = Window & { readonly kernelSize: Pair };

type Lists = Readonly<Record<'kernelSize' | 'padding', readonly number[]>> & {
  readonly stride?: readonly number[];
  readonly dilation?: readonly number[];
};

function wrongPool(x: TensorType, { kernelSize, stride = kernelSize, padding, dilation }: Lists): string | undefined {
  // Too low a rank is what the shape function speaks of.
  if (x.shape.length < kernelSize.length) return undefined;
  const wrong = wrongWindow(x.shape, kernelSize, { stride, padding, dilation: dilation ?? kernelSize.map(() => 1) });
  if (wrong !== undefined) return wrong;
  if (padding.every((size, axis) => size <= kernelSize[axis]! / 2)) return undefined;
  return `padding [${padding.join(', ')}] must be at most half of kernelSize [${kernelSize.join(', ')}]`;
}

const sizesOf = (x: TensorType): Pair => [x.shape.at(-2)!, x.shape.at(-1)!];

/** Runs an operation of two dimensions on the last one alone. */
function flat(g: Builder<Node>, x: Node, pool: (x: Node) => Node): Node {
  return g.squeeze(pool(g.unsqueeze(x, -2)), -2);
}

const pairOf = (size: number, otherwise: number): Pair => [otherwise, size];

/** How often a window finds its place along each of the last two dimensions. */
function placesIn(x: TensorType, { kernelSize, stride, padding, dilation }: Window2d, ceil: boolean): Pair {
  const size = sizesOf(x);
  return each((axis) => pooledSize(size[axis], kernelSize[axis], stride[axis], padding[axis], dilation[axis], ceil));
}

export const poolingOps = {
  maxPool2d: defineMacro({
    name: 'maxPool2d',
    signature:
      'x[...s]:float, kernelSize: pair, stride: pair?, padding: pair = 0, dilation: pair = 1, ceilMode: bool = false -> ' +
      'poolOfPairs(s, kernelSize, stride, padding, ceilMode, dilation)',
    doc:
      'Greatest element of each window of `[… h w]`; padding counts as −∞. `stride` is `kernelSize` when it is left out; ' +
      'with `ceilMode` a window may reach past the padding. The gradient goes to the first of equal elements.',
    check: ([x], attrs: OpAttributes['maxPool2d']) => wrongPool(x!, attrs),
    decompose: (g, [x], attrs) => {
      const { kernelSize, stride = kernelSize } = attrs;
      const window = { ...attrs, stride };
      const windows = paddedWindows(g, x, kernelSize, placesIn(x, window, attrs.ceilMode), window);
      return g.max(windows, { axes: [-4, -3] });
    },
    gradient: ({ g, inputs: [x], output, upstream, attrs }) => {
      const { kernelSize, stride = kernelSize } = attrs;
      return [maximumGradient(g, x, output, upstream, kernelSize, { ...attrs, stride })];
    },
  }),
  maxPool1d: defineMacro({
    name: 'maxPool1d',
    signature:
      'x[...s]:float, kernelSize: int, stride: int?, padding: int = 0, dilation: int = 1, ceilMode: bool = false -> ' +
      'pool(s, kernelSize, stride, padding, ceilMode, dilation)',
    doc: 'Greatest element of each window of `[… l]`: as `maxPool2d`, along one dimension.',
    check: ([x], { kernelSize, stride = kernelSize, padding, dilation }: OpAttributes['maxPool1d']) =>
      wrongPool(x!, { kernelSize: [kernelSize], stride: [stride], padding: [padding], dilation: [dilation] }),
    decompose: (g, [x], { kernelSize, stride = kernelSize, padding, dilation, ceilMode }) => {
      const window = {
        stride: pairOf(stride, 1),
        padding: pairOf(padding, 0),
        dilation: pairOf(dilation, 1),
        ceilMode,
      };
      return flat(g, x, (image) => g.maxPool2d(image, pairOf(kernelSize, 1), window));
    },
    gradient: 'decomposition',
  }),
  avgPool2d: defineMacro({
    name: 'avgPool2d',
    signature:
      'x[...s]:float, kernelSize: pair, stride: pair?, padding: pair = 0, ceilMode: bool = false, ' +
      'countIncludePad: bool = true, divisor: int? -> ' +
      'poolOfPairs(s, kernelSize, stride, padding, ceilMode)',
    doc:
      'Average of each window of `[… h w]`, whose padding is 0 and counts as elements unless `countIncludePad` is false; ' +
      'the sum divided by `divisor` where it is given. `stride` is `kernelSize` when it is left out; with `ceilMode` a ' +
      'window may reach past the padding.',
    check: ([x], attrs: OpAttributes['avgPool2d']) =>
      attrs.divisor === 0 ? 'divisor must not be 0' : wrongPool(x!, attrs),
    decompose: (g, [x], attrs) => {
      const { kernelSize, stride = kernelSize, padding, countIncludePad, divisor } = attrs;
      const window = { kernelSize, stride, padding, dilation: [1, 1] } as const;
      const places = placesIn(x, window, attrs.ceilMode);
      const windows = windowsOf(g, x, kernelSize, places, window);
      const sums = g.sum(windows, { axes: [-4, -3] });
      if (divisor !== undefined) return g.mul(sums, g.scalar(1 / divisor, x));
      const [rows, columns] = each((axis) => {
        const along = { taps: kernelSize[axis], stride: stride[axis], padding: padding[axis] };
        return countsOf(x.shape.at(axis - 2)!, places[axis], along, countIncludePad);
      });
      const counts = rows.flatMap((row) => columns.map((column) => row * column));
      if (counts.every((count) => count === counts[0])) return g.mul(sums, g.scalar(1 / (counts[0] ?? 1), x));
      return g.div(sums, g.literal(counts, places, x.dtype));
    },
    gradient: 'decomposition',
  }),
  avgPool1d: defineMacro({
    name: 'avgPool1d',
    signature:
      'x[...s]:float, kernelSize: int, stride: int?, padding: int = 0, ceilMode: bool = false, ' +
      'countIncludePad: bool = true -> pool(s, kernelSize, stride, padding, ceilMode)',
    doc: 'Average of each window of `[… l]`: as `avgPool2d`, along one dimension.',
    check: ([x], { kernelSize, stride = kernelSize, padding }: OpAttributes['avgPool1d']) =>
      wrongPool(x!, { kernelSize: [kernelSize], stride: [stride], padding: [padding] }),
    decompose: (g, [x], { kernelSize, stride = kernelSize, padding, ceilMode, countIncludePad }) => {
      const window = { stride: pairOf(stride, 1), padding: pairOf(padding, 0), ceilMode, countIncludePad };
      return flat(g, x, (image) => g.avgPool2d(image, pairOf(kernelSize, 1), window));
    },
    gradient: 'decomposition',
  }),
  adaptiveAvgPool2d: defineMacro({
    name: 'adaptiveAvgPool2d',
    signature: 'x[...b h w]:float, outputSize: pair -> [...b outputSize.0 outputSize.1]',
    doc:
      'Averages of `[… h w]` over `outputSize` places of about equal size: place i of n takes the elements ' +
      '⌊i·h/n⌋ … ⌈(i + 1)·h/n⌉ − 1, which overlap where n does not divide h.',
    check: ([x], { outputSize }: OpAttributes['adaptiveAvgPool2d']) => {
      if (outputSize.some((size) => size < 1)) return `outputSize must be at least 1, got [${outputSize.join(', ')}]`;
      return x!.shape.slice(-2).includes(0) ? 'x has no elements to average' : undefined;
    },
    decompose: (g, [x], { outputSize: [height, width] }) => {
      const [h, w] = sizesOf(x);
      if (h % height === 0 && w % width === 0) {
        const parts = g.reshape(x, [...x.shape.slice(0, -2), height, h / height, width, w / width]);
        return g.mean(parts, { axes: [-3, -1] });
      }
      return adaptiveAverage(g, adaptiveAverage(g, x, -1, width), -2, height);
    },
    gradient: 'decomposition',
  }),
};
