/** A thing in a row, or a bend of a line that passes between the things of a row. */
export interface Item<T> {
  readonly thing: T | undefined;
  readonly row: number;
  /** Of its middle. */
  x: number;
}

/** A line from what is needed to what needs it, through the bends between. */
export type Line<T> = readonly Item<T>[];

export interface Layers<T> {
  readonly items: ReadonlyMap<T, Item<T>>;
  readonly lines: readonly Line<T>[];
  readonly rowCount: number;
}

const SWEEPS = 8;

/**
 * Puts things that depend on each other into rows, each below all that it needs, orders the rows so that few lines cross,
 * and places them so that lines are short (Sugiyama, Tagawa and Toda 1981): each row in turn goes as near as it can to the
 * mean places of its neighbours. `things` come in an order in which what they need comes first; `apart` is the distance
 * that the middles of two neighbours in a row keep.
 */
export function layered<T>(
  things: readonly T[],
  needs: (thing: T) => readonly T[],
  apart: (a: Item<T>, b: Item<T>) => number,
): Layers<T> {
  const rowOf = rowsOf(things, needs);
  const rows: Item<T>[][] = [];
  const add = (thing: T | undefined, row: number) => {
    const item = { thing, row, x: 0 };
    (rows[row] ??= []).push(item);
    return item;
  };
  const items = new Map<T, Item<T>>();
  for (const thing of things) items.set(thing, add(thing, rowOf.get(thing)!));
  const above = new Map<Item<T>, Item<T>[]>();
  const below = new Map<Item<T>, Item<T>[]>();
  const lines = things.flatMap((thing) =>
    [...new Set(needs(thing))].map((need) => {
      const [from, to] = [items.get(need)!, items.get(thing)!];
      const bends = Array.from({ length: to.row - from.row - 1 }, (_, i) => add(undefined, from.row + 1 + i));
      const line = [from, ...bends, to];
      for (let i = 1; i < line.length; i++) {
        listOf(below, line[i - 1]!).push(line[i]!);
        listOf(above, line[i]!).push(line[i - 1]!);
      }
      return line;
    }),
  );
  for (const row of rows) spread(row, apart, () => undefined);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    const neighbours = isDown ? above : below;
    for (const row of isDown ? rows : [...rows].reverse()) {
      const wanted = new Map(row.map((item) => [item, meanOf(neighbours.get(item)) ?? item.x]));
      // The last sweeps keep the order, and only straighten.
      if (sweep < SWEEPS - 2) row.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
      spread(row, apart, (item) => wanted.get(item));
    }
  }
  return { items, lines, rowCount: rows.length };
}

/** The row of each thing: below all it needs; what needs nothing is right above its first user. */
function rowsOf<T>(things: readonly T[], needs: (thing: T) => readonly T[]): Map<T, number> {
  const rows = new Map<T, number>();
  const firstUse = new Map<T, number>();
  for (const thing of things) rows.set(thing, Math.max(-1, ...needs(thing).map((need) => rows.get(need)!)) + 1);
  for (const thing of things) {
    for (const need of needs(thing)) firstUse.set(need, Math.min(firstUse.get(need) ?? Infinity, rows.get(thing)!));
  }
  for (const [thing, use] of firstUse) if (needs(thing).length === 0) rows.set(thing, use - 1);
  return rows;
}

/**
 * Places a row, in its order, nearest in squares to where each item wants to be: neighbours that would be too close move
 * as one block (isotonic regression by pooling).
 */
function spread<T>(
  row: readonly Item<T>[],
  apart: (a: Item<T>, b: Item<T>) => number,
  wanted: (item: Item<T>) => number | undefined,
): void {
  let offset = 0;
  const offsets = row.map((item, i) => (offset += i === 0 ? 0 : apart(row[i - 1]!, item)));
  const blocks: { sum: number; count: number }[] = [];
  row.forEach((item, i) => {
    let block = { sum: (wanted(item) ?? offsets[i]! - offset / 2) - offsets[i]!, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count > block.sum / block.count; last = blocks.at(-1)) {
      block = { sum: block.sum + last.sum, count: block.count + last.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const starts = blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
  row.forEach((item, i) => (item.x = starts[i]! + offsets[i]!));
}

function listOf<K, V>(map: Map<K, V[]>, key: K): V[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

function meanOf<T>(items: readonly Item<T>[] | undefined): number | undefined {
  if (!items) return undefined;
  return items.reduce((sum, { x }) => sum + x, 0) / items.length;
}
