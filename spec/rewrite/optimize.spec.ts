import { describe, expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { isFloat } from '../../lib/ir/dtype.js';
import { Graph, leafName, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { printGraph } from '../../lib/ir/print.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { opCases } from '../op-cases/index.js';
import { caseLeaves, caseValues, describeCase } from '../op-harness.js';
import { expectClose, sampleValues } from '../values.js';

const inputsOf = (leaves: readonly Node[]) => new Map(leaves.map((leaf) => [leafName(leaf), leaf]));

/** Optimises what `write` makes of some inputs, checks that the values stayed, and returns the new graph. */
async function rewritten(
  shapes: Record<string, readonly number[]>,
  write: (builder: GraphBuilder, leaves: Record<string, Node>) => Record<string, Node>,
  integers: Record<string, number> = {},
): Promise<{ graph: Graph; rules: Readonly<Record<string, number>> }> {
  const builder = new GraphBuilder();
  const leaves = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      return [name, builder.leaf('input', name, shape, name in integers ? 'i32' : 'f32')];
    }),
  );
  const outputs = new Map(Object.entries(write(builder, leaves)));
  const graph = new Graph({ inputs: inputsOf(Object.values(leaves)), outputs });
  const { graph: after, report } = await optimize(graph, discreteRates);
  const values = Object.fromEntries(
    Object.entries(leaves).map(([name, { shape }], i) => {
      const limit = integers[name];
      const unit = sampleValues(
        shape.reduce((a, b) => a * b, 1),
        i + 5,
      );
      return [name, limit === undefined ? unit : unit.map((value) => Math.floor(((value + 1) / 2) * limit))];
    }),
  );
  const [expected, actual] = [interpret(graph, values), interpret(after, values)];
  for (const [name, reference] of expected.outputs) expectClose(actual.outputs.get(name)!, reference, 1e-12);
  return { graph: after, rules: report.rules };
}

const opsOf = (graph: Graph) => graph.nodes().map((node) => node.op).filter((op) => op !== 'input'); // prettier-ignore

describe('every operation and its gradient keeps its values', () => {
  for (const [name, cases] of Object.entries(opCases)) {
    test.each(cases.slice(0, SHAPES_PER_OP).map((entry) => [describeCase(entry), entry] as const))(
      `${name} %s`,
      async (_, entry) => {
        const builder = new GraphBuilder();
        const { g } = builder;
        const leaves = caseLeaves(builder, entry);
        const before = leaves.map((leaf) => (isFloat(leaf.dtype) ? g.mul(leaf, g.scalar(1.25, leaf)) : leaf));
        const result = builder.add(name, before, entry.attrs ?? {});
        const outputs = new Map([['result', result]]);
        if (isFloat(result.dtype)) {
          const loss = g.sum(g.square(result));
          const targets = leaves.filter((leaf) => isFloat(leaf.dtype));
          gradients(builder, loss, targets).forEach((gradient, i) => {
            if (gradient) outputs.set(`gradient of ${leafName(targets[i]!)}`, gradient);
          });
        }
        const graph = new Graph({ inputs: inputsOf(leaves), outputs });
        const { graph: after } = await optimize(graph, discreteRates);
        const values = Object.fromEntries(caseValues(entry, leaves));
        const [expected, actual] = [interpret(graph, values), interpret(after, values)];
        for (const [output, reference] of expected.outputs) expectClose(actual.outputs.get(output)!, reference, 1e-6);
      },
    );
  }
});

describe('products', () => {
  test('a product with bias is one operation', async () => {
    const { graph } = await rewritten({ x: [4, 6], w: [5, 6], b: [5] }, ({ g }, { x, w, b }) => ({
      y: g.add(g.matmul(x!, g.transpose(w!)), b!),
    }));
    expect(opsOf(graph)).toEqual(['linear']);
  });

  test('also when the bias stands first', async () => {
    const { graph } = await rewritten({ x: [4, 6], w: [5, 6], b: [5] }, ({ g }, { x, w, b }) => ({
      y: g.add(b!, g.matmul(x!, g.transpose(w!))),
    }));
    expect(opsOf(graph)).toEqual(['linear']);
  });

  test('but not with something of another rank in place of the bias or the weight', async () => {
    const { graph } = await rewritten({ x: [3, 4, 6], w: [3, 5, 6], b: [4, 5] }, ({ g }, { x, w, b }) => ({
      y: g.add(g.matmul(x!, g.transpose(w!)), b!),
    }));
    expect(opsOf(graph)).not.toContain('linear');
  });

  test('a transposed product exchanges its operands', async () => {
    const { graph } = await rewritten({ a: [6, 4], b: [6, 5] }, ({ g }, { a, b }) => ({
      y: g.transpose(g.matmul(g.transpose(a!), b!)),
    }));
    expect(opsOf(graph).filter((op) => op === 'transpose')).toHaveLength(1);
  });

  test('transposes cancel', async () => {
    const { graph } = await rewritten({ x: [4, 6] }, ({ g }, { x }) => ({
      y: g.exp(g.transpose(g.transpose(x!))),
    }));
    expect(opsOf(graph)).toEqual(['exp']);
  });
});

