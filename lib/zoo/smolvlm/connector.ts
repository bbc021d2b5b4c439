import { permute, reshape } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { Linear } from '../../layers/linear.js';
import type { SmolVLMConfig } from './config.js';

class ModalityProjection extends Module {
  proj = new Linear(this.config.vision.hiddenSize * this.config.scaleFactor ** 2, this.config.text.hiddenSize, {
    bias: false,
  });

  constructor(private readonly config: SmolVLMConfig) {
    super();
  }

  forward<N extends Dim>(x: Tensor<[N, number, number], 'f32'>): Tensor<[N, number, number], 'f32'> {
    return this.proj.forward(x);
  }
}

/** From what is seen to what is read: squares of patches become one vector each, as wide as those of words. */
export class Connector extends Module {
  modalityProjection = new ModalityProjection(this.config);

  constructor(private readonly config: SmolVLMConfig) {
    super();
  }

  /** patches [N, patches, visionSize] to [N, patches/scaleFactor², textSize]. */
  forward<N extends Dim>(patches: Tensor<[N, number, number], 'f32'>): Tensor<[N, number, number], 'f32'> {
    const { vision, scaleFactor } = this.config;
    const images = patches.shape[0];
    const width = vision.hiddenSize;
    const edge = vision.imageSize / vision.patchSize;
    const part = edge / scaleFactor;
    // [N, row, in row, column, in column, width], of which the patches of a square come beside each other.
    const squares = reshape(patches, [images, part, scaleFactor, part, scaleFactor, width]);
    const joined = permute(squares, [0, 1, 3, 2, 4, 5]);
    const vectors = reshape(joined, [images, part * part, scaleFactor * scaleFactor * width]);
    return this.modalityProjection.forward(vectors);
  }
}
