import { expect, test } from '@jest/globals';
import { input, manualSeed, mean, square, trace, type Tensor } from 'meganeura';
import { adapterProfiles } from '../../lib/backend/planning/adapters.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import { GraphBuilder } from '../../lib/ir/build.js';
import { isFloat } from '../../lib/ir/dtype.js';
import { expandComposites } from '../../lib/ir/expand.js';
import { Graph, isLeaf, leafName, type Node } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { isMacro } from '../../lib/ir/ops/index.js';
import { elementCount } from '../../lib/ir/shape.js';
import { discreteRates } from '../../lib/rewrite/cost.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { regionsOf } from '../../lib/rewrite/regions.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { SmolLM2 } from '../../lib/zoo/llama/smollm2.js';
import { ResNet } from '../../lib/zoo/resnet/model.js';
import { expectClose, sampleValues } from '../values.js';

const loss = (x: Tensor) => mean(square(x as Tensor<[number], 'f32'>));
const sizes = { hidden_size: 8, num_attention_heads: 2, intermediate_size: 12 };

/** Training graphs of models with many equal layers, with macros written out. */
const models: Record<string, (layers: number) => Graph> = {
  llama: (layers) => {
    const config = { ...sizes, num_hidden_layers: layers, num_key_value_heads: 1, vocab_size: 11 };
    const model = SmolLM2.fromConfig(config);
    return trace(model, { ids: input([1, 3], 'i32') }, ({ ids }) => ({ loss: loss(model.forward(ids)) }));
  },
  resnet: (layers) => {
    const model = ResNet.fromConfig({
      ...{ architectures: ['ResNetForImageClassification'], model_type: 'resnet', layer_type: 'bottleneck' },
      ...{ depths: [layers, layers], hidden_sizes: [4, 8], embedding_size: 4, num_labels: 3 },
    });
    return trace(model, { pixels: input([2, 3, 8, 8]) }, ({ pixels }) => ({ loss: loss(model.forward(pixels)) }));
  },
};

function trainingGraphOf(name: string, layers: number): Graph {
  manualSeed(7);
  return expandComposites(trainingGraph(models[name]!(layers), { loss: 'loss', gradients: true }), isMacro);
}

/** The same computation, of which nobody knows the modules. */
function withoutModules(graph: Graph): Graph {
  const builder = new GraphBuilder();
  const copies = new Map<Node, Node>();
  for (const node of graph.nodes()) {
    const isKept = isLeaf(node);
    if (isKept) builder.adopt([node]);
    const copy = isKept ? node : builder.over(node, node.inputs.map((operand) => copies.get(operand)!)); // prettier-ignore
    copies.set(node, copy);
  }
  return graph.with({ outputs: new Map([...graph.outputs].map(([name, node]) => [name, copies.get(node)!])) });
}

const sizeOf = (graph: Graph) => regionsOf(graph.nodes()).reduce((sum, { own }) => sum + own.length, 0);

test('layers that are equal are looked at once, however many there are', () => {
  const [few, many] = [trainingGraphOf('llama', 8), trainingGraphOf('llama', 16)];
  expect(sizeOf(many)).toBe(sizeOf(few));
  expect(sizeOf(many)).toBeLessThan(many.nodes().length / 2);
});

test('each operation is in one place of one region, and its operands are there unless they are left out', () => {
  const graph = trainingGraphOf('llama', 10);
  const owned: Node[] = [];
  for (const { places, own, opaque } of regionsOf(graph.nodes())) {
    for (const place of places) {
      const indices = new Map(place.map((node, i) => [node, i]));
      place.forEach((node, i) => {
        const pattern = places[0]![i]!;
        expect([node.dtype, node.shape]).toEqual([pattern.dtype, pattern.shape]);
        if (!opaque[i]) expect(node.op).toBe(pattern.op);
        if (own[i] && !isLeaf(node)) owned.push(node);
        if (!opaque[i]) for (const operand of node.inputs) expect(indices.get(operand)).toBeLessThan(i);
        expect(own[i] && opaque[i]).toBe(false);
      });
    }
  }
  const operations = graph.nodes().filter((node) => !isLeaf(node));
  expect(owned).toHaveLength(operations.length);
  expect(new Set(owned)).toEqual(new Set(operations));
});

test.each([
  ['llama', 10],
  ['resnet', 10],
])('%s: as much is found as by looking at the whole graph at once, and the values stay', async (name, layers) => {
  const graph = trainingGraphOf(name, layers);
  const whole = withoutModules(graph);
  expect(regionsOf(graph.nodes()).length).toBeGreaterThan(1);
  expect(regionsOf(whole.nodes())).toHaveLength(1);
  const [shared, complete] = [await optimize(graph, discreteRates), await optimize(whole, discreteRates)];
  expect(shared.report.predictedMicroseconds).toBeCloseTo(complete.report.predictedMicroseconds, 6);
  expect(shared.graph.nodes().length).toBeLessThanOrEqual(complete.graph.nodes().length);
  const dispatches = [shared, complete].map(
    (result) => planGraph(result.graph, adapterProfiles.discrete.limits).kernels.length,
  );
  expect(dispatches[0]).toBeLessThanOrEqual(dispatches[1]!);

  const leaves = graph.nodes().filter((node) => isLeaf(node) && typeof node.attrs['name'] === 'string');
  const values = Object.fromEntries(leaves.map((leaf, i) => [leafName(leaf), valuesOf(leaf, i)]));
  const [expected, actual] = [interpret(graph, values), interpret(shared.graph, values)];
  // Constants are folded in f32, everything else is f64.
  for (const [output, reference] of expected.outputs) expectClose(actual.outputs.get(output)!, reference, 1e-5);
});

test('leaves may be results, beside equal layers and alone', async () => {
  const builder = new GraphBuilder();
  const { g } = builder;
  const x = builder.leaf('input', 'x', [3], 'f32');
  const other = builder.leaf('input', 'other', [3], 'f32');
  const one = builder.constant(1, 'f32');
  let y: Node = x;
  for (let i = 0; i < 8; i++) y = builder.within(`layers.${i}`, () => g.neg(g.neg(g.tanh(g.mul(y, g.scalar(1, y))))));
  const inputs = new Map([x, other].map((leaf) => [leafName(leaf), leaf]));
  for (const results of [{ y, other, one }, { other }, { one }]) {
    const { graph } = await optimize(new Graph({ inputs, outputs: new Map(Object.entries(results)) }), discreteRates);
    expect([...graph.outputs.keys()]).toEqual(Object.keys(results));
    const values = { x: sampleValues(3, 1), other: sampleValues(3, 2) };
    const { outputs } = interpret(graph, values);
    if ('other' in results) expectClose(outputs.get('other')!, values.other, 0);
    if ('one' in results) expectClose(outputs.get('one')!, [1], 0);
    const operations = graph.nodes().filter((node) => !isLeaf(node));
    expect(operations.map(({ op }) => op)).toEqual('y' in results ? Array.from({ length: 8 }, () => 'tanh') : []);
  }
});

/** Weights that are no zeros, as biases are at first: what depends on them would not show. Indices are small. */
function valuesOf({ shape, dtype }: Node, seed: number): Float64Array {
  const values = sampleValues(elementCount(shape), seed + 1);
  return isFloat(dtype) ? values.map((value) => value / 2) : values.map((value) => Math.floor((value + 1) * 5));
}
