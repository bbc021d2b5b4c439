/* Type tests of the rules in lib/dsl/shapes. Nothing runs: `tsc` checks them. */
import type { Add, Divide, Modulo, Multiply, Subtract } from '../../lib/dsl/shapes/arithmetic.js';
import type { AxisOf, Permute, SplitAt, Squeeze, Unsqueeze } from '../../lib/dsl/shapes/axes.js';
import type { Broadcast, BroadcastRows, BroadcastTo } from '../../lib/dsl/shapes/broadcast.js';
import type { Dim, Guard, MayBeEqual, SameDim, SameShape, ShapeOf, Show } from '../../lib/dsl/shapes/dim.js';
import type { Reduce } from '../../lib/dsl/shapes/reduce.js';
import type { Reshape } from '../../lib/dsl/shapes/reshape.js';
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
    Is<Reduce<[32, 10, 7], -1, false>, [32, 10]>,
    Is<Reduce<[32, 10, 7], 1, true>, [32, 1, 7]>,
    Is<Reduce<[32, 10, 7], [0, -1], false>, [10]>,
    Is<Reduce<[32, 10, 7], readonly [0, 2], true>, [1, 10, 1]>,
    Is<Reduce<['b', 's'], undefined, false>, []>,
    Is<Reduce<['b', 's'], undefined, true>, [1, 1]>,
    Is<Reduce<[32, 10, 7], 3, false>, 'axis 3 is out of range for [32, 10, 7]'>,
    Is<Reduce<[32, 10, 7], [0, -3], false>, 'axes [0, -3] repeat an axis'>,
    Is<Reduce<[32, 10, 7], number, false>, [number, number]>,
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
