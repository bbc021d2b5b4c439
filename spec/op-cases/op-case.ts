import type { AttributeValue } from '../../lib/ir/graph.js';
import type { DType } from '../../lib/ir/dtype.js';

/** Values are drawn from [low, high). */
export type Range = readonly [low: number, high: number];

/** Operands and attributes to try an operation on; the numbers are made to suit its domain. */
export interface OpCase {
  /** Of the operands in their order; fewer than the operation has where the last ones are left out. */
  readonly shapes: readonly (readonly number[])[];
  readonly attrs?: Readonly<Record<string, AttributeValue>>;
  /** Of the operands, the first one's where there is none, then f32. Other dtypes of the signature are tried as well. */
  readonly dtypes?: readonly DType[];
  /** Of every operand's values, [-1, 1) where there is none. */
  readonly range?: Range;
  /** Of each operand's values; goes before `range`. */
  readonly ranges?: readonly Range[];
  /** No two values of an operand are the same: sorting and maxima have one answer then. */
  readonly distinct?: boolean;
  /** Floats are whole numbers too: some are equal. */
  readonly whole?: boolean;
}

/** Cases for each operation of one family. */
export type CasesOf<Family> = Readonly<Record<keyof Family, readonly OpCase[]>>;

/** `{ ...of([3, 5], [5]), attrs: … }`: a case with operands of these shapes. */
export const of = (...shapes: readonly (readonly number[])[]): OpCase => ({ shapes });

/** The same cases with something more. */
export const each = (cases: readonly OpCase[], more: Omit<OpCase, 'shapes'>): OpCase[] =>
  cases.map((entry) => ({ ...entry, ...more }));

/** Shapes for operations on one operand. */
export const unary: readonly OpCase[] = [of([3, 5]), of([]), of([1, 4, 1]), of([0, 3])];

/** Shapes for operations that broadcast two operands. */
export const binary: readonly OpCase[] = [
  of([3, 5], [3, 5]),
  of([3, 5], [5]),
  of([3, 1], [1, 4]),
  of([2, 3, 4], [3, 1]),
  of([], [2, 3]),
  of([0, 2], [1, 2]),
];

/** Dimensions to fold. */
export const reduced: readonly OpCase[] = [
  of([3, 5]),
  { ...of([3, 5]), attrs: { axes: [0] } },
  { ...of([3, 5]), attrs: { axes: [-1], keepdims: true } },
  { ...of([2, 3, 4]), attrs: { axes: [0, 2] } },
  { ...of([2, 3, 4]), attrs: { axes: [0, 1], keepdims: true } },
  { ...of([70, 3]), attrs: { axes: [0] } },
];
