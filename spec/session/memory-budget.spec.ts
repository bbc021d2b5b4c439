/** `recompute: { memory }`, planned for a GPU that need not be there. */
import { expect, test } from '@jest/globals';
import { add, input, manualSeed, Module, mseLoss, reshape, tanh, trace, ValueError, type Tensor } from 'meganeura';
import { Linear, TransformerBlock } from 'meganeura/layers';
import { adapterProfiles } from '../../lib/backend/planning/adapters.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import type { Graph } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount } from '../../lib/ir/shape.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { lowerWithin, type Lowered } from '../../lib/session/memory-budget.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { workloads } from '../../lib/zoo/workloads/index.js';
import { SHAPES_PER_OP } from '../op-cases/generate.js';
import { sampleValues } from '../values.js';

class Transformer extends Module {
  layers = Array.from({ length: 3 }, () => new TransformerBlock(16, 2, { causal: true }));

  forward(x: Tensor<[32, 16], 'f32'>): Tensor<[32, 16], 'f32'> {
    const first = reshape(x, [1, 32, 16]);
    return reshape(
      this.layers.reduce((value, layer) => layer.forward(value), first),
      [32, 16],
    );
  }
}

class Layer extends Module {
  up = new Linear(16, this.hidden);
  down = new Linear(this.hidden, 16);

  constructor(readonly hidden: number) {
    super();
  }

  forward(x: Tensor<[32, 16], 'f32'>): Tensor<[32, 16], 'f32'> {
    return add(x, this.down.forward(tanh(this.up.forward(x))));
  }
}

/** Layers in a module that is no item of a list itself. */
class Staged extends Module {
  stage = new Stage();
  wide = new Layer(128);

  forward(x: Tensor<[32, 16], 'f32'>): Tensor<[32, 16], 'f32'> {
    return this.wide.forward(this.stage.forward(x));
  }
}

class Stage extends Module {
  layers = Array.from({ length: 6 }, () => new Layer(64));

  forward(x: Tensor<[32, 16], 'f32'>): Tensor<[32, 16], 'f32'> {
    return this.layers.reduce((value, layer) => layer.forward(value), x);
  }
}

const { limits, rates } = adapterProfiles.discrete;

/** A model's gradients, rewritten and planned with any modules computed again; keeps what it made. */
class Steps {
  readonly made = new Map<string, Lowered>();

  constructor(private readonly source: Graph) {}

  async lower(modules: readonly string[]): Promise<Lowered> {
    const known = this.made.get(modules.join());
    if (known) return known;
    const recompute = modules.length > 0 ? modules : undefined;
    const graph = trainingGraph(this.source, { loss: 'loss', gradients: true, recompute });
    const rewritten = await optimize(graph, rates);
    const lowered = { graph, rewritten, plan: planGraph(rewritten.graph, limits) };
    this.made.set(modules.join(), lowered);
    return lowered;
  }

  async within(memory: number) {
    const { source } = this;
    return lowerWithin(await this.lower([]), { loss: 'loss', memory, rates, source, lower: (modules) => this.lower(modules) }); // prettier-ignore
  }
}

function traced(Model: new () => Transformer | Staged): Graph {
  manualSeed(5);
  const model = new Model();
  return trace(model, { x: input([32, 16]), target: input([32, 16]) }, ({ x, target }) => ({
    loss: mseLoss(model.forward(x), target),
  }));
}

const steps = new Steps(traced(Transformer));

const intermediates = ({ plan }: Lowered) => plan.memory.arenas.reduce((sum, size) => sum + size, 0);

/** Every output of a step as it was rewritten, by the reference interpreter: kernels may round otherwise where they differ. */
function outputsOf({ rewritten }: Lowered) {
  const { graph } = rewritten!;
  const leaves = [...graph.inputs, ...[...graph.parameters].map(([name, { node }]) => [name, node] as const)];
  return interpret(
    graph,
    Object.fromEntries(leaves.map(([name, { shape }], i) => [name, sampleValues(elementCount(shape), i)])),
  ).outputs;
}

test('as many modules as the budget asks for, with the same numbers', async () => {
  const plain = await steps.lower([]);
  const { report: before } = await steps.within(1e9);
  expect(before).toMatchObject({ modules: [], predictedMilliseconds: 0, bytesAfter: before.bytesBefore });
  expect(steps.made.size).toBe(1);
  const memory = before.bytesBefore - Math.ceil(0.3 * intermediates(plain));
  const { lowered, report } = await steps.within(memory);
  expect(steps.made.size).toBeLessThanOrEqual(3);
  expect(intermediates(lowered)).toBeLessThanOrEqual(0.7 * intermediates(plain));
  expect(report.bytesAfter).toBe(before.bytesBefore - intermediates(plain) + intermediates(lowered));
  expect(report.predictedMilliseconds).toBeGreaterThan(0);
  for (const path of report.modules) expect(path).toMatch(/^layers\.[0-2](\.(attn|mlp))?$/);
  expect(outputsOf(lowered)).toEqual(outputsOf(plain));
});

test('says with how little a step can do', async () => {
  const error: unknown = await steps.within(1000).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ValueError);
  const [, least] = /with modules computed again (\d+),/.exec((error as ValueError).message)!;
  const { report } = await steps.within(Number(least));
  expect(report.bytesAfter).toBeLessThanOrEqual(Number(least));
});

test('modules within a module may be chosen', async () => {
  const staged = new Steps(traced(Staged));
  const plain = await staged.lower([]);
  const memory = (await staged.within(1e9)).report.bytesBefore - Math.ceil(0.2 * intermediates(plain));
  const { lowered, report } = await staged.within(memory);
  expect(intermediates(lowered)).toBeLessThanOrEqual(0.8 * intermediates(plain));
  for (const path of report.modules) expect(path).toMatch(/^stage\.layers\.[0-5]$/);
});

// In `npm run test:full`: the first module that is chosen, layer1, is then the worst moment itself.
(SHAPES_PER_OP >= 20 ? test : test.skip)('ResNet-50 at full size has two thirds of the intermediate tensors', async () => {
  const resnet = new Steps(workloads.find(({ name }) => name === 'resnet50')!.trace());
  const plain = await resnet.lower([]);
  const memory = (await resnet.within(1e12)).report.bytesBefore - Math.ceil(intermediates(plain) / 3);
  const { report, lowered } = await resnet.within(memory);
  expect(intermediates(lowered)).toBeLessThanOrEqual((2 / 3) * intermediates(plain));
  expect(report.modules).not.toContain('layer1');
}, 300_000); // prettier-ignore
