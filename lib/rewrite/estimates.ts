/**
 * What kernels of single operations will do, before there are any. lib/backend/kernels decides it; spec/rewrite holds
 * the two together.
 */
import type { AdapterRates, Crowd, Effort } from './cost.js';
import { tileFor, type ProductSize } from './product-tiles.js';

/** Elements that an invocation handles at once. */
const VECTOR = 4;

const nothing: Effort = { accesses: 0, strided: 0, operations: 0, terms: 0, rounds: 1, turns: 0, barriers: 0 };

/** Invocations by `count` that share `effort`, which is that of all of them, but for what they wait for. */
function crowd(count: number, size: number, total: Partial<Effort>, waits: Partial<Effort>): Crowd {
  const each = Object.fromEntries(Object.entries(total).map(([name, sum]) => [name, sum / Math.max(1, count)]));
  const workgroups = Math.ceil(count / size);
  return { workgroups, size: Math.min(size, Math.max(1, count)), effort: { ...nothing, ...each, ...waits } };
}

/** Each element by itself, four to an invocation. */
export function elementwise(
  elements: number,
  accesses: number,
  operations: number,
  { workgroup }: AdapterRates,
): Crowd {
  return crowd(Math.ceil(elements / VECTOR), workgroup, { accesses, operations }, {});
}

/** Many elements to few results, in `loops` loops one after the other. `operations`: of all elements, in additions. */
export function reducing(
  elements: number,
  results: number,
  operations: number,
  loops: number,
  { team: most, workgroup }: AdapterRates,
): Crowd {
  const depth = Math.ceil(elements / Math.max(1, results) / VECTOR);
  const team = depth < 32 ? 1 : most;
  const turns = loops * Math.ceil(depth / team);
  const barriers = team > 1 ? loops * (Math.log2(team) + 2) : 0;
  const waits = { rounds: 1 + turns, turns, barriers };
  return crowd(
    results * team,
    team > 1 ? team : workgroup,
    { accesses: elements * loops + results, operations },
    waits,
  );
}

const within = (size: number, extent: number) => Math.max(1, Math.min(size, extent));

/** A product by tiles of the result, or where it has few rows by slices of the summed dimension. */
export function product(size: ProductSize, { tiles, few, workgroup }: AdapterRates): Crowd {
  const { m, n, k, batches } = size;
  if (few && m <= few.rows) {
    const columns = Math.ceil(n / VECTOR) * batches;
    const slices = Math.max(1, Math.min(few.slices, k, few.invocations / Math.max(1, columns)));
    const turns = Math.ceil(k / slices);
    const sums = { accesses: columns * k * (VECTOR + m), terms: columns * VECTOR * k * m };
    return crowd(columns * slices, few.workgroup, sums, { rounds: 1 + turns, turns, barriers: Math.log2(slices) });
  }
  const tile = tileFor(size, tiles);
  const shared = 'shared' in tile ? tile.shared : undefined;
  // A tile in registers is no larger than the result; one that is shared has empty places.
  const [rows, columns] = shared ? [tile.rows, tile.columns] : [within(tile.rows, m), within(tile.columns, n)];
  const count = Math.ceil(m / rows) * Math.ceil(n / columns) * batches;
  const turns = Math.ceil(k / tile.depth);
  const sums = { accesses: count * (k * (rows + columns) + rows * columns), terms: count * k * rows * columns };
  if (!shared) return crowd(count, workgroup, sums, { rounds: 1 + turns, turns });
  const { invocations, turns: inner } = shared;
  return crowd(count * invocations, invocations, sums, {
    rounds: 1 + turns,
    turns: turns * (1 + inner),
    barriers: 2 * turns,
  });
}
