/** A file with modules, plain and generic; `^?` points at what is hovered. */
export const hoveredSource = `
import { add, argmax, concat, conv2d, crossEntropy, input, matmul, mean, Module, mul, param, parameter, permute, relu, reshape, softmax, square, slice, squeeze, stack, sub, sum, trace, transpose, unsqueeze, type Dim, type Tensor } from '../../lib/index.js';
import { Linear } from '../../lib/layers/index.js';

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
    const part = slice(centered, -1, { start: 1 });
    //    ^?
    const joined = concat([x, centered], { axis: -1 });
    //    ^?
    const stacked = stack([rows, rows]);
    //    ^?
    const best = argmax(centered, { axis: -1 });
    //    ^?
    const method = x.matmul(this.weight.transpose()).add(this.gain).relu();
    //    ^?
    return relu(sub(1, centered));
  }
}

export class Filter<In extends Dim, Out extends Dim> extends Module {
  @param kernel = parameter([this.outChannels, this.inChannels, 3, 3]);
  @param bias = parameter([this.outChannels]);
  constructor(readonly inChannels: In, readonly outChannels: Out) {
    super();
  }
  forward<N extends Dim, H extends Dim>(x: Tensor<[N, In, H, 32], 'f32'>) {
    const filtered = conv2d(x, this.kernel, { bias: this.bias, stride: [1, 2], padding: 1 });
    //    ^?
    const rest = slice(x, 2, { start: 1 });
    //    ^?
    const doubled = concat([x, x], { axis: 1 });
    //    ^?
    const channels = sum(x, { axes: 1 });
    //    ^?
    const padded = unsqueeze(permute(x, [0, 2, 3, 1]), 1);
    //    ^?
    return filtered;
  }
}
const image = new Filter(3, 8).forward(null! as Tensor<['batch', 3, 'height', 32], 'f32'>);
//    ^?
const scores = dense0().softmax({ axis: -1 });
//    ^?
const called =
  dense0().softmax({ axis: -1 });
//         ^?
declare function dense0(): Tensor<['batch', 4], 'f32'>;
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
  part: 'const part: Tensor<[...B, Sliced<Out, 1, undefined, 1>], "f32">',
  joined: 'const joined: Tensor<[...B, Add<In, Out>], "f32">',
  stacked: 'const stacked: Tensor<[2, ...B], "f32">',
  best: 'const best: Tensor<B, "i32">',
  method: 'const method: Tensor<[...B, Out], "f32">',
  filtered: 'const filtered: Tensor<[N, Out, H, 16], "f32">',
  rest: 'const rest: Tensor<[N, In, Sliced<H, 1, undefined, 1>, 32], "f32">',
  doubled: 'const doubled: Tensor<[N, Add<In, In>, H, 32], "f32">',
  channels: 'const channels: Tensor<[N, H, 32], "f32">',
  padded: 'const padded: Tensor<[N, 1, H, 32, In], "f32">',
  image: 'const image: Tensor<["batch", 8, "height", 16], "f32">',
  scores: 'const scores: Tensor<["batch", 4], "f32">',
  softmax: `(method) TensorMethods.softmax<["batch", 4], "f32", -1>(this: Tensor<["batch", 4], "f32">, options?: {
    axis?: -1;
} | undefined): Tensor<["batch", 4], "f32">`,
  dense: 'const dense: Tensor<["batch", 4], "f32">',
};
