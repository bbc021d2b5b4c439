import { describe, expect, test } from '@jest/globals';
import { gradients } from '../../../lib/autodiff/gradients.js';
import { shortenSoftmaxGradients } from '../../../lib/backend/planning/softmax-gradients.js';
import { GraphBuilder } from '../../../lib/ir/build.js';
import type { DType, FloatDType } from '../../../lib/ir/dtype.js';
import { expandComposites } from '../../../lib/ir/expand.js';
import { Graph, type Node } from '../../../lib/ir/graph.js';
import { interpret } from '../../../lib/ir/interpret.js';
import { elementCount, type Shape } from '../../../lib/ir/shape.js';
import { expectClose, sampleValues } from '../../values.js';

const KEYS = 11;

interface Parts {
  readonly g: GraphBuilder['g'];
  readonly leaf: (name: string, shape: Shape, dtype?: DType) => Node;
}

/** The gradient of Σ y·upstream for q, k and v, written out. */
function gradientGraph(write: (parts: Parts, q: Node, k: Node, v: Node) => Node, dtype: FloatDType = 'f32'): Graph {
  const builder = new GraphBuilder();
  const inputs = new Map<string, Node>();
  const leaf: Parts['leaf'] = (name, shape, type = dtype) => {
    inputs.set(name, builder.leaf('input', name, shape, type));
    return inputs.get(name)!;
  };
  const { g } = builder;
  const targets = [leaf('q', [2, 4, 5, 3]), leaf('k', [2, 2, KEYS, 3]), leaf('v', [2, 2, KEYS, 6])] as const;
  const y = write({ g, leaf }, ...targets);
  const loss = g.sum(g.cast(g.mul(y, leaf('upstream', y.shape)), 'f32'));
  const found = gradients(builder, loss, targets);
  return expandComposites(
    new Graph({
      inputs,
      outputs: new Map([['y', y], ...found.flatMap((node, i) => (node ? [[`d${'qkv'[i]!}`, node] as const] : []))]),
    }),
  );
}

/** Softmax of scores of grouped heads, perhaps chosen from before and after it. */
function weights({ g }: Parts, q: Node, k: Node, before?: Node, after?: Node): Node {
  const scores = g.reshape(g.matmul(g.reshape(q, [2, 2, 10, 3]), g.transpose(k)), [2, 4, 5, KEYS]);
  const p = g.softmax(before ? g.where(before, scores, g.scalar(-100, scores)) : scores, { axis: -1 });
  return after ? g.where(after, p, g.scalar(0, p)) : p;
}

const weigh = ({ g }: Parts, w: Node, v: Node) => g.matmul(g.reshape(w, [2, 2, 10, KEYS]), v);
const mask = ({ leaf }: Parts, name = 'mask') => leaf(name, [5, KEYS], 'bool');

/** Reductions of rows of products with as many elements as there are keys. */
const longSums = (graph: Graph) =>
  graph.nodes().filter(({ op, inputs }) => op === 'sum' && inputs[0]!.op === 'mul' && inputs[0]!.shape.at(-1) === KEYS);

function checkSame(graph: Graph, changed: Graph, tolerance = 1e-12): void {
  const feeds = Object.fromEntries(
    [...graph.inputs].map(([name, node], seed) => {
      const values = sampleValues(elementCount(node.shape), seed + 1);
      return [name, node.dtype === 'bool' ? values.map((x) => Number(x > -0.3)) : values];
    }),
  );
  const [expected, actual] = [interpret(graph, feeds), interpret(changed, feeds)];
  for (const [name, values] of expected.outputs) expectClose(actual.outputs.get(name)!, values, tolerance);
}

describe('sums of rows in the gradient of a softmax', () => {
  test.each<[string, (parts: Parts, q: Node, k: Node, v: Node) => Node]>([
    ['weights', (parts, q, k, v) => weigh(parts, weights(parts, q, k), v)],
    ['a mask before', (parts, q, k, v) => weigh(parts, weights(parts, q, k, mask(parts)), v)],
    [
      'the same mask before and after',
      (parts, q, k, v) => {
        const visible = mask(parts);
        return weigh(parts, weights(parts, q, k, visible, visible), v);
      },
    ],
    ['a mask after', (parts, q, k, v) => weigh(parts, weights(parts, q, k, undefined, mask(parts)), v)],
  ])('go over the width of values: %s', (_, write) => {
    const graph = gradientGraph(write);
    const changed = shortenSoftmaxGradients(graph);
    expect(longSums(graph)).toHaveLength(1);
    expect(longSums(changed)).toHaveLength(0);
    checkSame(graph, changed);
  });

  test('of 16 bits are f32, and so are the softmax and what they are taken from', () => {
    const graph = gradientGraph((parts, q, k, v) => weigh(parts, weights(parts, q, k, mask(parts)), v), 'f16');
    const changed = shortenSoftmaxGradients(graph);
    expect(longSums(changed)).toHaveLength(0);
    const inner = changed.nodes().filter(({ op }) => ['max', 'sum', 'exp', 'sub', 'div'].includes(op));
    expect(inner.map(({ dtype }) => dtype)).toEqual(inner.map(() => 'f32'));
    checkSame(graph, changed, 4e-3);
  });

  test('have what is made of dP on the left of products', () => {
    const graph = gradientGraph((parts, q, k, v) => weigh(parts, weights(parts, q, k), v));
    const isScores = ({ shape }: Node) => shape.at(-1) === KEYS && shape.at(-2) === 10;
    const right = (each: Graph) => each.nodes().filter(({ op, inputs }) => op === 'matmul' && isScores(inputs[1]!));
    // dKᵀ = Qᵀ·dS.
    expect(right(graph)).toHaveLength(1);
    expect(right(shortenSoftmaxGradients(graph))).toHaveLength(0);
  });

  test.each<[string, (parts: Parts, q: Node, k: Node, v: Node) => Node]>([
    [
      'where the weights have another factor',
      (parts, q, k, v) => weigh(parts, parts.g.mul(weights(parts, q, k), parts.leaf('factor', [5, KEYS])), v),
    ],
    [
      'where values are as wide',
      (parts, q, k) => weigh(parts, weights(parts, q, k), parts.leaf('wide', [2, 2, KEYS, KEYS])),
    ],
    [
      'where the weights serve two products',
      (parts, q, k, v) => {
        const w = weights(parts, q, k);
        return parts.g.add(weigh(parts, w, v), weigh(parts, w, parts.leaf('other', [2, 2, KEYS, 6])));
      },
    ],
    [
      'where other weights are chosen',
      (parts, q, k, v) => {
        const w = weights(parts, q, k);
        const { g } = parts;
        return g.add(
          weigh(parts, g.where(mask(parts), w, g.scalar(0, w)), v),
          weigh(parts, g.where(mask(parts, 'second'), w, g.scalar(0, w)), v),
        );
      },
    ],
  ])('stay as they are %s', (_, write) => {
    const graph = gradientGraph(write);
    const changed = shortenSoftmaxGradients(graph);
    expect(longSums(changed)).toHaveLength(longSums(graph).length);
    checkSame(graph, changed);
  });
});
