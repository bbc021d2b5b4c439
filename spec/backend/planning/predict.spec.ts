import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { costCases } from '../../../bench/cost/cases.js';
import { compare } from '../../../bench/cost/compare.js';
import type { Measurement } from '../../../bench/cost/take.js';
import { adapterProfiles, type AdapterName } from '../../../lib/backend/planning/adapters.js';
import { planGraph } from '../../../lib/backend/planning/plan.js';
import { planCost, type PlanCost } from '../../../lib/backend/planning/predict.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import type { DType } from '../../../lib/ir/dtype.js';
import { Graph, type Node } from '../../../lib/ir/graph.js';

type Write = (g: GraphBuilder['g'], leaf: (shape: readonly number[], dtype?: DType) => Node) => Node | Node[];

function costOf(adapter: AdapterName, write: Write): PlanCost {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const leaf = (shape: readonly number[], dtype: DType = 'f32') => {
    const node = builder.leaf('input', `x${inputs.size}`, shape, dtype);
    inputs.set(`x${inputs.size}`, node);
    return node;
  };
  const outputs = new Map([write(builder.g, leaf)].flat().map((node, i) => [`y${i}`, node]));
  const { limits, rates } = adapterProfiles[adapter];
  return planCost(planGraph(new Graph({ inputs, outputs }), limits), rates);
}

const timeOf = (adapter: AdapterName, write: Write) => costOf(adapter, write).microseconds;
const adapters = ['discrete', 'software'] as const;

describe.each(['h100', 'swiftshader'])('what was measured on %s', (name) => {
  const folder = path.join(process.cwd(), 'bench', 'cost', 'measured');
  const measurement = JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as Measurement;

  test('is of at least 40 of the kernels that are there', () => {
    const names = new Set(costCases.map((costCase) => costCase.name));
    const measured = Object.keys(measurement.cases);
    expect(measured.filter((known) => !names.has(known))).toEqual([]);
    expect(measured.length).toBeGreaterThanOrEqual(40);
  });

  test('is ordered as it is predicted', () => {
    expect(compare(measurement).rankCorrelation).toBeGreaterThanOrEqual(0.9);
  });
});

/** Of each kind a dimension that grows. A GPU does the smallest of some kinds by kernels that suit large ones better: they are left out. */
const growing: readonly (readonly [name: string, write: (size: number) => Write])[] = [
  ['a map', (n) => (g, leaf) => g.exp(leaf([64 * n]))],
  ['a transposed copy', (n) => (g, leaf) => g.transpose(leaf([8 * n, 64]))],
  ['a sum of rows, their length', (n) => (g, leaf) => g.sum(leaf([64, 16 * n]), { axes: [-1] })],
  ['a sum of rows, their number', (n) => (g, leaf) => g.sum(leaf([16 * n, 64]), { axes: [-1] })],
  ['a sum of columns', (n) => (g, leaf) => g.sum(leaf([16 * n, 64]), { axes: [-2] })],
  ['softmax', (n) => (g, leaf) => g.softmax(leaf([64, 16 * n]))],
  ['a layer norm', (n) => (g, leaf) => g.layerNorm(leaf([16 * n, 64]), leaf([64]), leaf([64]))],
  ['a product, its rows', (n) => (g, leaf) => g.matmul(leaf([n, 64]), leaf([64, 64]))],
  ['a product, its columns', (n) => (g, leaf) => g.matmul(leaf([64, 64]), leaf([64, n]))],
  ['a product, its depth', (n) => (g, leaf) => g.matmul(leaf([64, 16 * n]), leaf([16 * n, 64]))],
  ['a product, its batch', (n) => (g, leaf) => g.matmul(leaf([n, 32, 32]), leaf([n, 32, 32]))],
  ['a product of a vector', (n) => (g, leaf) => g.matmul(leaf([1, 16 * n]), leaf([16 * n, 64]))],
  ['a convolution', (n) => (g, leaf) => g.conv2d(leaf([1, 8, n + 2, 16]), leaf([8, 8, 3, 3]))],
  ['attention', (n) => (g, leaf) => g.scaledDotProductAttention(leaf([2, n, 32]), leaf([2, n, 32]), leaf([2, n, 32]))],
  ['rows of a table', (n) => (g, leaf) => g.embedding(leaf([n], 'i32'), leaf([100, 32]))],
  ['a scattered sum, its indices', (n) => (g, leaf) => g.scatterAdd(leaf([100, 8]), leaf([n, 8], 'i32'), leaf([n, 8]), 0)],
  ['a scattered sum, its places', (n) => (g, leaf) => g.scatterAdd(leaf([n, 8]), leaf([9, 8], 'i32'), leaf([9, 8]), 0)],
]; // prettier-ignore

describe.each(adapters)('on the profile %s a kernel takes longer the more there is to do', (adapter) => {
  test.each(growing)('%s', (_, write) => {
    const times = [64, 256, 1024].map((size) => timeOf(adapter, write(size)));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)!).toBeGreaterThan(times[0]!);
  });
});

describe('what time depends on', () => {
  test.each(adapters)('on the profile %s: the functions of a map', (adapter) => {
    const map = (write: (g: GraphBuilder['g'], x: Node) => Node) =>
      timeOf(adapter, (g, leaf) => write(g, leaf([2 ** 22])));
    expect(map((g, x) => g.tanh(x))).toBeGreaterThan(map((g, x) => g.exp(x)));
    expect(map((g, x) => g.exp(x))).toBeGreaterThan(map((g, x) => g.neg(x)));
  });

  test('on a GPU: the dtype', () => {
    const map = (dtype: DType) => timeOf('discrete', (g, leaf) => g.neg(leaf([2 ** 24], dtype)));
    expect(map('f16')).toBeLessThan(0.7 * map('f32'));
  });

  test('on a GPU: whether neighbours lie beside each other', () => {
    const moved = (axes: readonly number[]) => timeOf('discrete', (g, leaf) => g.permute(leaf([256, 256, 256]), axes));
    expect(moved([1, 2, 0])).toBeGreaterThan(2 * moved([1, 0, 2]));
  });

  test('on a GPU: whether there are workgroups for all processors', () => {
    const product = (m: number, k: number, n: number) =>
      timeOf('discrete', (g, leaf) => g.matmul(leaf([m, k]), leaf([k, n])));
    expect(product(32, 8192, 32)).toBeGreaterThan(5 * product(256, 128, 256));
  });

  test.each(adapters)('on the profile %s: how many launches there are', (adapter) => {
    const apart: Write = (g, leaf) => g.exp(leaf([1024]));
    const together = costOf(adapter, (g, leaf) => [g.exp(leaf([1024])), g.log(leaf([1024]))]);
    expect(together.dispatches).toBe(1);
    expect(together.microseconds).toBeLessThan(2 * timeOf(adapter, apart));
  });

  test.each(adapters)('on the profile %s: nothing, where there are no elements', (adapter) => {
    expect(costOf(adapter, (g, leaf) => g.exp(leaf([0])))).toMatchObject({ dispatches: 0, microseconds: 0 });
  });
});
