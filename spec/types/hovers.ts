/** A file with modules, plain and generic; `^?` points at what is hovered. */
export const hoveredSource = `
import {
  add, crossEntropy, input, Linear, matmul, mean, Module, mul, param, parameter, relu, reshape, softmax, square,
  squeeze, sub, sum, trace, transpose, unsqueeze, type Dim, type Tensor,
} from '../../lib/index.js';

class Mlp extends Module {
  hidden = new Linear(784, 128);
  // ^?
  output = new Linear(128, 10);
  forward<B extends Dim>(images: Tensor<[B, 784], 'f32'>) {
    //^?
    return this.output.forward(relu(this.hidden.forward(images)));
  }
}

const model = new Mlp();
const graph = trace(model, { images: input([64, 784]), labels: input([64], 'i32') }, ({ images, labels }) => {
  //  ^?
  const logits = model.forward(images);
  //    ^?
  const loss = crossEntropy(logits, labels);
  //    ^?
  return { logits, loss };
});

export class Dense<In extends Dim, Out extends Dim> extends Module {
  @param weight = parameter([this.outFeatures, this.inFeatures]);
  //     ^?
  @param gain = parameter([this.outFeatures]);
  constructor(readonly inFeatures: In, readonly outFeatures: Out) {
    super();
  }
  forward<B extends Dim[]>(x: Tensor<[...B, In], 'f32'>) {
    const product = matmul(x, transpose(this.weight));
    //    ^?
    const scaled = add(mul(product, this.gain), product);
    //    ^?
    const kept = mean(scaled, { axes: -1, keepdims: true });
    //    ^?
    const centered = sub(scaled, kept);
    //    ^?
    const rows = sum(square(centered), { axes: -1 });
    //    ^?
    const total = sum(rows);
    //    ^?
    const column = unsqueeze(rows, -1);
    //    ^?
    const back = squeeze(column, -1);
    //    ^?
    const flat = reshape(centered, [-1, this.outFeatures]);
    //    ^?
    const open = softmax(centered, { axis: -2 });
    //    ^?
    const someAxis = sum(centered, { axes: -2 });
    //    ^?
    return relu(sub(1, centered));
  }
}
const dense = new Dense(3, 4).forward(null! as Tensor<['batch', 3], 'f32'>);
//    ^?
`;

/** What hovering must show, by name. */
export const expectedHovers: Record<string, string> = {
  hidden: '(property) Mlp.hidden: Linear<784, 128, true>',
  forward: '(method) Mlp.forward<B extends Dim>(images: Tensor<[B, 784], "f32">): Tensor<[B, 10], "f32">',
  graph: `const graph: TracedGraph<{
    images: Input<[64, 784], "f32">;
    labels: Input<[64], "i32">;
}, {
    logits: Tensor<[64, 10], "f32">;
    loss: Tensor<[], "f32">;
}>`,
  logits: 'const logits: Tensor<[64, 10], "f32">',
  loss: 'const loss: Tensor<[], "f32">',
  weight: '(property) Dense<In extends Dim, Out extends Dim>.weight: Parameter<[Out, In]>',
  product: 'const product: Tensor<[...B, Out], "f32">',
  scaled: 'const scaled: Tensor<[...B, Out], "f32">',
  kept: 'const kept: Tensor<[...B, 1], "f32">',
  centered: 'const centered: Tensor<[...B, Out], "f32">',
  rows: 'const rows: Tensor<B, "f32">',
  total: 'const total: Tensor<[], "f32">',
  column: 'const column: Tensor<[...B, 1], "f32">',
  back: 'const back: Tensor<B, "f32">',
  flat: 'const flat: Tensor<[number, Out], "f32">',
  open: 'const open: Tensor<[...B, Out], "f32">',
  someAxis: 'const someAxis: Tensor<any, "f32">',
  dense: 'const dense: Tensor<["batch", 4], "f32">',
};
