import { ConfigFields } from '../config-fields.js';
import { labelNames } from '../labels.js';

/** What a residual network is made of, whoever wrote the checkpoint. */
export interface ResNetConfig {
  /** Whose names the weights have; those of transformers with or without `resnet.` in front. */
  readonly names: 'transformers' | 'transformers-backbone' | 'torchvision';
  /** Channels of the images. */
  readonly channels: number;
  /** Channels after the first convolution. */
  readonly stemWidth: number;
  readonly block: 'basic' | 'bottleneck';
  readonly stages: readonly ResNetStage[];
  /** Whether a bottleneck's first convolution has the stride, as He et al. had it, not its second. */
  readonly strideFirst: boolean;
  /** Behind the first convolution and at the end of each block; within blocks it is ReLU, as in transformers. */
  readonly activation: string;
  /** Names of the classes; undefined for a network without classifier. */
  readonly labels: readonly string[] | undefined;
  /** How pictures become pixels, as a `preprocessor_config.json` says it; undefined where that file does. */
  readonly preprocessing: object | undefined;
}

export interface ResNetStage {
  readonly blocks: number;
  /** Channels within a block and of its result. */
  readonly inner: number;
  readonly outer: number;
  /** Of its first block. */
  readonly stride: number;
}

/** How many times wider a bottleneck's result is than its middle. */
const EXPANSION = 4;

type Preset = { readonly block: ResNetConfig['block']; readonly layers: readonly number[] };

/** Blocks of the networks of He et al. 2015 (arXiv:1512.03385, table 1), by the names in torchvision and timm. */
const presets: Readonly<Record<string, Preset>> = {
  resnet18: { block: 'basic', layers: [2, 2, 2, 2] },
  resnet34: { block: 'basic', layers: [3, 4, 6, 3] },
  resnet50: { block: 'bottleneck', layers: [3, 4, 6, 3] },
  resnet101: { block: 'bottleneck', layers: [3, 4, 23, 3] },
  resnet152: { block: 'bottleneck', layers: [3, 8, 36, 3] },
};

/**
 * Reads a `config.json` of a residual network: that of transformers (`model_type: "resnet"`), that of timm
 * (`architecture: "resnet50"`), or one that spells out what torchvision's `ResNet` is called with: `block`, `layers`, and
 * where they differ `planes` (inner widths) and `stem_width`.
 * @throws {ConfigError} For values that no network can have, or that are not supported.
 */
export function resNetConfig(json: unknown, name = 'config.json'): ResNetConfig {
  const fields = new ConfigFields(json, name);
  return fields.has('architecture') || fields.has('block') ? torchvisionConfig(fields) : transformersConfig(fields);
}

function transformersConfig(fields: ConfigFields): ResNetConfig {
  fields.oneOf('model_type', ['resnet'], 'resnet');
  const widths = sizes(fields, 'hidden_sizes', [256, 512, 1024, 2048]);
  const depths = sizes(fields, 'depths', [3, 4, 6, 3]);
  if (depths.length !== widths.length) throw fields.refused('depths', `one number for each of ${widths.length} stages`);
  const block = fields.oneOf('layer_type', ['basic', 'bottleneck'], 'bottleneck');
  if (block === 'bottleneck' && Math.min(...widths) < EXPANSION) {
    throw fields.refused('hidden_sizes', `widths of at least ${EXPANSION} for bottlenecks`);
  }
  const isEarly = fields.boolean('downsample_in_first_stage', false);
  const hasHead = architecture(fields) !== 'ResNetModel';
  return {
    names: hasHead ? 'transformers' : 'transformers-backbone',
    channels: fields.integer('num_channels', 3, 1),
    stemWidth: fields.integer('embedding_size', 64, 1),
    block,
    stages: widths.map((outer, i) => ({
      blocks: depths[i]!,
      inner: block === 'basic' ? outer : Math.floor(outer / EXPANSION),
      outer,
      stride: i > 0 || isEarly ? 2 : 1,
    })),
    strideFirst: fields.boolean('downsample_in_bottleneck', false),
    activation: fields.string('hidden_act', 'relu'),
    labels: hasHead ? labelNames(fields) : undefined,
    preprocessing: undefined,
  };
}

