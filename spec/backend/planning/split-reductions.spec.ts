import { beforeAll, describe, expect, test } from '@jest/globals';
import { openDevice } from '../../../lib/backend/device/open.js';
import type { Device } from '../../../lib/backend/device/device.js';
import { planGraph } from '../../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import { Graph, type Node } from '../../../lib/ir/graph.js';
import { limits } from '../limits.js';
import { runGraph } from '../../run-graph.js';

const shape = [6, 60, 700];
const values = Float32Array.from({ length: 6 * 60 * 700 }, (_, i) => Math.sin(i * i));

/** Folds along the last two, the first two, the outer two or all dimensions, by hand. */
function folded(axes: readonly number[], combine: (a: number, b: number) => number, initial: number): number[] {
  const kept = shape.map((size, axis) => (axes.includes(axis - 3) ? 1 : size));
  const result = new Array<number>(kept[0]! * kept[1]! * kept[2]!).fill(initial);
  values.forEach((value, at) => {
    const place = [Math.floor(at / 42000), Math.floor(at / 700) % 60, at % 700].map((i, axis) => i % kept[axis]!);
    const to = (place[0]! * kept[1]! + place[1]!) * kept[2]! + place[2]!;
    result[to] = combine(result[to]!, value);
  });
  return result;
}

const sums = (axes: readonly number[]) => folded(axes, (a, b) => a + b, 0);

describe('reductions of many elements to few', () => {
  let device: Device;
  beforeAll(async () => void (device = await openDevice()));

  test.each([true, false])('are done in parts, and give what they are, software: %s', async (software) => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const x = builder.leaf('input', 'x', shape, 'f32');
    const outputs = {
      all: g.sum(x),
      mean: g.mean(x, { axes: [-2, -1], keepdims: true }),
      largest: g.max(x, { axes: [-3, -2, -1] }),
      squares: g.sum(g.square(x), { axes: [-2, -1] }),
    };
    const got = await runGraph(
      device,
      new Map([[x, values]]),
      outputs,
      software === device.info.software ? {} : { software },
    );
    const expectClose = (name: keyof typeof outputs, expected: readonly number[], tolerance: number) => {
      const differences = got.get(name)!.map((value, i) => Math.abs(value - expected[i]!));
      expect(differences).toHaveLength(expected.length);
      expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
    };
    // Elements are at most 1: a millionth of their number is far above rounding, and far below a part left out.
    expectClose('all', sums([-3, -2, -1]), 0.252);
    const means = sums([-2, -1]).map((sum) => sum / 42000);
    expectClose('mean', means, 1e-6);
    expectClose('largest', folded([-3, -2, -1], Math.max, -Infinity), 0);
    const squares = folded([-2, -1], (a, b) => a + b * b, 0);
    expectClose('squares', squares, 0.042);
  });

  test('take a second dispatch, which few elements or many results are not worth', () => {
    const kernels = (size: readonly number[], write: (x: Node) => Node) => {
      const builder = new GraphBuilder();
      const x = builder.leaf('input', 'x', size, 'f32');
      const graph = new Graph({ inputs: new Map([['x', x]]), outputs: new Map([['y', write(x)]]) });
      return planGraph(graph, limits).kernels.length;
    };
    const { g } = new GraphBuilder();
    expect(kernels([512, 512], (x) => g.sum(x))).toBe(2);
    expect(kernels([512, 512], (x) => g.mean(g.square(x)))).toBe(2);
    expect(kernels([128, 128], (x) => g.sum(x))).toBe(1);
    expect(kernels([512, 512], (x) => g.sum(x, { axes: -1 }))).toBe(1);
    // A prime number of elements has no equal parts.
    expect(kernels([65537], (x) => g.sum(x))).toBe(1);
  });
});
