import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/backend/device/device.js';
import { openDevice } from '../../lib/backend/device/open.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import type { DType } from '../../lib/ir/dtype.js';
import { DTypeError } from '../../lib/ir/errors.js';
import { leafName, type Node } from '../../lib/ir/graph.js';
import { evaluateNodes, type Values } from '../../lib/ir/interpret.js';
import { activationOps } from '../../lib/ir/ops/activations.js';
import type { OpDefinition } from '../../lib/ir/ops/record.js';
import { elementwiseOps } from '../../lib/ir/ops/elementwise.js';
import { parametricOps } from '../../lib/ir/ops/parametric.js';
import { runGraph } from '../run-graph.js';
import { expectClose } from '../values.js';

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
afterAll(() => device.dispose());

const numbers = {
  i32: [-(2 ** 31), -(2 ** 31) + 1, -123456789, -7, -1, 0, 1, 2, 7, 65537, 123456789, 2 ** 31 - 1],
  u32: [0, 1, 2, 7, 65535, 65537, 123456789, 2 ** 31 - 1, 2 ** 31, 3000000000, 2 ** 32 - 2, 2 ** 32 - 1],
};

/** What integers of any size give, by the operation's definition; by zero as documented. */
const exact: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  neg: (a) => -a,
  abs: (a) => (a < 0n ? -a : a),
  sign: (a) => (a < 0n ? -1n : a > 0n ? 1n : 0n),
  square: (a) => a * a,
  relu: (a) => (a < 0n ? 0n : a),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  maximum: (a, b) => (a > b ? a : b),
  minimum: (a, b) => (a < b ? a : b),
  floorDivide: (a, b) => (b === 0n ? a : (a - modulo(a, b)) / b),
  remainder: (a, b) => (b === 0n ? 0n : modulo(a, b)),
  equal: (a, b) => BigInt(a === b),
  notEqual: (a, b) => BigInt(a !== b),
  less: (a, b) => BigInt(a < b),
  lessEqual: (a, b) => BigInt(a <= b),
  greater: (a, b) => BigInt(a > b),
  greaterEqual: (a, b) => BigInt(a >= b),
};

/** Of the sign of b. */
const modulo = (a: bigint, b: bigint) => ((a % b) + b) % b;

function interpreted(outputs: Readonly<Record<string, Node>>, values: ReadonlyMap<Node, ArrayLike<number>>) {
  const named = new Map([...values].map(([node, data]) => [leafName(node), data]));
  const results = evaluateNodes(Object.values(outputs), (leaf) => Float64Array.from(named.get(leafName(leaf))!));
  return new Map(Object.entries(outputs).map(([name, node]): [string, Values] => [name, results.get(node)!]));
}

describe.each(['i32', 'u32'] as const)('arithmetic of %s wraps at 32 bits', (dtype) => {
  const wrap = (bits: number, x: bigint) => (dtype === 'i32' ? BigInt.asIntN(bits, x) : BigInt.asUintN(bits, x));
  const values = numbers[dtype];
  const count = values.length;

  test('on a device and interpreted', async () => {
    const builder = new GraphBuilder();
    const a = builder.leaf('input', 'a', [count, 1], dtype);
    const b = builder.leaf('input', 'b', [count], dtype);
    const outputs = Object.fromEntries(
      Object.entries(exact).map(([op, { length }]) => {
        const wide = length === 1 ? builder.add(op, [a]) : builder.add(op, [a, b]);
        return [op, builder.g.broadcastTo(wide, [count, count])];
      }),
    );
    const feeds = new Map([[a, values], [b, values]]); // prettier-ignore
    const onDevice = await runGraph(device, feeds, outputs);
    const reference = interpreted(outputs, feeds);
    for (const [op, compute] of Object.entries(exact)) {
      const expected = values.flatMap((x) => values.map((y) => Number(wrap(32, compute(BigInt(x), BigInt(y))))));
      expect({ op, values: onDevice.get(op) }).toEqual({ op, values: expected });
      // + 0: the interpreter's zeros may be negative.
      expect({ op, values: Array.from(reference.get(op)!, (x) => x + 0) }).toEqual({ op, values: expected });
    }
  });

  test('sums and products of many', async () => {
    const builder = new GraphBuilder();
    const x = builder.leaf('input', 'x', [count], dtype);
    const outputs = { sum: builder.g.sum(x), prod: builder.g.prod(builder.g.maximum(x, builder.g.scalar(1, x))) };
    const feeds = new Map([[x, values]]);
    const sum = values.reduce((total, value) => total + BigInt(value), 0n);
    const product = values.reduce((total, value) => total * BigInt(Math.max(1, value)), 1n);
    const expected = { sum: [Number(wrap(32, sum))], prod: [Number(wrap(32, product))] };
    expect(Object.fromEntries(await runGraph(device, feeds, outputs))).toEqual(expected);
    const plain = [...interpreted(outputs, feeds)].map(([name, data]) => [name, Array.from(data)]);
    expect(Object.fromEntries(plain)).toEqual(expected);
  });

  test('constants beyond the range are held within it', async () => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const x = builder.leaf('input', 'x', [count], dtype);
    const outputs = { clamped: g.clamp(x, { min: -1e30, max: 1e30 }), unbounded: g.clamp(x, { max: 5 }) };
    const results = await runGraph(device, new Map([[x, values]]), outputs);
    expect(results.get('clamped')).toEqual(values);
    expect(results.get('unbounded')).toEqual(values.map((value) => Math.min(value, 5)));
  });
});

