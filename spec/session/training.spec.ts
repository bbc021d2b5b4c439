import { describe, expect, test } from '@jest/globals';
import {
  buildSession,
  crossEntropy,
  input,
  manualSeed,
  Module,
  RandomStream,
  relu,
  trace,
  type Dim,
  type Tensor,
} from 'meganeura';
import { Linear } from 'meganeura/layers';
import { sgd, type SgdOptions } from 'meganeura/train';
import { interpret } from '../../lib/ir/interpret.js';
import { gradientName, trainingGraph } from '../../lib/session/training-graph.js';
import { expectClose } from '../values.js';

/** |a − b| ≤ 1e-4·(1 + |b|), against the interpreter's f64. */
const TOLERANCE = 1e-4;

class Mlp extends Module {
  hidden = new Linear(this.sizes[0], this.sizes[1]);
  output = new Linear(this.sizes[1], this.sizes[2]);

  constructor(private readonly sizes: readonly [number, number, number]) {
    super();
  }

  forward<B extends Dim>(x: Tensor<[B, number], 'f32'>) {
    return this.output.forward(relu(this.hidden.forward(x)));
  }
}

interface Case {
  readonly sizes: readonly [number, number, number];
  readonly batch: number;
  readonly steps: readonly number[];
  readonly options: SgdOptions;
  readonly optimize?: boolean;
}

const momentum = { learningRate: 0.1, momentum: 0.9 };
const cases: Case[] = [
  { sizes: [12, 16, 5], batch: 8, steps: [1, 10, 100], options: momentum },
  { sizes: [12, 16, 5], batch: 8, steps: [1, 10, 100], options: { learningRate: 0.1 } },
  {
    sizes: [7, 9, 3],
    batch: 5,
    steps: [1, 10, 100],
    options: { ...momentum, nesterov: true, weightDecay: 0.01 },
  },
  { sizes: [12, 16, 5], batch: 8, steps: [1, 10, 100], options: momentum, optimize: false },
  // MNIST's own sizes, and a quarter of them: 100 steps of the whole would take the interpreter a minute.
  { sizes: [784, 128, 10], batch: 64, steps: [1, 10], options: momentum },
  { sizes: [196, 32, 10], batch: 16, steps: [1, 10, 100], options: momentum },
];

/** Three batches of random images with a label that they determine, so that there is something to learn. */
function randomBatches({ sizes, batch }: Case) {
  const random = new RandomStream(11, 0);
  return Array.from({ length: 3 }, () => {
    const labels = Int32Array.from({ length: batch }, () => Math.floor(random.uniform() * sizes[2]));
    const images = Float32Array.from({ length: batch * sizes[0] }, (_, i) => {
      const hit = i % sizes[2] === labels[Math.floor(i / sizes[0])];
      return random.uniform() * (hit ? 1 : 0.5);
    });
    return { images, labels };
  });
}

describe('training agrees with the interpreter', () => {
  test.each(cases)('$sizes, batch $batch, $options', async (settings) => {
    const { sizes, batch, steps, options, optimize = true } = settings;
    manualSeed(3);
    const model = new Mlp(sizes);
    const inputs = { images: input([batch, sizes[0]]), labels: input([batch], 'i32') };
    const graph = trace(model, inputs, ({ images, labels }) => ({ loss: crossEntropy(model.forward(images), labels) }));
    const optimizer = sgd(options);
    using session = await buildSession(graph, { optimizer, gradients: true, optimize });

    const batches = randomBatches(settings);
    const reference = trainingGraph(graph, { loss: 'loss', optimizer, gradients: true });
    let state: Record<string, ArrayLike<number>> = {};
    for (let step = 1; step <= Math.max(...steps); step++) {
      const feeds = batches[step % batches.length]!;
      session.step(feeds);
      const { outputs, updates } = interpret(reference, { ...state, ...feeds });
      state = Object.fromEntries(updates);
      if (!steps.includes(step)) continue;

      expectClose(await session.read('loss'), outputs.get('loss')!, TOLERANCE);
      const parameters = await session.parameters();
      expect(Object.keys(parameters)).toEqual(['hidden.weight', 'hidden.bias', 'output.weight', 'output.bias']);
      for (const [name, { data }] of Object.entries(parameters)) {
        expectClose(data, state[name]!, TOLERANCE);
        expectClose(await session.readGradient(name), outputs.get(gradientName(name))!, TOLERANCE);
      }
    }
  });
});
