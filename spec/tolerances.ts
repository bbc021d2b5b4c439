import { isFloat, type DType } from '../lib/ir/dtype.js';
import { findOp, type OpName } from '../lib/ir/ops/index.js';

/** |actual − expected| ≤ absolute + relative·|expected| + ofLargest·max |expected|. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
  readonly ofLargest?: number;
}

const exact: Tolerance = { relative: 0, absolute: 0 };

/** Those of torch.testing.assert_close. */
const byDType: Record<DType, Tolerance> = {
  f32: { relative: 1.3e-6, absolute: 1e-5 },
  f16: { relative: 1e-3, absolute: 1e-5 },
  bf16: { relative: 1.6e-2, absolute: 1e-5 },
  i32: exact,
  u32: exact,
  bool: exact,
};

/** Operations whose f32 results need more, and why. */
const wider: { readonly [Name in OpName]?: Partial<Tolerance> } = {
  // Where a row is constant, the rounding of its mean, 6e-8 of it, is multiplied by 1/√eps = 316.
  layerNorm: { absolute: 3e-5 },
  // Where σ(x) is almost the target, the rounding of σ, 1e-7, is multiplied by the gradient of the sum, some thousands.
  bceWithLogits: { absolute: 3e-5 },
  // Where a row is constant, its gradient cancels but for the rounding of a sum, 6e-6 of each element, and elements add up.
  logSoftmax: { absolute: 4e-5 },
};

/**
 * What composites and gradients of 16 bits keep in between has 16 bits too, and where it cancels its rounding is left:
 * four roundings of the largest element. Most come to 1.4 of them; bceWithLogits of one element to 4.3, −1.2 + 1.8 = 0.6.
 */
const ofLargest: Readonly<Partial<Record<DType, number>>> = { f16: 4 * 2 ** -11, bf16: 4 * 2 ** -8 };
const shareOfLargest = (dtypes: readonly DType[]) => Math.max(...dtypes.map((dtype) => ofLargest[dtype] ?? 0));

/** What a result may differ by, given the dtypes that it was computed in. */
export function toleranceOf(op: string, result: DType, operands: readonly DType[]): Tolerance {
  if (!isFloat(result)) return exact;
  const given: Readonly<Record<string, Partial<Tolerance> | undefined>> = wider;
  const all = [result, ...operands].map((dtype) => byDType[dtype]);
  return {
    relative: Math.max(given[op]?.relative ?? 0, ...all.map(({ relative }) => relative)),
    absolute: Math.max(given[op]?.absolute ?? 0, ...all.map(({ absolute }) => absolute)),
    ofLargest: findOp(op)?.kind === 'composite' ? shareOfLargest([result, ...operands]) : 0,
  };
}

/** The same for a gradient: a sum over all that the operand was broadcast to, and of products of larger numbers. */
export function gradientTolerance(op: string, gradient: DType, operands: readonly DType[]): Tolerance {
  const { relative, absolute } = toleranceOf(op, gradient, operands);
  const ofLargest = shareOfLargest([gradient, ...operands]);
  return { relative: 10 * relative, absolute: 10 * absolute, ofLargest: 10 * ofLargest };
}

/**
 * `3: 0.1 against 0.2`: the worst element that is too far from what was expected; undefined where none is. NaN is demanded
 * where it is expected, and only there.
 */
export function mismatch(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative, absolute, ofLargest = 0 }: Tolerance,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} elements against ${expected.length}`;
  const largest = ofLargest === 0 ? 0 : Array.from(expected).reduce((most, b) => (Math.abs(b) > most ? Math.abs(b) : most), 0); // prettier-ignore
  let worst: { at: number; ratio: number } | undefined;
  for (let at = 0; at < expected.length; at++) {
    const [a, b] = [actual[at]!, expected[at]!];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const ratio = Math.abs(a - b) / (absolute + relative * Math.abs(b) + ofLargest * largest);
    if (!(ratio <= Math.max(1, worst?.ratio ?? 0))) worst = { at, ratio: Number.isNaN(ratio) ? Infinity : ratio };
  }
  return worst && `${worst.at}: ${actual[worst.at]} against ${expected[worst.at]}, ${worst.ratio} tolerances`;
}
