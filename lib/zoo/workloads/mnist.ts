import { child } from '../../dsl/decorators.js';
import { crossEntropy, relu } from '../../dsl/generated/ops.js';
import { input } from '../../dsl/input.js';
import { Module } from '../../dsl/module.js';
import type { Tensor } from '../../dsl/tensor.js';
import { trace } from '../../dsl/trace.js';
import { Linear } from '../../layers/linear.js';
import { withDeterministicWeights } from './weights.js';
import { values, type Workload } from './workload.js';

const BATCH = 64;

class Mlp extends Module {
  @child hidden = new Linear(784, 128);
  @child output = new Linear(128, 10);

  forward(images: Tensor<[64, 784], 'f32'>) {
    return this.output.forward(relu(this.hidden.forward(images)));
  }
}

export const mnist: Workload = {
  name: 'mnist',
  trace: () => {
    const model = new Mlp();
    const graph = trace(model, { images: input([BATCH, 784]), labels: input([BATCH], 'i32') }, ({ images, labels }) => {
      const logits = model.forward(images);
      return { logits, loss: crossEntropy(logits, labels) };
    });
    return withDeterministicWeights(graph);
  },
  feeds: () => ({
    images: values(BATCH * 784, (j) => Math.sin(0.01 * j)),
    labels: Int32Array.from({ length: BATCH }, (_, i) => i % 10),
  }),
};
