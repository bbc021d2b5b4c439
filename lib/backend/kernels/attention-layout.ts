import { BUSY_WORKGROUPS } from '../../rewrite/product-tiles.js';
import type { AttentionShape } from '../fusion/attention.js';
import type { KernelProfile } from './profile.js';

/** How a workgroup of {@link ATTENTION_INVOCATIONS} shares an attention: 4 × 4 scores an invocation at a time. */
export interface AttentionLayout {
  /** Scores that a workgroup has at a time. */
  readonly rows: number;
  readonly keys: number;
  readonly workgroups: number;
  /** Invocations beside each other that share four rows. */
  readonly groups: number;
  /** Those of them that have different columns of values; where some are left, `parts` have the same. */
  readonly across: number;
  readonly parts: number;
  /** Vectors of four columns that an invocation has, and columns that all of them have. */
  readonly vectors: number;
  readonly columns: number;
  /** Elements of vectors that are multiplied in one round, and keys whose values are. */
  readonly depth: number;
  /** Numbers in workgroup memory, by the array's name. */
  readonly memory: { readonly tileA: number; readonly tileB: number; readonly weights: number };
}

export const ATTENTION_INVOCATIONS = 128;

/** The more workgroups a tile gives, the fewer rows share what is read of keys and values. */
const TILES = [
  { rows: 64, keys: 32 },
  { rows: 32, keys: 64 },
  { rows: 16, keys: 128 },
] as const;
/** Up to so many rows kernels that have many workgroups for the keys of each are better, */
const FEW_ROWS = 8;
/** and for more rows as well where few workgroups would go through many keys. */
const FEW_WORKGROUPS = 32;
const MANY_KEYS = 1024;
/** Columns of values: each invocation has four rows of its share of them in registers. */
const MOST_COLUMNS = 160;
/** Scores that a tensor of the greatest size holds at most, of attentions that are not to store theirs. */
const SCORES_IN_A_TENSOR = 32;
/** Bytes of workgroup memory that every GPU has, and that suffice. */
const LEAST_MEMORY = 16384;

/** Whether one kernel suits an attention: on an adapter with workgroup memory, where there is work for many workgroups. */
export function suitsAttention(shape: AttentionShape, profile: KernelProfile): boolean {
  const { software, maxInvocations, workgroupMemory } = profile;
  const { rows, keys, width } = shape;
  if (software || maxInvocations < ATTENTION_INVOCATIONS || workgroupMemory < LEAST_MEMORY) return false;
  if (rows <= FEW_ROWS || width > MOST_COLUMNS) return false;
  return keys <= MANY_KEYS || attentionLayout(shape, profile).workgroups >= FEW_WORKGROUPS;
}

/**
 * Whether the gradients of an attention compute its weights again: where these are so large, measured by what a tensor may
 * have, that the memory is worth more than the time. Gradients have five products of the scores' size more then, and
 * save about 36 bytes of traffic for each score, which a GPU moves in less time. `mostBytes`: of a tensor.
 */
export function suitsGradients({ batches, rows, keys }: AttentionShape, mostBytes: number): boolean {
  return 4 * batches * rows * keys * SCORES_IN_A_TENSOR >= mostBytes;
}

export function attentionLayout(
  { batches, rows, width }: AttentionShape,
  { workgroupMemory }: Pick<KernelProfile, 'workgroupMemory'>,
): AttentionLayout {
  const workgroupsOf = (tile: (typeof TILES)[number]) => Math.ceil(rows / tile.rows) * batches;
  const tile = TILES.find((each) => workgroupsOf(each) >= BUSY_WORKGROUPS) ?? TILES[2];
  const groups = tile.keys / 4;
  const whole = Math.ceil(width / 4);
  const parts = Math.max(1, Math.floor(groups / whole));
  const across = parts > 1 ? whole : groups;
  const vectors = Math.ceil(whole / groups);
  const columns = across * vectors * 4;
  const memoryFor = (depth: number) => ({
    // Queries, or what the invocations of a row have to tell each other.
    tileA: Math.max(depth * (tile.rows + 4), groups * tile.rows),
    // Keys, or values.
    tileB: depth * (Math.max(tile.keys, columns) + 4),
    weights: tile.keys * (tile.rows + 1),
  });
  const bytes = 4 * Object.values(memoryFor(16)).reduce((sum, length) => sum + length);
  const depth = bytes <= workgroupMemory ? 16 : 8;
  const workgroups = workgroupsOf(tile);
  return { ...tile, workgroups, groups, across, parts, vectors, columns, depth, memory: memoryFor(depth) };
}
