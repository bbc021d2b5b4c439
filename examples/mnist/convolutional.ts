import { crossEntropy, input, Module, relu, reshape, trace, type Dim, type Tensor } from 'meganeura';
import { Conv2d, Flatten, Linear } from 'meganeura/layers';

/** Two convolutions, each with a ReLU and a stride of 2, and a linear layer: 28² × 1 → 14² × 8 → 7² × 16 → 10. */
export class ConvNet extends Module {
  first = new Conv2d(1, 8, 5, { stride: 2, padding: 2 });
  second = new Conv2d(8, 16, 3, { stride: 2, padding: 1 });
  flatten = new Flatten();
  output = new Linear(16 * 7 * 7, 10);

  forward<B extends Dim>(images: Tensor<[B, 784], 'f32'>) {
    const halved = relu(this.first.forward(reshape(images, [-1, 1, 28, 28])));
    const quartered = relu(this.second.forward(halved));
    return this.output.forward(this.flatten.forward(quartered));
  }
}

/** Images and what they show in, logits and loss out. */
export function traceConvNet(model: ConvNet, batch: number) {
  const inputs = { images: input([batch, 784]), labels: input([batch], 'i32') };
  return trace(model, inputs, ({ images, labels }) => {
    const logits = model.forward(images);
    return { logits, loss: crossEntropy(logits, labels) };
  });
}
