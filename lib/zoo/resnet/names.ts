import type { ResNetConfig } from './config.js';

/** The names of a convolution and of the norm behind it. */
type PairOfNames = readonly [convolution: string, normalization: string];

/** What a checkpoint calls the parts of a residual network. */
export interface ResNetNames {
  readonly stem: PairOfNames;
  block(stage: number, index: number): string;
  /** Within a block. */
  layer(index: number): PairOfNames;
  /** Within a block. */
  readonly shortcut: PairOfNames;
  readonly head: string;
}

/** Names of the parts in each form of checkpoints. */
export const resNetNames: Readonly<Record<ResNetConfig['names'], ResNetNames>> = {
  transformers: transformersNames('resnet.'),
  'transformers-backbone': transformersNames(''),
  torchvision: {
    stem: ['conv1', 'bn1'],
    block: (stage, index) => `layer${stage + 1}.${index}`,
    layer: (index) => [`conv${index + 1}`, `bn${index + 1}`],
    shortcut: ['downsample.0', 'downsample.1'],
    head: 'fc',
  },
};

function transformersNames(base: string): ResNetNames {
  const pair = (name: string): PairOfNames => [`${name}.convolution`, `${name}.normalization`];
  return {
    stem: pair(`${base}embedder.embedder`),
    block: (stage, index) => `${base}encoder.stages.${stage}.layers.${index}`,
    layer: (index) => pair(`layer.${index}`),
    shortcut: pair('shortcut'),
    head: 'classifier.1',
  };
}
