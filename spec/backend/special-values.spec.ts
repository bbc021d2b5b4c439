import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import type { Node } from '../../lib/ir/graph.js';
import { activationOps } from '../../lib/ir/ops/activations.js';
import type { MapOp } from '../../lib/ir/ops/record.js';
import { elementwiseOps } from '../../lib/ir/ops/elementwise.js';
import { foldScalar, scalarPrimitives } from '../../lib/ir/scalar.js';
import { runGraph } from '../run-graph.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

const { fround, abs } = Math;
const magnitudes = [0, 1e-40, 1e-30, 0.3, 0.5, 1, 2, 2.5, 7, 100, 1e10, 3.4e38, Infinity].map(fround);
const special = [...magnitudes, ...magnitudes.map((x) => -x), NaN, fround(1e-3)];
/** Whole vectors, and one element more: kernels with four lanes and with one. */
const inputs = { vectors: special, elements: [...special, NaN] };

/** As f32 arithmetic gives it: every step rounded, so that it overflows where f32 does. */
function expected(op: MapOp, operands: readonly number[]): number {
  return foldScalar<number>(op.expression, {
    constant: fround,
    variable: (index) => operands[index]!,
    call: (fn, args) => fround(scalarPrimitives[fn].evaluate(...args)),
  });
}

const isTiny = (x: number) => abs(x) < 2 ** -126;

/** Adapters may take numbers below f32's normal range for 0, of operands and of results. */
function isRight(op: MapOp, operands: readonly number[], actual: number, relative: number): boolean {
  const flushed = operands.map((x) => (isTiny(x) ? 0 * x : x));
  return [operands, flushed].some((values) => {
    const reference = expected(op, values);
    if (Number.isNaN(reference)) return Number.isNaN(actual);
    if (!Number.isFinite(reference)) return actual === reference;
    return abs(actual - reference) <= 2 ** -126 + relative * abs(reference);
  });
}

/** Arguments that an operation's documentation leaves out. */
const excluded: Readonly<Record<string, (...operands: number[]) => boolean>> = {
  sin: (x) => abs(x) > 1e5 && abs(x) < Infinity,
  cos: (x) => abs(x) > 1e5 && abs(x) < Infinity,
  remainder: (a, b) => abs(a / b) >= 2 ** 24 && Number.isFinite(a / b),
};
/** f32 knows no more digits where e or log of large numbers are in between. */
const relativeErrors: Readonly<Record<string, number>> = { pow: 1e-4 };

const allMaps: readonly MapOp[] = [...Object.values<MapOp>(elementwiseOps), ...Object.values<MapOp>(activationOps)];
const maps = allMaps.filter(
  ({ name, signature }) => name !== 'cast' && signature.operands.every(({ dtype }) => dtype === undefined),
);
const unaryOps = maps.filter(({ signature }) => signature.operands.length === 1);
const binaryOps = maps.filter(({ signature }) => signature.operands.length === 2);

function wrong(op: MapOp, rows: readonly (readonly number[])[], actual: readonly number[]): string[] {
  return rows.flatMap((operands, i) => {
    if (excluded[op.name]?.(...operands)) return [];
    if (isRight(op, operands, actual[i]!, relativeErrors[op.name] ?? 2e-5)) return [];
    return [`${op.name}(${operands.join(', ')}) = ${actual[i]}, not ${expected(op, operands)}`];
  });
}

describe.each(Object.entries(inputs))('elementwise operations of special values, %s', (_, values) => {
  test('of one operand', async () => {
    const builder = new GraphBuilder();
    const x = builder.leaf('input', 'x', [values.length], 'f32');
    const outputs = Object.fromEntries(unaryOps.map(({ name }) => [name, builder.add(name, [x])]));
    const results = await runGraph(device, new Map([[x, values]]), outputs);
    const rows = values.map((value) => [value]);
    expect(unaryOps.flatMap((op) => wrong(op, rows, results.get(op.name)!))).toEqual([]);
  });

  test('of two operands', async () => {
    const builder = new GraphBuilder();
    const a = builder.leaf('input', 'a', [values.length, 1], 'f32');
    const b = builder.leaf('input', 'b', [values.length], 'f32');
    const outputs = Object.fromEntries(binaryOps.map(({ name }) => [name, builder.add(name, [a, b])]));
    const results = await runGraph(device, new Map([[a, values], [b, values]]), outputs); // prettier-ignore
    const rows = values.flatMap((left) => values.map((right) => [left, right]));
    expect(binaryOps.flatMap((op) => wrong(op, rows, results.get(op.name)!))).toEqual([]);
  });
});

