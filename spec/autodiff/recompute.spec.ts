import { expect, test } from '@jest/globals';
import { gradients } from '../../lib/autodiff/gradients.js';
import { recomputing } from '../../lib/autodiff/recompute.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { Graph, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount, type Shape } from '../../lib/ir/shape.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { limits } from '../backend/limits.js';
import { sampleValues } from '../values.js';

const LAYERS = 6;

/** A chain of gated layers, each a module, and its gradients; `again`: the layers that are computed again. */
function chain(again: (layer: number) => boolean) {
  const builder = new GraphBuilder();
  const { g } = builder;
  const inputs = new Map<string, Node>();
  const leaf = (name: string, shape: Shape) => {
    const node = builder.leaf('input', name, shape, 'f32');
    inputs.set(name, node);
    return node;
  };
  const weights: Node[] = [];
  let x = leaf('x', [8, 16]);
  for (let layer = 0; layer < LAYERS; layer++) {
    x = builder.within(`layers.${layer}`, () => {
      const [gate, down] = [leaf(`gate${layer}`, [16, 64]), leaf(`down${layer}`, [64, 16])];
      weights.push(gate, down);
      return g.add(x, g.matmul(g.tanh(g.silu(g.matmul(x, gate))), down));
    });
  }
  const loss = g.mean(g.square(x));
  const forward = new Graph({ inputs, outputs: new Map([['loss', loss]]) });
  const found = gradients(builder, loss, weights) as Node[];
  const moduleOf = (scope: string) => {
    const layer = /^layers\.(\d+)/.exec(scope);
    return layer && again(Number(layer[1])) ? layer[0] : undefined;
  };
  const repeated = recomputing(builder, found, forward.nodes(), forward.roots(), moduleOf);
  return forward.with({ outputs: new Map([['loss', loss], ...repeated.map((node, i) => [`g${i}`, node] as const)]) });
}

const values = (graph: Graph) =>
  Object.fromEntries([...graph.inputs].map(([name, { shape }], i) => [name, sampleValues(elementCount(shape), i)]));

const memoryOf = async (graph: Graph) => {
  const { graph: rewritten } = await optimize(graph, discreteRates);
  return planGraph(rewritten, limits).memory.arenas.reduce((sum, size) => sum + size, 0);
};

test('gradients are the same numbers', async () => {
  const plain = chain(() => false);
  const repeated = chain((layer) => layer !== 2);
  const { graph: rewritten } = await optimize(repeated, discreteRates);
  const expected = interpret(plain, values(plain)).outputs;
  for (const graph of [repeated, rewritten]) expect(interpret(graph, values(graph)).outputs).toEqual(expected);
});

test('what is inside of modules is not kept, also after rewriting', async () => {
  const hidden = 8 * 64 * 4;
  const [kept, one, none] = [await memoryOf(chain(() => false)), await memoryOf(chain((layer) => layer === 1)), await memoryOf(chain(() => true))]; // prettier-ignore
  expect(kept - one).toBeGreaterThanOrEqual(hidden);
  expect(kept - none).toBeGreaterThanOrEqual((LAYERS - 2) * hidden);
});
