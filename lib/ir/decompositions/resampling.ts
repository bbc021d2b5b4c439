import type { Builder } from '../generated/builder.js';
import type { Node } from '../graph.js';
import { weightedSums, type Terms } from './weighted-sums.js';

type Axis = -1 | -2;

export interface Resampling {
  readonly mode: 'nearest' | 'bilinear';
  readonly alignCorners: boolean;
}

/** x with `places` elements along a dimension instead of its own number. */
export function resample(g: Builder<Node>, x: Node, axis: Axis, places: number, resampling: Resampling): Node {
  const size = x.shape.at(axis)!;
  if (size === places) return x;
  if (resampling.mode === 'bilinear') {
    return weightedSums(g, x, axis, places, (place) => linearTerms(place, size, places, resampling));
  }
  if (places % size === 0) {
    const times = places / size;
    const repeated = g.broadcastTo(g.unsqueeze(x, axis === -1 ? -1 : -2), withSize(x, axis, [size, times]));
    return g.reshape(repeated, withSize(x, axis, [places]));
  }
  if (size % places === 0) return g.slice(x, axis, { step: size / places });
  return g.indexSelect(x, g.literal(nearestIndices(size, places), [places], 'i32'), axis);
}

/** The adjoint of {@link resample}: a tensor with `places` elements along a dimension gives one with `size`. */
export function resampleGradient(
  g: Builder<Node>,
  upstream: Node,
  axis: Axis,
  size: number,
  resampling: Resampling,
): Node {
  const places = upstream.shape.at(axis)!;
  if (size === places) return upstream;
  if (resampling.mode === 'nearest' && places % size === 0) {
    return g.sum(g.reshape(upstream, withSize(upstream, axis, [size, places / size])), { axes: axis });
  }
  if (resampling.mode === 'nearest' && size % places === 0) {
    const step = size / places;
    return g.padAxis(upstream, axis, { high: step - 1, interior: step - 1 });
  }
  const columns = Array.from({ length: size }, (): [number, number][] => []);
  for (let place = 0; place < places; place++) {
    for (const [index, weight] of termsOf(place, size, places, resampling)) columns[index]!.push([place, weight]);
  }
  return weightedSums(g, upstream, axis, size, (index) => columns[index]!);
}

/** The shape of x with other sizes in place of a dimension. */
function withSize(x: Node, axis: Axis, sizes: readonly number[]): number[] {
  return x.shape.flatMap((size, d) => (d === x.shape.length + axis ? sizes : [size]));
}

function termsOf(place: number, size: number, places: number, resampling: Resampling): Terms {
  if (resampling.mode === 'bilinear') return linearTerms(place, size, places, resampling);
  return [[nearestIndex(place, size, places), 1]];
}

const nearestIndex = (place: number, size: number, places: number) => Math.floor((place * size) / places);

function nearestIndices(size: number, places: number): number[] {
  return Array.from({ length: places }, (_, place) => nearestIndex(place, size, places));
}

/**
 * The two elements that a place lies between. With `alignCorners` the first and last places are those of x; without,
 * the outer edges of the first and last elements are, and what lies beyond the middle of those is one of them.
 */
function linearTerms(place: number, size: number, places: number, { alignCorners }: Resampling): Terms {
  const aligned = places === 1 ? 0 : (place * (size - 1)) / (places - 1);
  const position = alignCorners ? aligned : Math.max(0, ((place + 0.5) * size) / places - 0.5);
  const low = Math.min(Math.floor(position), size - 1);
  return [
    [low, 1 - (position - low)],
    [Math.min(low + 1, size - 1), position - low],
  ];
}
