/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment --
   calls that are wrong on purpose */

/* Type tests of modules and traces. Nothing runs: `tsc` checks them. */
import * as op from '../../lib/dsl/generated/ops.js';
import {
  buffer,
  input,
  Module,
  namedParameter,
  param,
  parameter,
  trace,
  type Dim,
  type FeedsOf,
  type InputsOf,
  type Input,
  type OutputsOf,
  type Parameter,
  type StateBuffer,
  type Tensor,
  type ValuesOf,
} from '../../lib/index.js';
import { Linear } from '../../lib/layers/index.js';
import { f32, type F32 } from './expect-tensors.js';
import type { All, Equal as Is } from './expect.js';

export const model = {
  plain: new Linear(784, 10),
  noBias: new Linear(784, 10, { bias: false }),
  symbolic: new Linear('d_model', 'd_ff'),
};

export type Layers = All<
  [
    Is<typeof model.plain.weight, Parameter<[10, 784]>>,
    Is<typeof model.plain.bias, Parameter<[10]>>,
    Is<typeof model.noBias.bias, null>,
  ]
>;

export const forwards = {
  plain: model.plain.forward(f32('b', 't', 784)),
  symbolic: model.symbolic.forward(f32('b', 'd_model')),
};

export type Forwards = All<
  [Is<typeof forwards.plain, F32<['b', 't', 10]>>, Is<typeof forwards.symbolic, F32<['b', 'd_ff']>>]
>;

export class Norm<D extends Dim> extends Module {
  @param gain = parameter([this.size]);
  @buffer mean = buffer([this.size]);
  @buffer count = buffer([], [0], 'i32');

  constructor(readonly size: D) {
    super();
  }

  /** Everything a generic module derives from its input keeps the caller's dimensions. */
  forward<B extends Dim[]>(x: Tensor<[...B, D], 'f32'>): Tensor<[...B, D], 'f32'> {
    const centered = op.sub(x, op.mean(x, { axes: -1, keepdims: true }));
    const scale = op.rsqrt(op.add(op.mean(op.square(centered), { axes: -1, keepdims: true }), 1e-5));
    return op.add(op.mul(op.mul(centered, scale), this.gain), this.mean);
  }
}

/** Sizes of a generic module, known rank. */
export class Heads<D extends Dim, H extends Dim, Dh extends Dim> extends Module {
  project = new Linear(this.size, this.size);

  constructor(
    readonly size: D,
    readonly heads: H,
    readonly headSize: Dh,
  ) {
    super();
  }

  forward<B extends Dim, T extends Dim>(x: Tensor<[B, T, D], 'f32'>): Tensor<[B, H, T, Dh], 'f32'> {
    const [batch, time] = x.shape;
    const split = op.reshape(this.project.forward(x), [batch, time, this.heads, this.headSize]);
    return op.permute(split, [0, 2, 1, 3]);
  }
}

/** Images and words in batches of any size: what is folded, padded and multiplied keeps the sizes of the caller. */
export function ofAnyBatch<B extends Dim, N extends Dim>(
  images: Tensor<[B, 3, 8, 8], 'f32'>,
  words: Tensor<[B, N, 16], 'f32'>,
  table: Tensor<[N, 16], 'f32'>,
) {
  const channels: Tensor<[3], 'f32'> = op.mean(images, { axes: [0, 2, 3] });
  const kept: Tensor<[B, 1, 16], 'f32'> = op.max(words, { axes: [1], keepdims: true });
  const padded: Tensor<[3, 10, 8], 'f32'> = op.sum(op.pad(images, [0, 0, 1, 1, 0, 0]), { axes: [0] });
  const scores: Tensor<[B, N, N], 'f32'> = op.matmul(words, words.transpose());
  const placed: Tensor<[B, N, 16], 'f32'> = op.add(words, table);
  const normal: Tensor<[B, 3, 8, 8], 'f32'> = op.batchNorm(
    images,
    channels,
    op.variance(images, { axes: [0, -2, -1] }),
  );
  return { channels, kept, padded, scores, placed, normal };
}

export type Buffers = All<[Is<Norm<8>['mean'], StateBuffer<[8], 'f32'>>, Is<Norm<8>['count'], StateBuffer<[], 'i32'>>]>;

export const classifier = trace(
  model.plain,
  { images: input([64, 784]), labels: input([64], 'i32') },
  ({ images, labels }) => {
    const logits = model.plain.forward(images);
    return { logits, loss: op.crossEntropy(logits, labels) };
  },
);
export const onlyForward = trace(model.plain, { images: input([64, 784]) });
export const plainFunction = trace(
  { x: input(['batch', 3]), rate: input([]) },
  ({ x, rate }) => op.mul(op.matmul(x, namedParameter('w', [3, 4])), rate),
  { dims: { batch: 2 } },
);

export type Traces = All<
  [
    Is<InputsOf<typeof classifier>, { images: Input<[64, 784], 'f32'>; labels: Input<[64], 'i32'> }>,
    Is<OutputsOf<typeof classifier>, { logits: F32<[64, 10]>; loss: F32<[]> }>,
    Is<
      FeedsOf<typeof classifier>,
      { readonly images: Float32Array | readonly number[]; readonly labels: Int32Array | readonly number[] }
    >,
    Is<ValuesOf<typeof classifier>, { readonly logits: Float32Array; readonly loss: Float32Array }>,
    Is<ValuesOf<typeof onlyForward>, { readonly output: Float32Array }>,
    Is<OutputsOf<typeof plainFunction>, { output: F32<['batch', 4]> }>,
    Is<FeedsOf<typeof plainFunction>['rate'], Float32Array | readonly number[] | number>,
  ]
>;

export function refusals(): void {
  // @ts-expect-error -- the field holds no parameter
  class WrongField extends Norm<3> { @param size2 = 3; } // prettier-ignore
  // @ts-expect-error -- the input has 785 columns
  trace(model.plain, { images: input([64, 785]) }, ({ images }) => model.plain.forward(images));
  // @ts-expect-error -- an output is no tensor
  trace({ x: input([3]) }, ({ x }) => ({ x, y: 3 }));
  // @ts-expect-error -- no tensor at all
  op.add(1, 2);
  new WrongField(3);
}
