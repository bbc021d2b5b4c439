import { readFileSync } from 'node:fs';
import type { Picture } from '../../../lib/zoo/image/picture.js';

/** The picture that spec/reference/images/make.py has under the same formula. */
export function picture(width: number, height: number, channels = 3): Picture {
  const data = Uint8ClampedArray.from({ length: width * height * channels }, (_, i) => {
    const [c, x, y] = [i % channels, Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    return (x * 37 + y * 59 + c * 83 + x * y * 7 + (x * x + y * y) * c) % 256;
  });
  return { data, width, height };
}

export function fromBase64(text: string): Uint8ClampedArray {
  return Uint8ClampedArray.from(Buffer.from(text, 'base64'));
}

/** Width, height and, where it is not 3, how many channels. */
export type PictureSize = [number, number, number?];

/** Some of the values of an array: each `stride`th. */
export interface SomeValues {
  shape: number[];
  stride: number;
  values: number[];
}

export function every(values: ArrayLike<number>, stride: number): number[] {
  return Array.from(values).filter((_, i) => i % stride === 0);
}

interface Reference {
  resized: {
    filter: 'bilinear' | 'bicubic' | 'lanczos' | 'box' | 'hamming';
    width: number;
    height: number;
    channels: number;
    to: [number, number];
    data: string;
  }[];
  processors: ({ config: object; sizes: PictureSize[] } & SomeValues)[];
  tiled: ({
    config: object;
    nested: PictureSize[][];
    rows: number[][];
    cols: number[][];
    prompts: string[][];
    mask: string;
    maskShape: number[];
  } & SomeValues)[];
  files: { name: string; bytes: string; width: number; height: number; data: string; tolerance: number }[];
}

/** What Pillow and transformers make of those pictures. */
export const reference = JSON.parse(readFileSync('spec/reference/images/images.json', 'utf8')) as Reference;
