import { describe, expect, test } from '@jest/globals';
import { ops, type OpName } from '../lib/ir/ops/index.js';
import { ALL_SHAPES, allCases } from './op-cases/generate.js';
import { describeCase } from './op-harness.js';

describe('cases of operations', () => {
  test(`every operation is tried on at least ${ALL_SHAPES} shapes`, () => {
    const short = (Object.keys(ops) as OpName[]).filter((name) => allCases(name).length < ALL_SHAPES);
    expect(short).toEqual([]);
  });

  test('are the same each time', () => {
    expect(allCases('matmul').map(describeCase)).toEqual(allCases('matmul').map(describeCase));
  });

  test('have every rank, empty tensors, single elements and sizes around those of tiles', () => {
    const shapes = (Object.keys(ops) as OpName[]).flatMap(allCases).flatMap((entry) => entry.shapes);
    const ranks = new Set(shapes.map(({ length }) => length));
    for (const rank of [0, 1, 2, 3, 4, 5]) expect(ranks).toContain(rank);
    const sizes = new Set(shapes.flat());
    for (const size of [0, 1, 3, 63, 64, 65]) expect(sizes).toContain(size);
  });
});
