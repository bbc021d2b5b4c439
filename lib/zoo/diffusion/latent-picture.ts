import { ShapeError } from '../../ir/errors.js';
import { showShape } from '../../ir/shape.js';
import type { Picture } from '../image/picture.js';

/**
 * Red, green and blue of each of the four channels of Stable Diffusion's latents, as a linear fit of what its decoder
 * makes of them (https://discuss.huggingface.co/t/decoding-latents-to-rgb-without-upscaling/23204).
 */
const LATENT_COLOURS = [
  [0.298, 0.207, 0.208],
  [0.187, 0.286, 0.173],
  [-0.158, 0.189, 0.264],
  [-0.184, -0.271, -0.473],
] as const;

/**
 * A rough picture of latents without a decoder, a pixel for each place: by a linear fit to Stable Diffusion's decoder
 * where there are four channels, else the mean of the channels in grey. Latents whose deviation is above 1, as noisy ones
 * of Euler's method, are brought to 1.
 *
 * @param latents [C, H, W], row-major.
 * @throws {ShapeError} When the values are not as many as the shape says.
 */
export function latentPicture(latents: Float32Array, shape: readonly [number, number, number]): Picture {
  const [channels, height, width] = shape;
  const places = height * width;
  if (latents.length !== channels * places || latents.length === 0) {
    throw new ShapeError(`latentPicture: latents of shape ${showShape(shape)} cannot have ${latents.length} values`);
  }
  const scale = 1 / Math.max(1, deviation(latents));
  const grey = Array.from({ length: channels }, () => [1 / channels, 1 / channels, 1 / channels] as const);
  const colours = channels === LATENT_COLOURS.length ? LATENT_COLOURS : grey;
  const data = new Uint8ClampedArray(3 * places);
  for (let place = 0; place < places; place++) {
    for (let colour = 0; colour < 3; colour++) {
      const value = colours.reduce((sum, of, channel) => sum + of[colour]! * latents[channel * places + place]!, 0);
      // The fit is to −1 … 1.
      data[3 * place + colour] = 127.5 * (1 + scale * value);
    }
  }
  return { data, width, height };
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
