import { describe, expect, test } from '@jest/globals';
import { adapterProfiles } from '../../lib/backend/planning/adapters.js';
import { planGraph } from '../../lib/backend/planning/plan.js';
import type { GraphBuilder } from '../../lib/ir/build.js';
import type { Graph } from '../../lib/ir/graph.js';
import { interpret } from '../../lib/ir/interpret.js';
import { elementCount } from '../../lib/ir/shape.js';
import { optimize } from '../../lib/rewrite/optimize.js';
import { trainingGraph } from '../../lib/session/training-graph.js';
import { expectClose, sampleValues } from '../values.js';
import { graphOf, llama, unet, whisper, type Block } from './spelled-blocks.js';
import { named, spelled, type Spelling } from './spelling.js';

const { limits, rates } = adapterProfiles.discrete;

const blocks: Record<string, Block> = {
  'llama layer and cross-entropy': llama({ keyValueHeads: 4 }),
  'llama layer with shared keys': llama({ keyValueHeads: 2 }),
  'whisper layer': whisper({ gelu: 'gelu' }),
  'whisper layer, GELU by tanh': whisper({ gelu: 'geluTanh' }),
  'residual and attention block of a UNet': unet,
};

/** Leaves' values by name: of parameters what they start as, of inputs small numbers. */
async function valuesFor(graph: Graph): Promise<Record<string, Float64Array>> {
  const inputs = [...graph.inputs].map(([name, { shape, dtype }], i): [string, Float64Array] => {
    const values = sampleValues(elementCount(shape), i + 3);
    return [name, dtype === 'i32' ? values.map((value) => Math.floor((value + 1) * 5)) : values];
  });
  const states = [...graph.parameters].map(async ([name, { initial }]): Promise<[string, Float64Array]> => {
    return [name, Float64Array.from(await initial())];
  });
  return Object.fromEntries([...inputs, ...(await Promise.all(states))]);
}

/** Dispatches and results of a block in one spelling. */
async function built(block: Block, spelling: (builder: GraphBuilder) => Spelling, training: boolean) {
  const forward = graphOf(block, spelling);
  const graph = training ? trainingGraph(forward, { loss: 'loss', gradients: true }) : forward;
  const rewritten = await optimize(graph, rates);
  expect(rewritten.report.stopped).toBeUndefined();
  return {
    dispatches: planGraph(rewritten.graph, limits).kernels.length,
    asWritten: planGraph(graph, limits).kernels.length,
    graph,
    outputs: interpret(rewritten.graph, await valuesFor(graph)).outputs,
  };
}

describe.each(Object.keys(blocks))('%s', (name) => {
  test.each([
    ['forward', false],
    ['training', true],
  ] as const)('from primitives takes as many dispatches as from named layers, %s', async (_, training) => {
    const byName = await built(blocks[name]!, named, training);
    const byHand = await built(blocks[name]!, spelled, training);
    // Which kernels share a dispatch depends on their order too.
    expect(byHand.dispatches).toBeLessThanOrEqual(byName.dispatches);
    expect(byName.dispatches).toBeLessThanOrEqual(byHand.dispatches + 1);
    expect(byName.dispatches).toBeLessThanOrEqual(byName.asWritten);
    expect(byHand.dispatches).toBeLessThanOrEqual(byHand.asWritten);
    const { outputs } = interpret(byName.graph, await valuesFor(byName.graph));
    for (const [output, reference] of outputs) {
      // Folded constants are rounded to f32.
      expectClose(byName.outputs.get(output)!, reference, 1e-6);
      expectClose(byHand.outputs.get(output)!, reference, 1e-6);
    }
  });
});