describe('identities', () => {
  test.each<[string, (builder: GraphBuilder, x: Node) => Node]>([
    ['x + 0', ({ g }, x) => g.add(x, g.scalar(0, x))],
    ['x * 1', ({ g }, x) => g.mul(x, g.scalar(1, x))],
    ['1 * x', ({ g }, x) => g.mul(g.scalar(1, x), x)],
    ['x / 1', ({ g }, x) => g.div(x, g.scalar(1, x))],
    ['x - 0', ({ g }, x) => g.sub(x, g.scalar(0, x))],
    ['-(-x)', ({ g }, x) => g.neg(g.neg(x))],
    ['x * (2 * 0.5)', ({ g }, x) => g.mul(x, g.mul(g.scalar(2, x), g.scalar(0.5, x)))],
  ])('%s is x', async (_, write) => {
    const { graph } = await rewritten({ x: [3, 4] }, (builder, { x }) => ({ y: builder.g.exp(write(builder, x!)) }));
    expect(opsOf(graph)).toEqual(['exp']);
  });

  test('x + 0 is not x where the zero broadcasts it', async () => {
    const { graph } = await rewritten({ x: [3, 1] }, ({ g }, { x }) => ({
      y: g.add(x!, g.broadcastTo(g.scalar(0, x!), [3, 4])),
    }));
    expect(graph.outputs.get('y')!.shape).toEqual([3, 4]);
  });

  test('constants are computed beforehand', async () => {
    const { graph } = await rewritten({ x: [3] }, ({ g }, { x }) => ({
      y: g.mul(g.mul(x!, g.scalar(3, x!)), g.exp(g.scalar(0, x!))),
    }));
    expect(opsOf(graph)).toEqual(['constant', 'mul']);
  });
});

describe('losses', () => {
  const shapes = { logits: [6, 5], target: [6] };

  test('cross-entropy written by hand is found', async () => {
    const { graph } = await rewritten(
      shapes,
      ({ g }, { logits, target }) => {
        const shifted = g.sub(logits!, g.max(logits!, { axes: -1, keepdims: true }));
        const logProbabilities = g.sub(shifted, g.log(g.sum(g.exp(shifted), { axes: -1, keepdims: true })));
        const hit = g.equal(g.unsqueeze(target!, -1), g.arange(5));
        const picked = g.sum(g.where(hit, logProbabilities, g.scalar(0, logits!)), { axes: -1 });
        return { loss: g.mean(g.neg(picked)) };
      },
      { target: 5 },
    );
    expect(opsOf(graph)).toEqual(['softmaxCrossEntropy', 'mean']);
  });

  test('and so is its gradient', async () => {
    const { graph } = await rewritten(
      shapes,
      ({ g }, { logits, target }) => {
        const e = g.exp(g.sub(logits!, g.max(logits!, { axes: -1, keepdims: true })));
        const probabilities = g.div(e, g.sum(e, { axes: -1, keepdims: true }));
        const hit = g.equal(g.unsqueeze(target!, -1), g.arange(5));
        const oneHot = g.where(hit, g.scalar(1, logits!), g.scalar(0, logits!));
        const share = g.broadcastTo(g.scalar(1 / 6, logits!), [6]);
        return { gradient: g.mul(g.sub(probabilities, oneHot), g.unsqueeze(share, -1)) };
      },
      { target: 5 },
    );
    expect(opsOf(graph)).toContain('softmaxCrossEntropyGradient');
  });

  test('a softmax over another axis than the reductions is not', async () => {
    const { graph } = await rewritten({ x: [3, 3] }, ({ g }, { x }) => {
      const e = g.exp(g.sub(x!, g.max(x!, { axes: -1, keepdims: true })));
      return { y: g.div(e, g.sum(e, { axes: 0, keepdims: true })) };
    });
    expect(opsOf(graph)).not.toContain('softmax');
  });
});

test('scopes survive, and what rules make belongs to the module that uses it', async () => {
  const builder = new GraphBuilder();
  const [x, w] = ['x', 'w'].map((name) => builder.leaf('input', name, [4, 4], 'f32')) as [Node, Node];
  const { g } = builder;
  const y = builder.within('block.attention', () => g.transpose(g.matmul(g.transpose(x), w)));
  const graph = new Graph({
    inputs: inputsOf([x, w]),
    outputs: new Map([['y', builder.within('head', () => g.exp(y))]]),
  });
  const { graph: after } = await optimize(graph, discreteRates);
  expect(printGraph(after)).toMatchInlineSnapshot(`
   "input w: f32[4, 4]
   %1 = transpose(w): f32[4, 4]  # block.attention
   input x: f32[4, 4]
   %3 = matmul(%1, x): f32[4, 4]  # block.attention
   %4 = exp(%3): f32[4, 4]  # head
   output y = %4"
  `);
});

test('a thousand residual layers, whose trees are larger than any number', async () => {
  const { graph } = await rewritten({ x: [2] }, ({ g }, { x }) => {
    let y = x!;
    for (let i = 0; i < 1200; i++) y = g.add(y, g.tanh(y));
    return { y };
  });
  expect(graph.nodes()).toHaveLength(2401);
});
