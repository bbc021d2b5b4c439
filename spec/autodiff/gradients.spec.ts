import { describe, expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { leafName, type Node } from '../../lib/ir/graph.js';
import { evaluateNodes, type Values } from '../../lib/ir/interpret.js';
import { ops, type OpName } from '../../lib/ir/ops/index.js';
import { CHECK_TIMEOUT, checkOp } from '../check-op.js';

const differentiable = (Object.keys(ops) as OpName[]).filter((name) => ops[name].gradient !== 'none');

function evaluate(root: Node, values: ReadonlyMap<string, Values>): Values {
  return evaluateNodes([root], (leaf) => values.get(leafName(leaf))!).get(root)!;
}

describe('gradients against central differences', () => {
  test.each(differentiable)('%s', (name) => checkOp(name, { on: 'gradients' }), CHECK_TIMEOUT);
});

describe('reverse accumulation', () => {
  test('adds up where a value is used several times', () => {
    const builder = new GraphBuilder();
    const x = builder.leaf('parameter', 'x', [], 'f32');
    const y = builder.g.mul(x, x);
    const [dx] = gradients(builder, builder.g.add(builder.g.mul(y, x), y), [x]);
    expect(evaluate(dx!, new Map([['x', Float64Array.of(3)]]))[0]).toBeCloseTo(3 * 9 + 2 * 3, 12);
  });

  test('gives null for what the loss does not depend on, and for comparisons', () => {
    const builder = new GraphBuilder();
    const [x, y] = ['x', 'y'].map((name) => builder.leaf('parameter', name, [], 'f32')) as [Node, Node];
    const loss = builder.g.cast(builder.g.less(x, builder.g.scalar(0, x)), 'f32');
    expect(gradients(builder, loss, [x, y])).toEqual([null, null]);
  });

  test('gives 0 to what a choice left out, also where the gradient is infinite', () => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const [x, y] = ['x', 'y'].map((name) => builder.leaf('parameter', name, [2], 'f32')) as [Node, Node];
    const condition = g.literal([1, 0], [2], 'bool');
    // The square root has an infinite slope at 0, where each of the two is chosen once.
    const loss = g.sum(g.sqrt(g.where(condition, x, y)));
    const values = new Map([['x', Float64Array.of(0, 4)], ['y', Float64Array.of(4, 0)]]); // prettier-ignore
    const found = gradients(builder, loss, [x, y]).map((gradient) => [...evaluate(gradient!, values)]);
    expect(found).toEqual([[Infinity, 0], [0, Infinity]]); // prettier-ignore
  });

  test('gives 0 for the deviation of equal values and the length of 0, as PyTorch does', () => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const x = builder.leaf('parameter', 'x', [4], 'f32');
    const [dx] = gradients(builder, g.add(g.std(x), g.l2Norm(g.sub(x, g.scalar(2, x)))), [x]);
    expect(Array.from(evaluate(dx!, new Map([['x', Float64Array.of(2, 2, 2, 2)]])))).toEqual([0, 0, 0, 0]);
  });

  test('of targets that depend on one another, and of one asked for twice', () => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const x = builder.leaf('parameter', 'x', [], 'f32');
    const h = g.mul(x, x);
    const found = gradients(builder, g.mul(h, x), [h, x, x]);
    const at3 = found.map((gradient) => evaluate(gradient!, new Map([['x', Float64Array.of(3)]]))[0]);
    expect(at3).toEqual([3, 27, 27]);
  });

  test('of a composite looks at what it stands for, not at the graph before it', () => {
    const builder = new GraphBuilder();
    const { g } = builder;
    const w = builder.leaf('parameter', 'w', [4, 4], 'f32');
    const bias = builder.leaf('parameter', 'bias', [4], 'f32');
    let visits = 0;
    let x: Node = builder.leaf('input', 'x', [4, 4], 'f32');
    const layers = 400;
    for (let i = 0; i < layers; i++) {
      const { inputs, ...node } = g.linear(x, w, bias);
      const counted = { ...node, get inputs() { visits++; return inputs; } }; // prettier-ignore
      builder.adopt([counted]);
      x = g.tanh(counted);
    }
    gradients(builder, g.sum(x), [w, bias]);
    expect(visits).toBeLessThan(100 * layers);
  });

  test('keeps the scope of the forward node', () => {
    const builder = new GraphBuilder();
    const x = builder.leaf('parameter', 'x', [3], 'f32');
    const y = builder.within('block.norm', () => builder.g.exp(x));
    const [dx] = gradients(builder, builder.g.sum(y), [x]);
    expect(dx!.scope).toBe('block.norm');
  });

  test('refuses a loss that is no scalar', () => {
    const builder = new GraphBuilder();
    const x = builder.leaf('parameter', 'x', [3], 'f32');
    expect(() => gradients(builder, x, [x])).toThrow("the loss must be one float, got parameter 'x' [3] f32");
  });
});
