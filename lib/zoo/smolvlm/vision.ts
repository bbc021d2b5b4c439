import { add, arange, permute, reshape } from '../../dsl/generated/ops.js';
import { Module } from '../../dsl/module.js';
import type { Dim } from '../../dsl/shapes/dim.js';
import type { Tensor } from '../../dsl/tensor.js';
import { Conv2d } from '../../layers/convolution.js';
import { Embedding } from '../../layers/embedding.js';
import { FeedForward } from '../../layers/feed-forward.js';
import { LayerNorm } from '../../layers/layer-norm.js';
import { MultiHeadAttention } from '../../layers/multi-head-attention.js';
import type { VisionConfig } from './config.js';

/** Vectors of patches. */
type Patches<N extends Dim> = Tensor<[N, number, number], 'f32'>;

/** Each patch as a vector, with that of its place added. */
class VisionEmbeddings extends Module {
  patchEmbedding = new Conv2d(this.config.channels, this.config.hiddenSize, this.config.patchSize, {
    stride: this.config.patchSize,
  });
  positionEmbedding = new Embedding((this.config.imageSize / this.config.patchSize) ** 2, this.config.hiddenSize);

  constructor(private readonly config: VisionConfig) {
    super();
  }

  forward<N extends Dim>(images: Tensor<[N, number, number, number], 'f32'>): Patches<N> {
    const patches: Tensor<[N, number, number, number], 'f32'> = this.patchEmbedding.forward(images);
    const count = this.positionEmbedding.numEmbeddings;
    const rows = permute(reshape(patches, [images.shape[0], this.config.hiddenSize, count]), [0, 2, 1]);
    return add(rows, this.positionEmbedding.forward(arange(count)));
  }
}

class VisionLayer extends Module {
  layerNorm1 = new LayerNorm(this.config.hiddenSize, { eps: this.config.normEps });
  selfAttn = new MultiHeadAttention(this.config.hiddenSize, this.config.heads);
  layerNorm2 = new LayerNorm(this.config.hiddenSize, { eps: this.config.normEps });
  mlp = new FeedForward(this.config.hiddenSize, this.config.intermediateSize, { activation: this.config.activation });

  constructor(private readonly config: VisionConfig) {
    super();
  }

  forward<N extends Dim>(x: Patches<N>): Patches<N> {
    const attended = add(x, this.selfAttn.forward(this.layerNorm1.forward(x)));
    return add(attended, this.mlp.forward(this.layerNorm2.forward(attended)));
  }
}

class VisionEncoder extends Module {
  layers = Array.from({ length: this.config.layers }, () => new VisionLayer(this.config));

  constructor(private readonly config: VisionConfig) {
    super();
  }

  forward<N extends Dim>(x: Patches<N>): Patches<N> {
    return this.layers.reduce((hidden, layer) => layer.forward(hidden), x);
  }
}

/** A vision transformer as SigLIP's (Zhai et al. 2023, arXiv:2303.15343): images to a vector for each patch. */
export class VisionTransformer extends Module {
  embeddings = new VisionEmbeddings(this.config);
  encoder = new VisionEncoder(this.config);
  postLayernorm = new LayerNorm(this.config.hiddenSize, { eps: this.config.normEps });

  constructor(private readonly config: VisionConfig) {
    super();
  }

  /** images [N, channels, imageSize, imageSize] to [N, patches, hiddenSize]. */
  forward<N extends Dim>(images: Tensor<[N, number, number, number], 'f32'>): Patches<N> {
    return this.postLayernorm.forward(this.encoder.forward(this.embeddings.forward(images)));
  }
}
