import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import type { DType } from '../../lib/ir/dtype.js';
import { Graph, leafName, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { runGraph } from '../run-graph.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

type G = GraphBuilder['g'];

/** ∂Σy/∂x. */
type Slope = (y: Node, x: Node) => Node;

/** Values of what `write` makes of vectors, or matrices, on the device; the interpreter must agree. */
async function valuesOf(
  operands: readonly {
    readonly values: readonly number[];
    readonly shape?: readonly number[];
    readonly dtype?: DType;
  }[],
  write: (g: G, leaves: readonly Node[], slope: Slope) => Node | readonly Node[],
): Promise<number[][]> {
  const builder = new GraphBuilder();
  const inputs = new Map(
    operands.map(({ values, shape = [values.length], dtype = 'f32' }, i) => [
      builder.leaf('input', `x${i}`, shape, dtype),
      values,
    ]),
  );
  const slope: Slope = (y, x) => gradients(builder, builder.g.sum(y), [x])[0]!;
  const written = [write(builder.g, [...inputs.keys()], slope)].flat();
  const outputs = Object.fromEntries(written.map((node, i) => [`y${i}`, node]));
  const graph = new Graph({
    inputs: new Map([...inputs.keys()].map((leaf) => [leafName(leaf), leaf])),
    outputs: new Map(Object.entries(outputs)),
  });
  const interpreted = interpret(
    graph,
    Object.fromEntries([...inputs].map(([leaf, values]) => [leafName(leaf), values])),
  );
  const found = await runGraph(device, inputs, outputs);
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries([...interpreted.outputs].map(([name, y]) => [name, [...y]])),
  );
  return [...found.values()];
}

const integers = (values: readonly number[]) => ({ values, dtype: 'i32' as const });
const position = (value: number) => ({ values: [value], shape: [], dtype: 'i32' as const });

describe('orders, as PyTorch has them', () => {
  const special = [2, NaN, -Infinity, 2, Infinity, NaN, -0, 0];

  test('NaN is the greatest, equal elements keep their order', async () => {
    const found = await valuesOf([{ values: special }], (g, [x]) => [
      g.argsort(x!),
      g.argsort(x!, { descending: true }),
      g.topkIndices(x!, 3),
      g.topkIndices(x!, 3, { largest: false }),
    ]);
    expect(found).toEqual([[2, 6, 7, 0, 3, 4, 1, 5], [1, 5, 4, 0, 3, 6, 7, 2], [1, 5, 4], [2, 6, 7]]); // prettier-ignore
  });

  test('argmax and argmin take the first NaN, else the first of equal elements', async () => {
    const found = await valuesOf([{ values: special }, { values: [1, 3, -1, 3, -1] }], (g, [x, y]) => [
      g.argmax(x!),
      g.argmin(x!),
      g.argmax(y!),
      g.argmin(y!),
    ]);
    expect(found).toEqual([[1], [1], [1], [2]]);
  });

  test('of -Infinity alone, and of integers at the ends of their range', async () => {
    const found = await valuesOf(
      [
        { values: [-Infinity, -Infinity] },
        integers([0, 2 ** 31 - 1, -(2 ** 31)]),
        { values: [7, 2 ** 32 - 1, 0], dtype: 'u32' },
      ],
      (g, [x, y, z]) => [g.argmax(x!), g.argmax(y!), g.argmin(y!), g.argsort(y!), g.argmax(z!), g.argsort(z!)],
    );
    expect(found).toEqual([[0], [1], [2], [2, 0, 1], [1], [2, 0, 1]]);
  });

  test('of many equal elements, by the order of sort()', async () => {
    const values = Array.from({ length: 300 }, (_, i) => (i * i * 7) % 11);
    const [found] = await valuesOf([{ values }], (g, [x]) => g.argsort(x!));
    const expected = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
    expect(found).toEqual(expected);
  });
});

describe('sums of a long dimension', () => {
  test('over several levels of blocks, exact in integers', async () => {
    const values = Array.from({ length: 5000 }, (_, i) => ((i * 37) % 101) - 50);
    let total = 0;
    const expected = values.map((value) => (total += value));
    expect(await valuesOf([integers(values)], (g, [x]) => g.cumsum(x!, 0))).toEqual([expected]);
  });

  test('what is infinite stays behind its place', async () => {
    const values = Array.from({ length: 130 }, (_, i) => (i === 100 ? Infinity : 1));
    const [found] = await valuesOf([{ values }], (g, [x]) => g.cumsum(x!, 0));
    expect(found!.slice(98, 102)).toEqual([99, 100, Infinity, Infinity]);
  });
});

describe('positions known when a step runs', () => {
  test('the last of several elements for one place stays, one outside is not written', async () => {
    const found = await valuesOf(
      [{ values: [0, 0, 0] }, integers([1, 1, -1, 5, 0, 1]), { values: [1, 2, 3, 4, 5, 6] }],
      (g, [x, index, source]) => g.scatterRows(x!, index!, source!, 0),
    );
    expect(found).toEqual([[5, 6, 0]]);
  });

  test.each([
    [1, [2, 3], [0, 1, 1, 0]],
    [-1, [NaN, 1], [1, 0, 0, 0]],
    [3, [4, NaN], [0, 0, 0, 1]],
    [9, [NaN, NaN], [0, 0, 0, 0]],
  ])('dynamicSlice at %d', async (at, expected, slope) => {
    const [slice, gradient] = await valuesOf([{ values: [1, 2, 3, 4] }, position(at)], (g, [x, start], slope) => {
      const y = g.dynamicSlice(x!, start!, 0, 2);
      return [y, slope(y, x!)];
    });
    expect(slice).toEqual(expected);
    expect(gradient).toEqual(slope);
  });

  test.each([
    [1, [0, 5, 6, 0], [1, 0, 0, 1], [1, 1]],
    [-1, [6, 0, 0, 0], [0, 1, 1, 1], [0, 1]],
    [3, [0, 0, 0, 5], [1, 1, 1, 0], [1, 0]],
    [-7, [0, 0, 0, 0], [1, 1, 1, 1], [0, 0]],
  ])('writeAt %d', async (at, expected, slopeOfX, slopeOfValues) => {
    const operands = [{ values: [0, 0, 0, 0] }, { values: [5, 6] }, position(at)];
    const found = await valuesOf(operands, (g, [x, values, start], slope) => {
      const y = g.writeAt(x!, values!, start!, 0);
      return [y, slope(y, x!), slope(y, values!)];
    });
    expect(found).toEqual([expected, slopeOfX, slopeOfValues]);
  });
});
