/* Type tests of the rules in lib/dsl/shapes. Nothing runs: `tsc` checks them. */
import type { Add, Divide, KnownSize, Modulo, Multiply, Subtract } from '../../lib/dsl/shapes/arithmetic.js';
import type { AxisOf, Permute, SplitAt, Squeeze, Unsqueeze } from '../../lib/dsl/shapes/axes.js';
import type { Broadcast, BroadcastRows, BroadcastTo } from '../../lib/dsl/shapes/broadcast.js';
import type { Dim, Guard, MayBeEqual, SameDim, SameShape, ShapeOf, Show } from '../../lib/dsl/shapes/dim.js';
import type { Einsum } from '../../lib/dsl/shapes/einsum.js';
import type { Gather, Overwrite, Scatter } from '../../lib/dsl/shapes/indexing.js';
import type { Concat, Stack } from '../../lib/dsl/shapes/lists.js';
import type { Pad, Repeat } from '../../lib/dsl/shapes/padding.js';
import type { PooledSize } from '../../lib/dsl/shapes/pool.js';
import type { Reduce } from '../../lib/dsl/shapes/reduce.js';
import type { Reshape } from '../../lib/dsl/shapes/reshape.js';
import type { CheckParts } from '../../lib/dsl/shapes/parts.js';
import type { PadAxis, RepeatInterleave, Slice, Slide } from '../../lib/dsl/shapes/windows.js';
import type { All, Equal as Is } from './expect.js';

export type Arithmetic = All<
  [
    Is<Add<50257, 1>, 50258>,
    Is<Add<999, 1>, 1000>,
    Is<Add<0, 7>, 7>,
    Is<Add<1, 99999999>, 100000000>,
    Is<Add<123, 99877>, 100000>,
    Is<Add<number, 3>, number>,
    Is<Add<'seq', 1>, 'seq+1'>,
    Is<Add<'seq', 0>, 'seq'>,
    Is<Add<'seq+2', 1>, 'seq+3'>,
    Is<Add<'seq', -1>, number>,
    Is<Multiply<784, 128>, 100352>,
    Is<Multiply<50257, 768>, 38597376>,
    Is<Multiply<99999, 99999>, 9999800001>,
    Is<Multiply<0, 9>, 0>,
    Is<Multiply<100, 10>, 1000>,
    Is<Multiply<'batch', 'seq'>, 'batch*seq'>,
    Is<Multiply<'seq+1', 2>, '(seq+1)*2'>,
    Is<Subtract<1000, 1>, 999>,
    Is<Subtract<224, 224>, 0>,
    Is<Subtract<3, 7>, never>,
    Is<Subtract<'seq', 1>, number>,
    Is<Subtract<'seq+3', 3>, 'seq'>,
    Is<Subtract<'seq+3', 1>, 'seq+2'>,
    Is<Subtract<'seq+3', 4>, number>,
    Is<KnownSize<Subtract<3, 7>>, number>,
    Is<Divide<224, 16>, 14>,
    Is<Divide<7, 2>, 3>,
    Is<Divide<3, 7>, 0>,
    Is<Divide<3, 0>, number>,
    Is<Modulo<32, 6>, 2>,
    Is<Modulo<768, 12>, 0>,
    Is<Modulo<'b', 2>, number>,
  ]
>;

export type Dims = All<
  [
    Is<Show<[32, 'seq', number]>, '[32, seq, ?]'>,
    Is<Show<[]>, '[]'>,
    Is<Show<Dim[]>, '[...]'>,
    Is<SameDim<3, 3, 'yes', 'no'>, 'yes'>,
    Is<SameDim<3, 4, 'yes', 'no'>, 'no'>,
    Is<SameDim<3, number, 'yes', 'no'>, 'yes'>,
    Is<SameDim<'a', 'b', 'yes', 'no'>, 'no'>,
    Is<SameDim<'a', 4, 'yes', 'no'>, 'no'>,
    Is<SameShape<[number, 3], [4, number], 'yes', 'no'>, 'yes'>,
    Is<SameShape<[number, 3], [4, 4], 'yes', 'no'>, 'no'>,
    Is<SameShape<[3], [3, 1], 'yes', 'no'>, 'no'>,
    Is<MayBeEqual<Dim[], [3]>, true>,
    Is<Guard<'op', 'what is wrong', 1>, 'op: what is wrong'>,
    Is<Guard<'op', [3], 1>, 1>,
    Is<ShapeOf<[3, 4]>, [3, 4]>,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what an unknown shape is
    Is<ShapeOf<'mistake'>, any>,
  ]
>;

