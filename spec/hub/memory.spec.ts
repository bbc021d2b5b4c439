/** The host holds about the largest tensor, and not the model. */
import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DType } from '../../lib/ir/dtype.js';

const MEGABYTE = 2 ** 20;
/** Megabytes of a tensor. */
const TENSOR = 16;
/** Megabytes of earlier tensors that V8 lets pile up before it collects: 64, and what comes meanwhile. */
const UNCOLLECTED = 96;

/** A file of `count` tensors of as many bytes each. It is sparse: zeros that take no room on disk. */
function writeSparse(file: string, count: number, bytes: number, dtype: 'F32' | 'BF16'): void {
  const width = dtype === 'F32' ? 4 : 2;
  const entries = Array.from({ length: count }, (_, i) => {
    return [`layer.${i}`, { dtype, shape: [bytes / width], data_offsets: [i * bytes, (i + 1) * bytes] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(header.length));
  fs.writeFileSync(file, Buffer.concat([start, header]));
  fs.truncateSync(file, 8 + header.length + count * bytes);
}

test.each<['F32' | 'BF16', DType, number, number]>([
  ['F32', 'f32', 1024, 1],
  ['BF16', 'bf16', 256, 1],
  ['BF16', 'f32', 256, 2],
])(
  'a file in %s is read as %s: %i MB, tensor by tensor',
  (stored, dtype, megabytes, growth) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'memory-'));
    try {
      writeSparse(path.join(folder, 'model.safetensors'), megabytes / TENSOR, TENSOR * MEGABYTE, stored);
      const program = [path.resolve('node_modules/tsx/dist/cli.mjs'), path.resolve('spec/hub/memory-process.ts')];
      const { stdout, stderr } = spawnSync('node', [...program, folder, dtype], { encoding: 'utf8' });
      expect(stderr).toBe('');
      const { peak, bytes } = JSON.parse(stdout) as { peak: number; bytes: number };
      expect(bytes).toBe(growth * megabytes * MEGABYTE);
      expect(peak / MEGABYTE).toBeLessThan(growth * TENSOR + UNCOLLECTED);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  },
  300_000,
);