function torchvisionConfig(fields: ConfigFields): ResNetConfig {
  const preset = presetOf(fields);
  // What torchvision and timm can be told besides.
  fields.onlyOff({
    groups: 1,
    width_per_group: 64,
    replace_stride_with_dilation: undefined,
    model_args: undefined,
    global_pool: 'avg',
  });
  const block = fields.oneOf('block', ['basic', 'bottleneck'], preset?.block);
  const layers = sizes(fields, 'layers', preset?.layers);
  const planes = sizes(fields, 'planes', [64, 128, 256, 512].slice(0, layers.length));
  if (planes.length !== layers.length) throw fields.refused('planes', `one width for each of ${layers.length} layers`);
  const classes = fields.integer('num_classes', 1000);
  return {
    names: 'torchvision',
    channels: fields.integer('in_chans', 3, 1),
    stemWidth: fields.integer('stem_width', 64, 1),
    block,
    stages: planes.map((inner, i) => ({
      blocks: layers[i]!,
      inner,
      outer: block === 'basic' ? inner : EXPANSION * inner,
      stride: i > 0 ? 2 : 1,
    })),
    strideFirst: false,
    activation: 'relu',
    labels: classes === 0 ? undefined : timmLabels(fields, classes),
    preprocessing: timmPreprocessing(fields),
  };
}

/** What `architecture` names, in timm's form or with torchvision's module in front; undefined for `ResNet` itself. */
function presetOf(fields: ConfigFields): Preset | undefined {
  const name = fields.string('architecture', 'ResNet').replace(/^torchvision\.models\./, '');
  if (name === 'ResNet') return undefined;
  if (Object.hasOwn(presets, name)) return presets[name];
  throw fields.refused('architecture', `ResNet or one of ${Object.keys(presets).join(', ')}`, Object.keys(presets));
}

/** A list of at least one size. */
function sizes(fields: ConfigFields, key: string, missing?: readonly number[]): readonly number[] {
  const value = fields.value(key) ?? missing;
  const isSize = (size: unknown): size is number => Number.isSafeInteger(size) && Number(size) > 0;
  if (Array.isArray(value) && value.length > 0 && value.every(isSize)) return value;
  throw fields.refused(key, 'a list of whole numbers, at least 1');
}

/** The first of `architectures`: the class that wrote the file. */
function architecture(fields: ConfigFields): unknown {
  const value = fields.value('architectures');
  return Array.isArray(value) ? value[0] : undefined;
}

function timmLabels(fields: ConfigFields, count: number): readonly string[] {
  const given = fields.value('label_names');
  const isText = (name: unknown): name is string => typeof name === 'string';
  if (given === undefined) return Array.from({ length: count }, (_, i) => `LABEL_${i}`);
  if (Array.isArray(given) && given.length === count && given.every(isText)) return given;
  throw fields.refused('label_names', `${count} names`);
}

/** Mean and deviation of ImageNet's colours, which torchvision and timm normalise by. */
const IMAGENET_MEAN = [0.485, 0.456, 0.406];
const IMAGENET_DEVIATION = [0.229, 0.224, 0.225];

/** timm's `pretrained_cfg`; without it what torchvision's networks were trained with. */
function timmPreprocessing(fields: ConfigFields): object {
  const own = fields.fields('pretrained_cfg', true);
  own.onlyOff({ crop_mode: 'center' });
  const [channels, height, width] = own.numbers('input_size', 3, [3, 224, 224]);
  if (channels !== 3 || height !== width) throw own.refused('input_size', '[3, size, size]');
  const filter = own.oneOf('interpolation', ['bilinear', 'bicubic'], 'bilinear');
  return {
    image_processor_type: 'BitImageProcessor',
    size: { shortest_edge: Math.floor(height! / own.number('crop_pct', 224 / 256)) },
    crop_size: { height, width },
    // As Pillow numbers them.
    resample: filter === 'bilinear' ? 2 : 3,
    image_mean: own.numbers('mean', 3, IMAGENET_MEAN),
    image_std: own.numbers('std', 3, IMAGENET_DEVIATION),
  };
}
