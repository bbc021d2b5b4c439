import { buildInferenceSession, buildSession, crossEntropy, input, Module, relu, trace } from 'meganeura';
import type { Dim, Tensor } from 'meganeura';
import { Linear } from 'meganeura/layers';
import { Batches, sgd, Trainer } from 'meganeura/train';

class Mlp extends Module {
  hidden = new Linear(784, 128);
  output = new Linear(128, 10);

  forward<B extends Dim>(images: Tensor<[B, 784], 'f32'>) {
    const hidden = relu(this.hidden.forward(images));
    //    ^? Tensor<[B, 128], "f32">
    return this.output.forward(hidden);
  }
}

// Runs `forward` once and writes it down as a graph.
const model = new Mlp();
const graph = trace(model, { images: input([64, 784]), labels: input([64], 'i32') }, ({ images, labels }) => {
  const logits = model.forward(images);
  //    ^? Tensor<[64, 10], "f32">
  return { logits, loss: crossEntropy(logits, labels) };
});

// Forward, backward and update become one list of GPU dispatches.
const session = await buildSession(graph, { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) });

// Put real digits here.
const images = { data: new Float32Array(1000 * 784), shape: [1000, 784] };
const batches = new Batches({ images, labels: new Int32Array(1000) }, { size: 64, shuffle: true, seed: 1 });
const history = await new Trainer(session, { epochs: 3 }).fit(batches, { validation: batches });
console.log('accuracy', history.epochs.at(-1)?.validation?.accuracy);

// Only what the logits need, on the same weights.
const inference = await buildInferenceSession(graph, { outputs: ['logits'], weights: session });
inference.step({ images: images.data.subarray(0, 64 * 784) });
console.log((await inference.read('logits')).length, 'logits');