const families: readonly OpDefinition[] = [
  ...Object.values(elementwiseOps),
  ...Object.values(activationOps),
  ...Object.values(parametricOps),
];
const samples: Partial<Record<DType, number[]>> = {
  f32: [0.25, -1.5, 3, 0, 1, -0.75, 2],
  i32: [0, -3, 5, 1, 2, -1, 7],
  u32: [0, 3, 5, 1, 2, 4, 7],
  bool: [1, 0, 1, 1, 0, 0, 1],
};
/** For attributes without default. */
const attributes: Readonly<Record<string, object>> = { cast: { dtype: 'f32' }, maskedFill: { value: 2 } };

describe.each(Object.keys(samples) as DType[])('operands of %s', (dtype) => {
  test('are refused where the signature says so, and give right results everywhere else', async () => {
    const builder = new GraphBuilder();
    const feeds = new Map<Node, number[]>();
    const leaf = (type: DType, position: number) => {
      const data = samples[type]!;
      const node = builder.leaf('input', `${type} ${position}`, [data.length], type);
      feeds.set(node, [...data.slice(position), ...data.slice(0, position)]);
      return node;
    };
    const outputs: Record<string, Node> = {};
    const refused: string[] = [];
    for (const { name, signature } of families) {
      const operands = signature.operands.map((operand, i) =>
        leaf(operand.dtype === undefined || operand.dtype === 'any' ? dtype : operand.dtype, i),
      );
      try {
        outputs[name] = builder.add(name, operands, { ...attributes[name] });
      } catch (error) {
        if (!(error instanceof DTypeError)) throw error;
        refused.push(name);
      }
    }
    const hasOwn = (op: OpDefinition) => op.signature.operands.some((operand) => operand.dtype === undefined);
    const takes = { any: true, number: dtype !== 'bool', float: dtype === 'f32' };
    expect(refused).toEqual(families.filter((op) => hasOwn(op) && !takes[op.signature.common]).map(({ name }) => name));
    const used = new Map([...feeds].filter(([node]) => Object.values(outputs).some((root) => reaches(root, node))));
    const actual = await runGraph(device, used, outputs);
    for (const [name, expected] of interpreted(outputs, used)) {
      // NaN where there is NaN, else close.
      const both = Array.from(expected, (value, i) => [actual.get(name)![i]!, value]);
      const finite = both.filter(([, value]) => !Number.isNaN(value));
      expect(both.filter(([found]) => Number.isNaN(found)).length).toBe(both.length - finite.length);
      expectClose(finite.map(([found]) => found!), finite.map(([, value]) => value!), 1e-5); // prettier-ignore
    }
  });
});

function reaches(root: Node, node: Node): boolean {
  return root === node || root.inputs.some((input) => reaches(input, node));
}