const inf = Infinity;
/** What PyTorch 2 gives on a CPU, written down. */
const facts: [op: string, operands: number[], result: number][] = [
  ['maximum', [NaN, 1], NaN], ['maximum', [1, NaN], NaN], ['minimum', [NaN, 1], NaN], ['minimum', [-inf, NaN], NaN],
  ['maximum', [-inf, inf], inf], ['minimum', [-inf, inf], -inf],
  ['relu', [NaN], NaN], ['relu', [-inf], 0], ['relu', [inf], inf], ['sign', [NaN], 0], ['sign', [-inf], -1],
  ['less', [NaN, 1], 0], ['lessEqual', [NaN, NaN], 0], ['greater', [1, NaN], 0], ['greaterEqual', [NaN, NaN], 0],
  ['equal', [NaN, NaN], 0], ['notEqual', [NaN, NaN], 1], ['notEqual', [inf, inf], 0], ['equal', [0, -0], 1],
  ['exp', [100], inf], ['exp', [-inf], 0], ['exp', [inf], inf], ['expm1', [-inf], -1], ['log', [0], -inf],
  ['log', [-1], NaN], ['log', [inf], inf], ['log1p', [-1], -inf], ['log1p', [-2], NaN], ['log1p', [inf], inf],
  ['sqrt', [-1], NaN], ['sqrt', [inf], inf], ['rsqrt', [0], inf], ['rsqrt', [inf], 0], ['rsqrt', [-1], NaN],
  ['reciprocal', [0], inf], ['reciprocal', [-0], -inf], ['mul', [0, inf], NaN], ['sub', [inf, inf], NaN],
  ['div', [0, 0], NaN], ['div', [1, 0], inf], ['floor', [-inf], -inf], ['ceil', [NaN], NaN], ['round', [inf], inf],
  ['sin', [inf], NaN], ['cos', [-inf], NaN], ['tanh', [-inf], -1], ['tanh', [100], 1], ['tanh', [NaN], NaN],
  ['erf', [inf], 1], ['erf', [NaN], NaN], ['sigmoid', [-inf], 0], ['sigmoid', [-100], 0], ['sigmoid', [inf], 1],
  ['silu', [-inf], NaN], ['silu', [inf], inf], ['silu', [-200], 0], ['softplus', [-inf], 0], ['softplus', [1000], 1000],
  ['softplus', [NaN], NaN], ['gelu', [inf], inf], ['gelu', [-inf], NaN], ['gelu', [-100], 0], ['gelu', [NaN], NaN],
  ['geluTanh', [inf], inf], ['geluTanh', [-1000], 0],
  ['pow', [NaN, 0], 1], ['pow', [inf, 0], 1], ['pow', [0, 0], 1], ['pow', [1, NaN], 1], ['pow', [1, inf], 1],
  ['pow', [-1, -inf], 1], ['pow', [-2, 3], -8], ['pow', [-2, 4], 16], ['pow', [-2, -1], -0.5], ['pow', [-2, 0.5], NaN],
  ['pow', [0, -1], inf], ['pow', [-0, -1], -inf], ['pow', [0, -2.5], inf], ['pow', [0, 3], 0], ['pow', [0.5, -inf], inf],
  ['pow', [2, -inf], 0], ['pow', [-inf, 3], -inf], ['pow', [-inf, 0.5], inf], ['pow', [-inf, -3], 0],
  ['remainder', [5, 3], 2], ['remainder', [-5, 3], 1], ['remainder', [5, -3], -1], ['remainder', [-5, -3], -2],
  ['remainder', [5, 0], NaN], ['remainder', [inf, 3], NaN], ['remainder', [5, inf], 5], ['remainder', [-5, inf], inf],
  ['floorDivide', [5, 3], 1], ['floorDivide', [-5, 3], -2], ['floorDivide', [5, 0], inf], ['floorDivide', [-5, inf], -1],
  ['isNan', [NaN], 1], ['isNan', [inf], 0], ['isInf', [-inf], 1], ['isInf', [NaN], 0], ['isFinite', [NaN], 0],
  ['isFinite', [-inf], 0], ['isFinite', [3], 1],
]; // prettier-ignore

test('as PyTorch has them', async () => {
  const builder = new GraphBuilder();
  const feeds = new Map<Node, number[]>();
  const outputs = Object.fromEntries(
    facts.map(([op, operands], i) => {
      const leaves = operands.map((value, j) => {
        const leaf = builder.leaf('input', `x${i} ${j}`, [1], 'f32');
        feeds.set(leaf, [value]);
        return leaf;
      });
      return [`${i}`, builder.add(op, leaves)];
    }),
  );
  const results = await runGraph(device, feeds, outputs);
  const actual = facts.map(([op, operands], i) => `${op}(${operands.join(', ')}) = ${results.get(`${i}`)![0]! + 0}`);
  expect(actual).toEqual(facts.map(([op, operands, result]) => `${op}(${operands.join(', ')}) = ${result}`));
});

