import { encodeSafetensors } from '../../lib/hub/safetensors.js';

/** Numbers that are all different. */
export function counted(count: number, from = 0): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => from + i);
}

export function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/** A repository with one file of weights, which is larger than what the server sends at once, and two small files. */
export function tinyRepository(elements = 50_000): Record<string, Uint8Array> {
  return {
    'config.json': json({ model_type: 'tiny', hidden_size: 8 }),
    'tokenizer.json': json({ version: '1.0' }),
    'README.md': Buffer.from('# tiny'),
    'model.safetensors': encodeSafetensors({
      weight: { shape: [elements / 10, 10], data: counted(elements) },
      bias: { shape: [3], data: Uint16Array.of(0x3f80, 0xc000, 0x3eab), dtype: 'BF16' },
    }),
  };
}

/** The same model in two files with an index. */
export function shardedRepository(): Record<string, Uint8Array> {
  return {
    'config.json': json({ model_type: 'tiny' }),
    'model-00001-of-00002.safetensors': encodeSafetensors({ a: { shape: [4], data: counted(4) } }),
    'model-00002-of-00002.safetensors': encodeSafetensors({ b: { shape: [2, 2], data: counted(4, 10) } }),
    'model.safetensors.index.json': json({
      metadata: { total_size: 32 },
      weight_map: { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' },
    }),
  };
}

/** The first index at which values are not {@link counted}, or -1; `toEqual` takes a second for so many. */
export function miscounted(values: ArrayLike<number>, count = 50_000): number {
  if (values.length !== count) return Math.min(values.length, count);
  for (let i = 0; i < count; i++) if (values[i] !== i) return i;
  return -1;
}