export type Broadcasting = All<
  [
    Is<Broadcast<[32, 1, 10], [5, 10]>, [32, 5, 10]>,
    Is<Broadcast<['b', 's', 512], [512]>, ['b', 's', 512]>,
    Is<Broadcast<[], [3]>, [3]>,
    Is<Broadcast<[number, 1], [1, 128]>, [number, 128]>,
    Is<Broadcast<[number], [128]>, [128]>,
    Is<Broadcast<[32, 784], [128]>, 'cannot broadcast [32, 784] with [128]: dimensions 784 and 128 differ'>,
    Is<Broadcast<['b'], ['s']>, 'cannot broadcast [b] with [s]: dimensions b and s differ'>,
    Is<BroadcastRows<[8, 5], []>, [8, 5]>,
    Is<BroadcastRows<[8, 1, 5], [12]>, [8, 12, 5]>,
    Is<BroadcastTo<[1, 3], [4, 2, 3]>, [4, 2, 3]>,
    Is<BroadcastTo<[2, 3], [4, 3]>, '[2, 3] does not broadcast to [4, 3]'>,
    Is<BroadcastTo<[4, 3], [3]>, '[4, 3] does not broadcast to [3]'>,
    Is<BroadcastTo<[4], [1]>, '[4] does not broadcast to [1]'>,
  ]
>;

export type Axes = All<
  [
    Is<SplitAt<['a', 'b', 'c'], 0>, [[], 'a', ['b', 'c']]>,
    Is<SplitAt<['a', 'b', 'c'], -1>, [['a', 'b'], 'c', []]>,
    Is<SplitAt<['a'], 1>, null>,
    Is<AxisOf<[3, 4], 1>, [4]>,
    Is<AxisOf<[3, 4], 2>, 'axis 2 is out of range for [3, 4]'>,
    Is<AxisOf<[3, 4], -3>, 'axis -3 is out of range for [3, 4]'>,
    Is<Permute<['b', 's', 12, 64], [0, 2, 1, 3]>, ['b', 12, 's', 64]>,
    Is<Permute<[2, 3], [-1, 0]>, [3, 2]>,
    Is<Permute<[2, 3], [0, -2]>, 'axes [0, -2] repeat an axis'>,
    Is<Permute<[2, 3], [0]>, 'axes [0] do not fit the rank of [2, 3]'>,
    Is<Permute<[2, 3], [number, 0]>, [number, number]>,
    Is<Unsqueeze<[2, 3], 0>, [1, 2, 3]>,
    Is<Unsqueeze<[2, 3], 2>, [2, 3, 1]>,
    Is<Unsqueeze<[2, 3], -2>, [2, 1, 3]>,
    Is<Unsqueeze<[], -1>, [1]>,
    Is<Unsqueeze<[2, 3], 3>, 'axis 3 is out of range for [2, 3]'>,
    Is<Squeeze<[2, 1, 3], 1>, [2, 3]>,
    Is<Squeeze<[2, number], -1>, [2]>,
    Is<Squeeze<[2, 3], 0>, 'cannot remove a dimension of size 2 from [2, 3]: only size 1 can go'>,
  ]
>;

export type Reductions = All<
  [
    Is<Reduce<[32, 10, 7], -1>, [32, 10]>,
    Is<Reduce<[32, 10, 7], 1, true>, [32, 1, 7]>,
    Is<Reduce<[32, 10, 7], [0, -1]>, [10]>,
    Is<Reduce<[32, 10, 7], readonly [0, 2], true>, [1, 10, 1]>,
    Is<Reduce<['b', 's'], undefined>, []>,
    Is<Reduce<['b', 's'], undefined, true>, [1, 1]>,
    Is<Reduce<[32, 10, 7], 3>, 'axis 3 is out of range for [32, 10, 7]'>,
    Is<Reduce<[32, 10, 7], [0, -3]>, 'axes [0, -3] repeat an axis'>,
    Is<Reduce<[32, 10, 7], number>, [number, number]>,
    Is<Reduce<[32, 10, 7], number, true>, [number, number, number]>,
  ]
>;

