import { permute, reshape } from '../../dsl/generated/ops.js';
import type { Tensor } from '../../dsl/tensor.js';

/** Feature maps [B, C, H, W]. */
export type Images = Tensor<[number, number, number, number], 'f32'>;
/** One vector for each image of the batch, [B, D]. */
export type Vectors = Tensor<[number, number], 'f32'>;
/** Places of a feature map, or tokens of a text, as a sequence [B, T, D]. */
export type Sequence = Tensor<[number, number, number], 'f32'>;

/** [B, C, H, W] as [B, H·W, C]. */
export function toSequence(x: Images): Sequence {
  const [batch, channels, height, width] = x.shape;
  return permute(reshape(x, [batch, channels, height * width]), [0, 2, 1]);
}

/** [B, H·W, C] as [B, C, H, W]. */
export function toImages(x: Sequence, height: number, width: number): Images {
  const [batch, , channels] = x.shape;
  return reshape(permute(x, [0, 2, 1]), [batch, channels, height, width]);
}
