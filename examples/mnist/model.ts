import { crossEntropy, input, Module, relu, trace, type Dim, type Tensor } from 'meganeura';
import { Linear } from 'meganeura/layers';

/** A perceptron with one hidden layer: 784 → 128 → 10. */
export class Mlp extends Module {
  hidden = new Linear(784, 128);
  output = new Linear(128, 10);

  forward<B extends Dim>(images: Tensor<[B, 784], 'f32'>) {
    return this.output.forward(relu(this.hidden.forward(images)));
  }
}

/** Images and what they show in, logits and loss out. */
export function traceTraining(model: Mlp, batch: number) {
  const inputs = { images: input([batch, 784]), labels: input([batch], 'i32') };
  return trace(model, inputs, ({ images, labels }) => {
    const logits = model.forward(images);
    return { logits, loss: crossEntropy(logits, labels) };
  });
}

/** Images in, logits out. */
export function traceInference(model: Mlp, batch: number) {
  return trace(model, { images: input([batch, 784]) }, ({ images }) => ({ logits: model.forward(images) }));
}
