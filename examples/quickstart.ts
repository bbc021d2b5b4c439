import { buildSession, crossEntropy, input, Module, relu, trace, type Dim, type Tensor } from 'meganeura';
import { Linear } from 'meganeura/layers';
import { Batches, sgd, Trainer } from 'meganeura/train';
import { loadDigits } from './mnist/digits.js';

class Perceptron extends Module {
  hidden = new Linear(784, 128);
  output = new Linear(128, 10);
  forward<B extends Dim>(images: Tensor<[B, 784], 'f32'>) {
    return this.output.forward(relu(this.hidden.forward(images)));
  }
}

const model = new Perceptron();
const graph = trace(model, { images: input([64, 784]), labels: input([64], 'i32') }, ({ images, labels }) => {
  const logits = model.forward(images);
  return { logits, loss: crossEntropy(logits, labels) };
});
const session = await buildSession(graph, { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }) });
const { training, test } = loadDigits();
const batches = new Batches(training, { size: 64, shuffle: true, seed: 1 });
const history = await new Trainer(session, { epochs: 2 }).fit(batches, { validation: new Batches(test, { size: 64 }) });
for (const { epoch, train, validation } of history.epochs) {
  console.log(`epoch ${epoch}: loss ${train.loss.toFixed(3)}, held out ${(100 * validation!.accuracy).toFixed(1)} %`);
}
