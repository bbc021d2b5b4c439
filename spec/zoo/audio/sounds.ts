import { readFileSync } from 'node:fs';
import type { Audio } from '../../../lib/zoo/audio/audio.js';

/** The sound that spec/reference/audio/make.py has under the same formula. */
export function sound(count: number, sampleRate: number): Audio {
  const samples = Float32Array.from({ length: count }, (_, n) => {
    const t = n / sampleRate;
    if (n >= count - Math.floor(count / 8)) return 0;
    const fading = 0.2 * Math.sin(2 * Math.PI * 3000 * t + 1) * Math.exp(-3 * t);
    return 0.4 * Math.sin(2 * Math.PI * 440 * t) + fading + 0.05 * Math.sin(2 * Math.PI * 97.3 * t);
  });
  return { samples, sampleRate };
}

interface Reference {
  features: {
    config: object;
    counts: number[];
    rate: number;
    length: number | null;
    shape: number[];
    stride: number;
    values: number[];
  }[];
  silence: { shape: number[]; minimum: number; maximum: number };
  wavs: { name: string; bytes: string; rate: number; samples: number[] }[];
  compressed: string;
  resampled: { source: number; target: number; count: number; length: number; stride: number; values: number[] }[];
}

/** What transformers, soundfile and soxr make of those sounds. */
export const reference = JSON.parse(readFileSync('spec/reference/audio/audio.json', 'utf8')) as Reference;

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'base64'));
}
