import { describe, expect, it } from '@jest/globals';
import { ShapeError } from '../../../lib/ir/errors.js';
import { latentPicture } from '../../../lib/zoo/diffusion/latent-picture.js';

describe('latentPicture', () => {
  it('maps four channels by the linear fit', () => {
    // Two places; all four channels of the second are 0.
    const picture = latentPicture(Float32Array.of(1, 0, -1, 0, 1, 0, 0.5, 0), [4, 1, 2]);
    const expected = [0.298 - 0.187 - 0.158 - 0.092, 0.207 - 0.286 + 0.189 - 0.1355, 0.208 - 0.173 + 0.264 - 0.2365];
    expect([...picture.data]).toEqual([...expected, 0, 0, 0].map((value) => Math.round(127.5 + 127.5 * value)));
    expect([picture.width, picture.height]).toEqual([2, 1]);
  });

  it('shows other numbers of channels in grey, and noise of any deviation as if it were 1', () => {
    const picture = latentPicture(Float32Array.of(50, -50), [1, 2, 1]);
    expect([...picture.data]).toEqual([255, 255, 255, 0, 0, 0]);
    const small = latentPicture(Float32Array.of(0.5, -0.5), [1, 2, 1]);
    expect([...small.data]).toEqual([191, 191, 191, 64, 64, 64]);
  });

  it('refuses a shape that does not fit', () => {
    expect(() => latentPicture(new Float32Array(3), [4, 1, 1])).toThrow(ShapeError);
    expect(() => latentPicture(new Float32Array(3), [4, 1, 1])).toThrow(
      'latents of shape [4, 1, 1] cannot have 3 values',
    );
  });
});
