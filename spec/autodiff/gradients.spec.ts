import { describe, expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { isFloat } from '../../lib/ir/dtype.js';
import { leafName, type Node } from '../../lib/ir/graph.js';
import { evaluateNodes, type Values } from '../../lib/ir/interpret.js';
import { ops } from '../../lib/ir/ops/index.js';
import { opCases } from '../op-cases/index.js';
import { caseLeaves, caseValues, describeCase } from '../op-harness.js';
import { sampleValues } from '../values.js';

/** Central differences in f64: truncation ~ε², cancellation ~1e-16/ε. */
const EPSILON = 1e-6;
const MOST_POSITIONS = 24;
const close = (a: number, b: number) => Math.abs(a - b) <= 1e-5 + 1e-3 * Math.abs(b);

function evaluate(root: Node, values: ReadonlyMap<string, Values>): Values {
  return evaluateNodes([root], (leaf) => values.get(leafName(leaf))!).get(root)!;
}

describe('gradients against central differences, each operation in mid-graph', () => {
  for (const [name, cases] of Object.entries(opCases)) {
    const op = ops[name as keyof typeof ops];
    if (op.gradient === 'none') continue;
    test.each(cases.map((entry) => [describeCase(entry), entry] as const))(`${name} %s`, (_, entry) => {
      const builder = new GraphBuilder();
      const { g } = builder;
      const leaves = caseLeaves(builder, entry);
      const values = caseValues(entry, leaves);
      // Something before and after the operation, so that a dropped upstream gradient shows.
      const before = leaves.map((leaf) => (isFloat(leaf.dtype) ? g.mul(leaf, g.scalar(1.25, leaf)) : leaf));
      const result = builder.add(name, before, entry.attrs ?? {});
      if (!isFloat(result.dtype)) return;
      const weights = builder.leaf('input', 'weights', result.shape, result.dtype);
      values.set(
        'weights',
        sampleValues(
          result.shape.reduce((a, b) => a * b, 1),
          99,
        ),
      );
      const loss = g.sum(g.mul(g.square(g.add(result, g.scalar(0.5, result))), weights));

      const targets = leaves.filter((leaf) => isFloat(leaf.dtype));
      const found = gradients(builder, loss, targets);
      targets.forEach((target, i) => {
        const data = values.get(leafName(target))!;
        const analytic = found[i] ? evaluate(found[i], values) : new Float64Array(data.length);
        expect(analytic.length).toBe(data.length);
        for (let at = 0; at < data.length; at += Math.ceil(data.length / MOST_POSITIONS)) {
          const center = data[at]!;
          data[at] = center + EPSILON;
          const above = evaluate(loss, values)[0]!;
          data[at] = center - EPSILON;
          const below = evaluate(loss, values)[0]!;
          data[at] = center;
          const numeric = (above - below) / (2 * EPSILON);
          if (!close(analytic[at]!, numeric)) {
            throw new Error(`∂/∂${leafName(target)}[${at}]: ${analytic[at]} against ${numeric}`);
          }
        }
      });
    });
  }
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
