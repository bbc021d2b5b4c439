import { isLeaf, type Node } from '../../ir/graph.js';
import { opOf } from '../../ir/ops/index.js';
import type { Shape } from '../../ir/shape.js';
import { addAffine, affine, shifted, zero, type Affine, type Atom } from '../fusion/affine.js';
import type { KernelWriter } from './writer.js';

/**
 * The sizes of the dimensions that became one in dimension `axis` (from the start) of a view: the channels and taps that
 * a convolution sums over. `[size]` for a dimension that is one by itself. With an index for each of them, index
 * arithmetic has no quotients.
 */
export function factorsOf(node: Node, axis: number): readonly number[] {
  const size = node.shape[axis]!;
  if (size <= 1 || isLeaf(node) || opOf(node).kind !== 'view') return [size];
  const [x] = node.inputs as readonly [Node];
  const source = sourceAxes(node, x.shape, axis);
  if (source.length === 1) return x.shape[source[0]!] === size ? factorsOf(x, source[0]!) : [size];
  return source.length === 0 ? [size] : source.map((from) => x.shape[from]!);
}

/** The dimensions of the operand, but for those of size 1, that a view made dimension `axis` of; none where that is hard to tell. */
function sourceAxes({ op, shape, attrs }: Node, from: Shape, axis: number): readonly number[] {
  const fromEnd = axis - shape.length;
  switch (op) {
    case 'reshape': {
      const before = product(shape.slice(0, axis));
      const after = before * shape[axis]!;
      const ends = from.map((_, d) => product(from.slice(0, d + 1)));
      const first = before === 1 ? 0 : ends.indexOf(before) + 1;
      const last = ends.indexOf(after);
      if ((before !== 1 && first === 0) || last < first) return [];
      return from.flatMap((size, d) => (d >= first && d <= last && size > 1 ? [d] : []));
    }
    case 'transpose':
      return [fromEnd === -1 ? axis - 1 : fromEnd === -2 ? axis + 1 : axis];
    case 'permute':
      return [(attrs['axes'] as readonly number[])[axis]! + shape.length];
    case 'broadcastTo':
      return from.at(fromEnd) === undefined || fromEnd < -from.length ? [] : [fromEnd + from.length];
    case 'unsqueeze': {
      const at = shape.length + (attrs['axis'] as number);
      return axis === at ? [] : [axis > at ? axis - 1 : axis];
    }
    default:
      return [];
  }
}

const product = (sizes: Shape) => sizes.reduce((count, size) => count * size, 1);

/**
 * An index that the kernel has as `text`, taken apart into one for each factor, which are declared here. `text` is a
 * multiple of `step`, which divides the last factor.
 */
export function declareFactors(writer: KernelWriter, text: string, factors: readonly number[], step = 1): Affine {
  let whole = zero;
  let stride = 1;
  [...factors].reverse().forEach((extent, i) => {
    const isFirst = i === factors.length - 1;
    const name = writer.name('d');
    const quotient = stride === 1 ? text : `${text} / ${stride}u`;
    const own = isFirst ? quotient : `(${quotient}) % ${extent}u`;
    const scaled = i === 0 && step > 1;
    writer.line(`let ${name} = ${scaled ? `(${own}) / ${step}u` : own};`);
    const atom = { text: name, extent: scaled ? extent / step : extent };
    whole = addAffine(whole, affine(atom, scaled ? step : stride));
    stride *= extent;
  });
  return whole;
}

/** Indices of neighbours by the factors of their dimension, those in one stretch of the last factor as one that is shifted. */
export function declareNeighbours(writer: KernelWriter, atoms: readonly Atom[], factors: readonly number[]): Affine[] {
  if (factors.length < 2) return atoms.map((atom) => affine(atom));
  const last = factors.at(-1)!;
  // A ragged edge repeats the last index: only what never reaches it comes in stretches.
  const isWhole = atoms[0]!.extent % atoms.length === 0;
  const stretch = isWhole ? [8, 5, 4, 3, 2].find((size) => atoms.length % size === 0 && last % size === 0) : undefined;
  const length = stretch ?? 1;
  const first = atoms.filter((_, i) => i % length === 0);
  return first
    .map(({ text }) => declareFactors(writer, text, factors, length))
    .flatMap((index) => Array.from({ length }, (_, i) => shifted(index, i)));
}

/** Rounds of the innermost loop that are written out, at most. */
const MOST_ROUNDS = 12;

/** The summed dimension as loops over its factors, the last of them written out in whole or in part. */
export function loopsOver(
  factors: readonly number[],
): { readonly loops: readonly Atom[]; readonly step: number; readonly start: Affine } | undefined {
  if (factors.length < 2) return undefined;
  const looped = [...factors];
  let step = 1;
  while (looped.length > 0 && step * looped.at(-1)! <= MOST_ROUNDS) step *= looped.pop()!;
  if (step === 1) {
    const last = looped.pop()!;
    step = [8, 7, 6, 5, 4, 3, 2].find((size) => last % size === 0) ?? 1;
    looped.push(last / step);
  }
  let stride = step;
  let start = zero;
  const loops = looped.map((extent, i): Atom => ({ text: `k${i}`, extent }));
  for (const loop of [...loops].reverse()) {
    start = addAffine(start, affine(loop, stride));
    stride *= loop.extent;
  }
  return { loops, step, start };
}
