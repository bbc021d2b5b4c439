/** A tensor that lives for a part of a step: from the kernel that writes it to the last that reads it. */
export interface Lifetime<T> {
  readonly tensor: T;
  /** Bytes. */
  readonly size: number;
  /** Positions in the list of kernels, both included. */
  readonly first: number;
  readonly last: number;
}

export interface MemoryPlan<T> {
  /** Buffer and offset in bytes of each tensor. */
  readonly places: ReadonlyMap<T, { readonly arena: number; readonly offset: number }>;
  /** Bytes of each buffer. */
  readonly arenas: readonly number[];
}

/**
 * Gives tensors whose lifetimes overlap places that do not: largest first, each at the lowest offset that is free
 * while it lives ("greedy by size", Pisarchyk and Lee 2020, arXiv:2001.03288). Buffers hold at most `limit` bytes.
 */
export function planMemory<T>(lifetimes: readonly Lifetime<T>[], alignment: number, limit: number): MemoryPlan<T> {
  const places = new Map<T, { arena: number; offset: number }>();
  const arenas: { size: number; placed: { offset: number; lifetime: Lifetime<T> }[] }[] = [];
  const bySize = [...lifetimes].sort((a, b) => b.size - a.size || a.first - b.first);
  for (const lifetime of bySize) {
    const place = arenas
      .map((arena, index) => ({ arena, index, offset: lowestOffset(arena.placed, lifetime, alignment) }))
      .find(({ offset }) => offset + lifetime.size <= limit);
    const index = place?.index ?? arenas.push({ size: 0, placed: [] }) - 1;
    const offset = place?.offset ?? 0;
    const arena = arenas[index]!;
    arena.placed.push({ offset, lifetime });
    arena.placed.sort((a, b) => a.offset - b.offset);
    arena.size = Math.max(arena.size, offset + lifetime.size);
    places.set(lifetime.tensor, { arena: index, offset });
  }
  return { places, arenas: arenas.map(({ size }) => size) };
}

/** `placed` is sorted by offset. */
function lowestOffset<T>(
  placed: readonly { offset: number; lifetime: Lifetime<T> }[],
  { size, first, last }: Lifetime<T>,
  alignment: number,
): number {
  let offset = 0;
  for (const other of placed) {
    if (other.lifetime.last < first || other.lifetime.first > last) continue;
    if (offset + size <= other.offset) break;
    offset = Math.max(offset, roundUp(other.offset + other.lifetime.size, alignment));
  }
  return offset;
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
