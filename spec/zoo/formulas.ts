/** UNets and runs of denoising with values that follow from formulas; `spec/reference/unet/make.py` has the same. */
import fs from 'node:fs';
import type { Module, StateEntry } from '../../lib/dsl/module.js';

interface UNetCase {
  readonly name: string;
  readonly config: object;
  readonly parameters: number;
  readonly sample: number[];
  readonly timestep: number[];
  readonly text: number[];
  readonly output: number[];
}

interface DenoiseRun {
  readonly scheduler: { readonly _class_name: string };
  readonly steps: number;
  readonly guidance: number;
  readonly text: number[];
  readonly latents: number[];
  readonly timesteps: number[];
  readonly output: number[];
}

interface DecoderCase {
  readonly name: string;
  readonly config: object;
  readonly parameters: number;
  /** Shape of the UNet's latents. */
  readonly latents: readonly [number, number, number, number];
  /** What the decoder makes of the autoencoder's. */
  readonly output: number[];
  /** The same as bytes, [B, H, W, 3]. */
  readonly pictures: number[];
}

interface UNetReference {
  readonly decoders: readonly DecoderCase[];
  readonly cases: readonly UNetCase[];
  /** Of the UNet in `spec/reference/sd-unet-tiny`. */
  readonly runs: readonly DenoiseRun[];
}

export const unetReference = JSON.parse(fs.readFileSync('spec/reference/unet/unet.json', 'utf8')) as UNetReference;

/** sin(step·j + phase). */
export function formulaValues(count: number, step: number, phase = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, j) => Math.sin(step * j + phase));
}

/** Element j of a parameter is 0.25·sin(0.7·j + seed of its name), and 1 more for weights of norms. */
export function formulaWeights(model: Module): Record<string, StateEntry> {
  const entries = Object.entries(model.stateDict()).map(([name, { shape, dtype, data }]): [string, StateEntry] => {
    const base = shape.length === 1 && name.endsWith('weight') ? 1 : 0;
    const values = Float32Array.from(data, (_, j) => base + 0.25 * Math.sin(0.7 * j + seedOf(name)));
    return [name, { shape, dtype, data: values }];
  });
  return Object.fromEntries(entries);
}

/** h mod 10000 with h ← (31·h + byte) mod 2³² over the name's bytes. */
function seedOf(name: string): number {
  return new TextEncoder().encode(name).reduce((h, byte) => (Math.imul(h, 31) + byte) >>> 0, 0) % 10000;
}