export type Reshapes = All<
  [
    Is<Reshape<['b', 's', 768], ['b', 's', 12, 64]>, ['b', 's', 12, 64]>,
    Is<Reshape<['b', 's', 768], ['b*s', 768]>, ['b*s', 768]>,
    Is<Reshape<['b', 's', 768], [-1, 768]>, ['b*s', 768]>,
    Is<Reshape<[32, 28, 28], [32, -1]>, [32, 784]>,
    Is<Reshape<['b', 's*2', 384], ['b', 's', 768]>, ['b', 's', 768]>,
    Is<Reshape<['b', number, 768], ['b', 7, 12, 64]>, ['b', 7, 12, 64]>,
    Is<Reshape<[0, 4], [0]>, [0]>,
    Is<Reshape<[], [1, 1]>, [1, 1]>,
    Is<Reshape<[32, 28], [30, -1]>, '[32, 28] cannot become [30, -1]: 896 elements do not divide by 30'>,
    Is<Reshape<[32, 28], [32, 27]>, '[32, 28] cannot become [32, 27]: 896 elements against 864'>,
    Is<Reshape<[32, 28], [-1, -1]>, '[32, 28] cannot become [-1, -1]: only one dimension may be -1'>,
    Is<Reshape<['b', 's', 8], ['b', 't', 8]>, '[b, s, 8] cannot become [b, t, 8]: b*s*8 elements against b*t*8'>,
  ]
>;

export type Windows = All<
  [
    Is<Slice<[10, 3], 0, 2, 5, 1>, [3, 3]>,
    Is<Slice<[10, 3], 0, 2, undefined, 3>, [3, 3]>,
    Is<Slice<[10, 3], -2, -3, undefined, 1>, [3, 3]>,
    Is<Slice<[10], 0, 0, -1, 1>, [9]>,
    Is<Slice<[10], 0, 0, 50, 1>, [10]>,
    Is<Slice<[10], 0, -20, undefined, 2>, [5]>,
    Is<Slice<[10], 0, 5, 2, 1>, [0]>,
    Is<Slice<['b'], 0, 0, undefined, 1>, ['b']>,
    Is<Slice<['b'], 0, 0, 5, 1>, [number]>,
    Is<Slice<['b+1'], 0, 1, undefined, 1>, ['b']>,
    Is<Slice<['b+1'], 0, 0, -1, 1>, ['b']>,
    Is<Slice<[number, 3], 0, 1, undefined, 1>, [number, 3]>,
    Is<Slice<[10, 3], 0, number, undefined, 1>, [number, 3]>,
    Is<Slice<[10], 0, 0, undefined, 0>, 'step must be at least 1, got 0; flip the tensor first'>,
    Is<Slice<[10], 1, 0, undefined, 1>, 'axis 1 is out of range for [10]'>,
    Is<PadAxis<[3, 'h'], 1, 1, 1, 0>, [3, 'h+2']>,
    Is<PadAxis<[3], 0, -1, 2, 0>, [4]>,
    Is<PadAxis<[3], 0, 0, 0, 2>, [7]>,
    Is<PadAxis<['h'], 0, -1, 1, 0>, ['h']>,
    Is<PadAxis<['h'], 0, 0, 'k', 0>, ['h+k']>,
    Is<PadAxis<[3], 0, -5, 0, 0>, 'low -5 and high 0 take more away than [3] has'>,
    Is<PadAxis<[3], 0, 0, 0, -1>, 'interior must be at least 0, got -1'>,
    Is<Slide<[3, 4], 0, 7>, [7, 4]>,
    Is<Slide<[3, 4], 2, 7>, 'axis 2 is out of range for [3, 4]'>,
    Is<RepeatInterleave<['b', 4], 3, 0>, ['b*3', 4]>,
    Is<RepeatInterleave<[3], -1, 0>, 'times must be at least 0, got -1'>,
    Is<Pad<[2, 3], [1, 1]>, [2, 5]>,
    Is<Pad<['h', 'w'], [1, 1, 0, 2]>, ['h+2', 'w+2']>,
    Is<Pad<[2, 3], [number, 1]>, [2, number]>,
    Is<Pad<[2, 3], [1]>, 'pads [1] must come in pairs'>,
    Is<Pad<[2], [1, 1, 1, 1]>, 'pads [1, 1, 1, 1] are more than two for each dimension of [2]'>,
    Is<Pad<[2, 3], [-2, -2]>, 'pads [-2, -2] take more away than [2, 3] has'>,
    Is<Repeat<[2, 3], [4, 1, 2]>, [4, 2, 6]>,
    Is<Repeat<['b'], ['k', 2]>, ['k', 'b*2']>,
    Is<Repeat<[2, 3], [2]>, 'times [2] are fewer than the dimensions of [2, 3]'>,
    Is<Repeat<[2], [-1]>, 'times [-1] must be at least 0'>,
    Is<PooledSize<28, 2, never, 0, 1, false>, 14>,
    Is<PooledSize<28, 3, 2, 1, 1, false>, 14>,
    Is<PooledSize<7, 2, 2, 0, 1, false>, 3>,
    Is<PooledSize<7, 2, 2, 0, 1, true>, 4>,
    Is<PooledSize<5, 1, 4, 1, 1, true>, 2>,
    Is<PooledSize<'h', 3, 1, 1, 1, false>, 'h'>,
    Is<PooledSize<2, 5, 1, 0, 1, false>, number>,
    Is<PooledSize<7, 2, 2, 0, 1, boolean>, number>,
  ]
