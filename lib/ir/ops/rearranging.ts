import type { Builder } from '../generated/builder.js';
import type { OpAttributes } from '../generated/nodes.js';
import type { Node, TensorType } from '../graph.js';
import { holds } from '../dtype.js';
import { defineMacro } from './define.js';
import { trailing } from '../decompositions/index-comparisons.js';

type Mode = OpAttributes['pad']['mode'];

/** `pads` as (axis, low, high), the last dimension first, without those that change nothing. */
function padsOfAxes(pads: readonly number[]): { axis: number; low: number; high: number }[] {
  const all = Array.from({ length: pads.length / 2 }, (_, i) => ({
    axis: -1 - i,
    low: pads[2 * i]!,
    high: pads[2 * i + 1]!,
  }));
  return all.filter(({ low, high }) => low !== 0 || high !== 0);
}

/** Elements beside x that its own elements give: mirrored at its ends without those, its ends again, or its other end. */
function padByElements(g: Builder<Node>, x: Node, axis: number, low: number, high: number, mode: Mode): Node {
  const size = x.shape.at(axis)!;
  const part = (start: number, stop: number) => g.slice(x, axis, { start, stop });
  const again = (end: Node, count: number) =>
    g.broadcastTo(
      end,
      x.shape.map((old, d) => (d === x.shape.length + axis ? count : old)),
    );
  switch (mode) {
    case 'reflect':
      return g.concat(
        [g.flip(part(1, low + 1), { axes: axis }), x, g.flip(part(size - 1 - high, size - 1), { axes: axis })],
        { axis },
      );
    case 'circular':
      return g.concat([part(size - low, size), x, part(0, high)], { axis });
    default:
      return g.concat([again(part(0, 1), low), x, again(part(size - 1, size), high)], { axis });
  }
}

function wrongPads([x]: readonly TensorType[], { pads, mode, value }: OpAttributes['pad']): string | undefined {
  if (mode === 'constant') return holds(x!.dtype, value) ? undefined : `value ${value} is no ${x!.dtype}`;
  for (const { axis, low, high } of padsOfAxes(pads)) {
    const size = x!.shape.at(axis)!;
    if (low < 0 || high < 0) return `pads must be at least 0 in mode ${mode}, got ${low}, ${high} for axis ${axis}`;
    const most = mode === 'reflect' ? size - 1 : mode === 'circular' ? size : size === 0 ? 0 : Infinity;
    if (Math.max(low, high) > most) {
      return `mode ${mode} pads at most ${Math.max(0, most)} for axis ${axis} of size ${size}, got ${low}, ${high}`;
    }
  }
  return undefined;
}

/** Zero where the difference between column and row is not within. */
function triangle(g: Builder<Node>, x: Node, diagonal: number, part: 'lower' | 'upper'): Node {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const row = trailing(g, g.arange(rows), 1);
  const edge = g.add(row, g.scalar(diagonal, row));
  const column = g.arange(columns);
  const isKept = part === 'lower' ? g.lessEqual(column, edge) : g.greaterEqual(column, edge);
  return g.where(isKept, x, g.scalar(0, x));
}

/** Operations that put elements of a tensor elsewhere, or there several times. */
export const rearrangingOps = {
  pad: defineMacro({
    name: 'pad',
    signature:
      'x[...s], pads: ints, mode: constant|reflect|replicate|circular = constant, value: float = 0 -> pad(s, pads)',
    doc:
      'More elements before and after those of x. `pads` has how many, (before, after), the last dimension first, as ' +
      'torch.nn.functional.pad takes it. In mode constant they are `value`, and negative pads take elements away; reflect ' +
      'mirrors x at its first and last element, replicate repeats these two, and circular goes on at the other end.',
    check: wrongPads,
    decompose: (g, [x], { pads, mode, value }) =>
      padsOfAxes(pads).reduce(
        (y, { axis, low, high }) =>
          mode === 'constant' ? g.padAxis(y, axis, { low, high, value }) : padByElements(g, y, axis, low, high, mode),
        x,
      ),
    gradient: 'decomposition',
  }),
  repeat: defineMacro({
    name: 'repeat',
    signature: 'x[...s], times: ints -> repeat(s, times)',
    doc:
      'x times[i] times along dimension i of the result, one copy after the other; `times` may have dimensions in front ' +
      'that x has not. torch.Tensor.repeat, numpy.tile.',
    decompose: (g, [x], { times }) => {
      const added = times.length - x.shape.length;
      const sizes = times.map((_, i) => (i < added ? 1 : x.shape[i - added]!));
      const split = g.reshape(x, sizes.flatMap((size) => [1, size])); // prettier-ignore
      const copies = g.broadcastTo(split, sizes.flatMap((size, i) => [times[i]!, size])); // prettier-ignore
      return g.reshape(copies, sizes.map((size, i) => times[i]! * size)); // prettier-ignore
    },
    gradient: 'decomposition',
  }),
  repeatInterleave: defineMacro({
    name: 'repeatInterleave',
    signature: 'x[...s], times: int, axis: axis -> repeatInterleave(s, times, axis)',
    doc: 'Each element `times` times in a row along `axis`. torch.repeat_interleave, numpy.repeat.',
    decompose: (g, [x], { times, axis }) => {
      const at = x.shape.length + axis;
      const copies = g.broadcastTo(
        g.unsqueeze(x, at + 1),
        [...x.shape.slice(0, at + 1), times, ...x.shape.slice(at + 1)], // prettier-ignore
      );
      return g.reshape(
        copies,
        x.shape.map((size, d) => (d === at ? size * times : size)),
      );
    },
    gradient: 'decomposition',
  }),
  roll: defineMacro({
    name: 'roll',
    signature: 'x[...s], shift: int, axis: axis -> [...s]',
    doc: 'Every element `shift` places further along `axis`; those that leave at the end come back at the front.',
    decompose: (g, [x], { shift, axis }) => {
      const size = x.shape.at(axis)!;
      const start = size === 0 ? 0 : ((-shift % size) + size) % size;
      return g.concat([g.slice(x, axis, { start }), g.slice(x, axis, { stop: start })], { axis });
    },
    gradient: ({ g, upstream, attrs: { shift, axis } }) => [g.roll(upstream, -shift, axis)],
  }),
  tril: defineMacro({
    name: 'tril',
    signature: 'x[...b m n], diagonal: int = 0 -> [...b m n]',
    doc: 'The lower triangle of each matrix: x where column − row ≤ diagonal, else 0.',
    decompose: (g, [x], { diagonal }) => triangle(g, x, diagonal, 'lower'),
    gradient: ({ g, upstream, attrs }) => [g.tril(upstream, attrs)],
  }),
  triu: defineMacro({
    name: 'triu',
    signature: 'x[...b m n], diagonal: int = 0 -> [...b m n]',
    doc: 'The upper triangle of each matrix: x where column − row ≥ diagonal, else 0.',
    decompose: (g, [x], { diagonal }) => triangle(g, x, diagonal, 'upper'),
    gradient: ({ g, upstream, attrs }) => [g.triu(upstream, attrs)],
  }),
};