describe('constants and casts', () => {
  const run = async (values: number[], write: (builder: GraphBuilder, x: Node) => Record<string, Node>) => {
    const builder = new GraphBuilder();
    const x = builder.leaf('input', 'x', [values.length], 'f32');
    return Object.fromEntries(await runGraph(device, new Map([[x, values]]), write(builder, x)));
  };

  test('infinite and undefined constants keep their values', async () => {
    const results = await run([1, -2, 0, 4], ({ g }, x) => {
      const mask = g.less(x, g.scalar(0, x));
      return {
        masked: g.maskedFill(x, mask, -Infinity),
        nan: g.add(x, g.scalar(NaN, x)),
        infinite: g.mul(x, g.scalar(Infinity, x)),
        unchosen: g.where(mask, g.scalar(NaN, x), x),
        clamped: g.clamp(g.div(x, g.scalar(0, x)), { min: -1, max: 2 }),
        // Constant expressions of WGSL may not overflow; constants of a graph may.
        overflow: g.add(g.mul(g.scalar(3e38, x), g.scalar(10, x)), x),
        divided: g.add(g.div(g.scalar(-1, x), g.scalar(0, x)), x),
      };
    });
    expect(results).toEqual({
      masked: [1, -Infinity, 0, 4],
      nan: [NaN, NaN, NaN, NaN],
      infinite: [Infinity, -Infinity, NaN, Infinity],
      unchosen: [1, NaN, 0, 4],
      clamped: [2, -1, NaN, 2],
      overflow: [Infinity, Infinity, Infinity, Infinity],
      divided: [-Infinity, -Infinity, -Infinity, -Infinity],
    });
  });

  test('floats are held within the range of integers, NaN is 0 and true', async () => {
    const values = [NaN, Infinity, -Infinity, 3e9, -3e9, 5e9, -1.9, 2147483520, -0, 1e-30];
    const results = await run(values, ({ g }, x) => ({
      i32: g.cast(x, 'i32'),
      u32: g.cast(x, 'u32'),
      bool: g.cast(x, 'bool'),
      wrapped: g.cast(g.cast(x, 'i32'), 'u32'),
    }));
    const [least, greatest] = [-(2 ** 31), 2 ** 31 - 1];
    expect(results).toEqual({
      i32: [0, greatest, least, greatest, least, greatest, -1, 2147483520, 0, 0],
      u32: [0, 2 ** 32 - 1, 0, 3e9, 0, 2 ** 32 - 1, 0, 2147483520, 0, 0],
      bool: [1, 1, 1, 1, 1, 1, 1, 1, 0, 1],
      wrapped: [0, greatest, 2 ** 31, greatest, 2 ** 31, greatest, 2 ** 32 - 1, 2147483520, 0, 0],
    });
  });
});

describe.each([{ software: true }, { software: false }])(
  'reductions of special values, software: $software',
  (changes) => {
    /** Rows of 64 elements, all of them 0.5 but for these at their places. */
    const run = async (rows: Record<number, number>[], size: number, op: string, attrs: object) => {
      const builder = new GraphBuilder();
      const x = builder.leaf('input', 'x', [rows.length, size], 'f32');
      const values = rows.flatMap((row) => Array.from({ length: size }, (_, i) => row[i] ?? 0.5));
      const outputs = { y: builder.add(op, [x], { ...attrs }) };
      return (await runGraph(device, new Map([[x, values]]), outputs, changes)).get('y')!;
    };
    const rows = (size: number) => [
      { 0: NaN },
      { [size - 1]: NaN },
      { 3: NaN, 4: Infinity },
      { 1: Infinity },
      { 2: -Infinity },
      Object.fromEntries(Array.from({ length: size }, (_, i) => [i, -Infinity])),
    ];

    test.each([64, 63, 5])('rows of %i', async (size) => {
      const over = { axes: [1] };
      const [max, min, sum, logsumexp, products] = await Promise.all(
        ['max', 'min', 'sum', 'logsumexp', 'prod'].map((op) => run(rows(size), size, op, over)),
      );
      expect(max).toEqual([NaN, NaN, NaN, Infinity, 0.5, -Infinity]);
      expect(min).toEqual([NaN, NaN, NaN, 0.5, -Infinity, -Infinity]);
      expect(sum).toEqual([NaN, NaN, NaN, Infinity, -Infinity, -Infinity]);
      expect(products!.slice(0, 3)).toEqual([NaN, NaN, NaN]);
      expect(logsumexp!.slice(0, 4)).toEqual([NaN, NaN, NaN, Infinity]);
      expect(logsumexp![4]).toBeCloseTo(0.5 + Math.log(size - 1), 5);
      expect(logsumexp![5]).toBe(-Infinity);
    });

    test('softmax: −∞ has no share; a row of nothing else is NaN, and one with NaN or ∞', async () => {
      const size = 8;
      const y = await run(rows(size), size, 'softmax', { axis: -1 });
      const row = (i: number) => y.slice(i * size, (i + 1) * size);
      for (const i of [0, 1, 2, 3, 5]) expect(row(i)).toEqual(Array.from({ length: size }, () => NaN));
      expect(row(4)[2]).toBe(0);
      expect(row(4)[0]).toBeCloseTo(1 / (size - 1), 6);
      const logarithms = await run(rows(size), size, 'logSoftmax', { axis: -1 });
      expect(logarithms[4 * size + 2]).toBe(-Infinity);
      expect(logarithms[4 * size]).toBeCloseTo(-Math.log(size - 1), 5);
      expect(logarithms[5 * size]).toBeNaN();
    });
  },
);
