import { ShapeError, ValueError } from '../../ir/errors.js';
import { ConfigFields } from '../config-fields.js';
import { centerCrop, toRgb, type Picture } from './picture.js';
import { readPixelScaling, readResample, writePixels, type PixelScaling } from './pixel-values.js';
import { readProcessorKind } from './processor-kind.js';
import { resize, type ResizeFilter } from './resize.js';

/** Pictures as a model reads them. */
export interface PixelValues {
  /** Row-major; normalised as in training. */
  readonly data: Float32Array;
  /** `[pictures, 3, height, width]` */
  readonly shape: readonly [number, 3, number, number];
}

const HALF = [0.5, 0.5, 0.5];
const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073];
const CLIP_DEVIATION = [0.26862954, 0.26130258, 0.27577711];
const clip = { size: { shortest_edge: 224 }, crop: 224, resample: 3, mean: CLIP_MEAN, deviation: CLIP_DEVIATION };

/** What configurations leave out, by the part of the processor's name before `ImageProcessor`. */
const KINDS = {
  ViT: { size: { height: 224, width: 224 }, crop: undefined, resample: 2, mean: HALF, deviation: HALF },
  ConvNext: { size: { shortest_edge: 384 }, crop: undefined, resample: 3, mean: HALF, deviation: HALF },
  Bit: clip,
  CLIP: clip,
} as const;

/** From here on ConvNext squeezes pictures into a square and cuts nothing off. */
const CONVNEXT_WARPS_FROM = 384;

/** A size, and how it is reached: `edge` is that of the shorter side. */
type Resizing =
  | { readonly to: 'box'; readonly width: number; readonly height: number }
  | { readonly to: 'edge'; readonly edge: number };

/**
 * Pictures to what an image model reads: resized, cut, scaled and normalised as a `preprocessor_config.json` says. It
 * does what `ViTImageProcessor`, `ConvNextImageProcessor` (of ResNet), `BitImageProcessor` and `CLIPImageProcessor` of
 * transformers do with Pillow.
 */
export class ImageProcessor {
  /** Use {@link ImageProcessor.fromConfig}. */
  private constructor(
    private readonly resizing: Resizing | undefined,
    private readonly cropping: { readonly width: number; readonly height: number } | undefined,
    private readonly filter: ResizeFilter,
    private readonly scaling: PixelScaling,
  ) {}

  /**
   * A processor as a `preprocessor_config.json` describes it.
   * @throws {ConfigError} For the configuration of another processor, and for values out of range.
   */
  static fromConfig(config: unknown, name = 'preprocessor_config.json'): ImageProcessor {
    const fields = new ConfigFields(config, name);
    const kind = readProcessorKind(fields, ['ViT', 'ConvNext', 'Bit', 'CLIP']);
    const { size, crop, resample, mean, deviation } = KINDS[kind];
    const wanted = readSize(fields, 'size', size);
    const filter = readResample(fields, resample);
    const scaling = readPixelScaling(fields, mean, deviation);
    const cropping = fields.boolean('do_center_crop', crop !== undefined)
      ? readBox(fields, 'crop_size', crop ?? 224)
      : undefined;
    const resizes = fields.boolean('do_resize', true);
    if (kind !== 'ConvNext' || !resizes)
      return new ImageProcessor(resizes ? wanted : undefined, cropping, filter, scaling);

    fields.onlyOff({ do_center_crop: false });
    if (wanted.to !== 'edge') throw fields.refused('size', 'a shortest_edge');
    const square = { width: wanted.edge, height: wanted.edge };
    if (wanted.edge >= CONVNEXT_WARPS_FROM) {
      return new ImageProcessor({ to: 'box', ...square }, undefined, filter, scaling);
    }
    const share = fields.number('crop_pct', 224 / 256);
    if (share <= 0 || share > 1) throw fields.refused('crop_pct', 'a number in (0, 1]');
    return new ImageProcessor({ to: 'edge', edge: Math.trunc(wanted.edge / share) }, square, filter, scaling);
  }

  /**
   * One batch. Pictures may be of different sizes where the configuration resizes or cuts them to one.
   * @throws {ValueError} Without a picture.
   * @throws {ShapeError} When the data of a picture does not fit its size, or sizes differ in the end.
   */
  process(pictures: readonly Picture[]): PixelValues {
    const ready = pictures.map((picture) => this.prepare(toRgb(picture)));
    const first = ready[0];
    if (first === undefined) throw new ValueError('ImageProcessor: there must be one picture or more');
    const { width, height } = first;
    const data = new Float32Array(ready.length * 3 * width * height);
    ready.forEach((picture, i) => {
      if (picture.width !== width || picture.height !== height) {
        throw new ShapeError(
          `ImageProcessor: picture ${i} comes to ${picture.width} × ${picture.height} pixels and the first to ` +
            `${width} × ${height}: give them one at a time`,
        );
      }
      writePixels(picture, this.scaling, data, i * 3 * width * height);
    });
    return { data, shape: [ready.length, 3, height, width] };
  }

  private prepare(picture: Picture): Picture {
    const { width, height } = this.resizing === undefined ? picture : sizeAfter(picture, this.resizing);
    const resized = resize(picture, width, height, this.filter);
    return this.cropping === undefined ? resized : centerCrop(resized, this.cropping.width, this.cropping.height);
  }
}

function sizeAfter({ width, height }: Picture, resizing: Resizing): { width: number; height: number } {
  if (resizing.to === 'box') return resizing;
  const { edge } = resizing;
  const long = Math.trunc((edge * Math.max(width, height)) / Math.min(width, height));
  return width <= height ? { width: edge, height: long } : { width: long, height: edge };
}

/** `{ height, width }` or `{ shortest_edge }`; in old files a number, which is of the kind that is the default. */
function readSize(
  fields: ConfigFields,
  key: string,
  missing: { readonly height: number; readonly width: number } | { readonly shortest_edge: number },
): Resizing {
  const value = fields.value(key) ?? missing;
  if (typeof value === 'number') {
    const edge = fields.integer(key, undefined, 1);
    return 'shortest_edge' in missing ? { to: 'edge', edge } : { to: 'box', width: edge, height: edge };
  }
  const size = fields.has(key) ? fields.fields(key) : new ConfigFields(missing, fields.name);
  if (size.has('shortest_edge') && !size.has('longest_edge')) {
    return { to: 'edge', edge: size.integer('shortest_edge', undefined, 1) };
  }
  if (!size.has('height') || !size.has('width')) throw fields.refused(key, '{ height, width } or { shortest_edge }');
  return {
    to: 'box',
    height: size.integer('height', undefined, 1),
    width: size.integer('width', undefined, 1),
  };
}

function readBox(fields: ConfigFields, key: string, missing: number): { width: number; height: number } {
  const box = readSize(fields, key, { height: missing, width: missing });
  if (box.to !== 'box') throw fields.refused(key, '{ height, width }');
  return box;
}
