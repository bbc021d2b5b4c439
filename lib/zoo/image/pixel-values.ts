import type { ConfigFields } from '../config-fields.js';
import { ShapeError } from '../../ir/errors.js';
import { toRgb, type Picture } from './picture.js';
import type { ResizeFilter } from './resize.js';

/** Pillow's numbers for filters, as configurations have them. Number 0, the nearest pixel, is not supported. */
const RESAMPLE: Readonly<Record<number, ResizeFilter>> = {
  1: 'lanczos',
  2: 'bilinear',
  3: 'bicubic',
  4: 'box',
  5: 'hamming',
};

/** How bytes become the numbers that a model is given: (byte · factor − mean) / deviation, by channel. */
export interface PixelScaling {
  readonly factor: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Reads `do_rescale`, `rescale_factor`, `do_normalize`, `image_mean` and `image_std`; the last two may be missing. */
export function readPixelScaling(
  fields: ConfigFields,
  mean: readonly number[],
  deviation: readonly number[],
): PixelScaling {
  const normalize = fields.boolean('do_normalize', true);
  const deviations = fields.numbers('image_std', 3, deviation);
  if (deviations.some((value) => value <= 0)) throw fields.refused('image_std', 'three numbers above 0');
  return {
    factor: fields.boolean('do_rescale', true) ? fields.number('rescale_factor', 1 / 255) : 1,
    mean: normalize ? fields.numbers('image_mean', 3, mean) : [0, 0, 0],
    deviation: normalize ? deviations : [1, 1, 1],
  };
}

/** Reads `resample`, a number of Pillow's. */
export function readResample(fields: ConfigFields, missing: number): ResizeFilter {
  const filter = RESAMPLE[fields.integer('resample', missing)];
  if (filter === undefined) throw fields.refused('resample', `one of ${Object.keys(RESAMPLE).join(', ')}`);
  return filter;
}

/**
 * Writes a picture as a model reads it: one plane for red, green and blue each, `[3, height, width]`.
 * @param out Where to, from `at` on.
 */
export function writePixels(picture: Picture, scaling: PixelScaling, out: Float32Array, at: number): void {
  const { data, width, height } = toRgb(picture);
  const pixels = width * height;
  if (at + 3 * pixels > out.length)
    throw new ShapeError(`there is no room for a picture of ${width} × ${height} pixels`);
  for (let channel = 0; channel < 3; channel++) {
    const [mean, deviation] = [scaling.mean[channel]!, scaling.deviation[channel]!];
    const values = Float32Array.from({ length: 256 }, (_, byte) => (byte * scaling.factor - mean) / deviation);
    for (let pixel = 0; pixel < pixels; pixel++)
      out[at + channel * pixels + pixel] = values[data[pixel * 3 + channel]!]!;
  }
}
