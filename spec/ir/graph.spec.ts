import { describe, expect, test } from '@jest/globals';
import { GraphBuilder } from '../../lib/ir/build.js';
import { closeNames, GraphError } from '../../lib/ir/errors.js';
import { Graph, topologicalOrder, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { printGraph } from '../../lib/ir/print.js';
import { verify } from '../../lib/ir/verify.js';

function mlp(): { graph: Graph; builder: GraphBuilder } {
  const builder = new GraphBuilder();
  const { g } = builder;
  const x = builder.leaf('input', 'x', [2, 3], 'f32');
  const w = builder.leaf('parameter', 'w', [3, 3], 'f32');
  const h = builder.within('hidden', () => g.relu(g.matmul(x, w)));
  const graph = new Graph({
    inputs: new Map([['x', x]]),
    parameters: new Map([['w', { node: w, initial: () => [1, 0, 0, 0, -1, 0, 0, 0, 2] }]]),
    outputs: new Map([['y', g.sum(h, { axes: -1 })]]),
    updates: new Map([['w', g.mul(w, g.scalar(0.5, w))]]),
  });
  return { graph, builder };
}

test('prints as a person reads it', () => {
  expect(printGraph(mlp().graph)).toMatchInlineSnapshot(`
   "input x: f32[2, 3]
   parameter w: f32[3, 3]
   %2 = matmul(x, w): f32[2, 3]  # hidden
   %3 = relu(%2): f32[2, 3]  # hidden
   %4 = sum(%3, axes=[-1], keepdims=false): f32[2]
   %5 = mul(w, 0.5): f32[3, 3]
   output y = %4
   update w := %5"
  `);
});

test('interprets outputs, updates and initial values', () => {
  const { outputs, updates } = interpret(mlp().graph, { x: [1, 2, 3, -1, -2, -3] });
  expect([...outputs.get('y')!]).toEqual([1 + 6, 2]);
  expect([...updates.get('w')!]).toEqual([0.5, 0, 0, 0, -0.5, 0, 0, 0, 1]);
  expect(() => interpret(mlp().graph, {})).toThrow("interpret: no value for input 'x'");
});

describe('building', () => {
  test('makes equal nodes once, and different attributes different nodes', () => {
    const builder = new GraphBuilder();
    const x = builder.leaf('input', 'x', [2, 3], 'f32');
    const { g } = builder;
    expect(g.sum(x, { axes: 1 })).toBe(g.sum(x, { axes: [-1] }));
    expect(g.sum(x, { axes: 1 })).not.toBe(g.sum(x, { axes: 0 }));
    expect(g.scalar(0, x)).not.toBe(g.scalar(-0, x));
    expect(g.reshape(x, [-1])).toBe(g.reshape(x, [6]));
  });

  test('a chain of 100,000 operations is no problem', () => {
    const builder = new GraphBuilder();
    let y: Node = builder.leaf('input', 'x', [], 'f32');
    for (let i = 0; i < 100_000; i++) y = builder.g.neg(y);
    expect(topologicalOrder([y])).toHaveLength(100_001);
  });
});

describe('verify', () => {
  test('accepts what builders make', () => expect(() => verify(mlp().graph)).not.toThrow());

  test('refuses a node whose type is not that of its operands', () => {
    const { graph, builder } = mlp();
    const x = graph.inputs.get('x')!;
    const wrong: Node = { ...builder.g.exp(x), shape: [2, 4] };
    const broken = graph.with({ outputs: new Map([['y', wrong]]) });
    expect(() => verify(broken)).toThrow(new GraphError('exp [2, 4] f32: its operands give f32[2, 3]'));
  });

  test('refuses leaves that the graph does not declare, and updates of another type', () => {
    const { graph, builder } = mlp();
    const stranger = builder.leaf('input', 'z', [2], 'f32');
    expect(() => verify(graph.with({ outputs: new Map([['y', stranger]]) }))).toThrow('not declared');
    expect(() => verify(graph.with({ updates: new Map([['w', graph.inputs.get('x')!]]) }))).toThrow('types differ');
  });
});

test('pruning keeps what the roots reach', () => {
  const { graph } = mlp();
  const pruned = graph.with({ outputs: new Map(), updates: new Map() }).pruned();
  expect([pruned.inputs.size, pruned.parameters.size]).toEqual([0, 0]);
});

test('close names come best first, far ones not at all', () => {
  expect(closeNames('hiden.weight', ['output.bias', 'hidden.weight', 'hidden.bias'])).toEqual([
    'hidden.weight',
    'hidden.bias',
  ]);
  expect(closeNames('x', ['embedding'])).toEqual([]);
});