>;

export type Indices = All<
  [
    Is<Gather<[2, 3], [2, 9], 1>, [2, 9]>,
    Is<Gather<['b', 3], ['b', 1], -1>, ['b', 1]>,
    Is<Gather<[2, 3], [3, 1], 1>, 'index [3, 1] does not fit into x [2, 3] beside axis -1'>,
    Is<Gather<[4, 3, 2], [5, 3, 2], 1>, 'index [5, 3, 2] does not fit into x [4, 3, 2] beside axis -2'>,
    Is<Gather<[2, 3], [2], 0>, 'index [2] does not fit into x [2, 3] beside axis -2'>,
    Is<Scatter<[2, 3], [2, 9], 1>, Dim[]>,
    Is<Scatter<[2, 3], [3, 9], 1>, 'index [3, 9] does not fit into x [2, 3] beside axis -1'>,
    Is<Overwrite<[2, 3], [2, 2], 1>, Dim[]>,
    Is<Overwrite<['b', 3], ['b', 1], -1>, Dim[]>,
    Is<Overwrite<[2, 3], [3, 2], -1>, 'values [3, 2] must have the shape of x [2, 3], but for fewer along axis -1'>,
  ]
>;

export type Splits = All<
  [
    Is<CheckParts<[6, 3], [2, 4], 0>, null>,
    Is<CheckParts<['b', 3], [2, 'c'], 0>, null>,
    Is<CheckParts<[6, 3], [2, 3], 0>, 'sizes [2, 3] add up to 5, but the axis has 6'>,
    Is<CheckParts<[6, 3], 0, 0>, 'size must be at least 1, got 0'>,
    Is<CheckParts<[6, 3], 2, 2>, 'axis 2 is out of range for [6, 3]'>,
  ]
>;

export type Lists = All<
  [
    Is<Concat<[[2, 3], [2, 4]], 1>, [2, 7]>,
    Is<Concat<[['b', 3], ['b', 4], ['b', 'k']], -1>, ['b', '7+k']>,
    Is<Concat<[[number, 3], ['b', 4]], 1>, [number, 7]>,
    Is<Concat<['b', 3][], 0>, [number, 3]>,
    Is<Concat<[[2, 3], [5, 4]], 1>, 'dimension 0 is 2 in xs[0] but 5 in xs[1]'>,
    Is<Concat<[[2, 3], [2]], 1>, 'the rank of xs[0] [2, 3] is not that of xs[1] [2]'>,
    Is<Stack<[[2, 3], [2, 3]], 0>, [2, 2, 3]>,
    Is<Stack<[[2, 3], [2, 3]], -1>, [2, 3, 2]>,
    Is<Stack<['b', 3][], 1>, ['b', number, 3]>,
    Is<Stack<[[2, 3], [2, 4]], 0>, 'xs[0] is [2, 3] but xs[1] is [2, 4]'>,
    Is<Einsum<[[2, 3], [3, 4]], 'ij,jk->ik'>, [2, 4]>,
    Is<Einsum<[['b', 3, 4], ['b', 4, number]], 'bij, bjk -> bik'>, ['b', 3, number]>,
    Is<Einsum<[[2, 2]], 'ii'>, []>,
    Is<Einsum<[[2, 3], [3, 4]], 'zj,ja'>, [4, 2]>,
    Is<Einsum<[[2, 3]], '...j->...'>, Dim[]>,
    Is<Einsum<[[2, 3]], string>, Dim[]>,
    Is<Einsum<[[2, 3], [5, 4]], 'ij,jk->ik'>, 'j is 3 in xs[0] but 5 in xs[1]'>,
    Is<Einsum<[[2, 3]], 'ij->iq'>, "'q' of the result is in no operand">,
    Is<Einsum<[[2, 3]], 'ij->ii'>, "'i' stands twice in the result 'ii'">,
    Is<Einsum<[[2, 3]], 'ijk->i'>, "'ijk' does not fit the rank of xs[0] [2, 3]">,
    Is<Einsum<[[2, 3]], 'ij,jk->i'>, 'the equation has more terms than there are tensors, 1'>,
    Is<Einsum<[[2, 3], [3, 4]], 'ij->i'>, 'the equation has 1 terms for 2 tensors'>,
  ]
>;
