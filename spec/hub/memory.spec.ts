/** The host holds about the largest tensor, and not the model. */
import { expect, test } from '@jest/globals';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { DType } from '../../lib/ir/dtype.js';
import { SafeTensorsModel } from '../../lib/hub/safetensors-model.js';

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

/** Collects garbage, which V8 offers only when it is told to before a context is made. */
async function collect(): Promise<void> {
  v8.setFlagsFromString('--expose-gc');
  const gc = vm.runInNewContext('gc') as () => void;
  // Array buffers are freed by another thread, some time later.
  for (let i = 0; i < 5; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test.each<['F32' | 'BF16', DType, number, number]>([
  ['F32', 'f32', 1024, 1],
  ['BF16', 'bf16', 256, 1],
  ['BF16', 'f32', 256, 2],
])('a file in %s is read as %s: %i MB, tensor by tensor', async (stored, dtype, megabytes, growth) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'memory-'));
  try {
    writeSparse(path.join(folder, 'model.safetensors'), megabytes / TENSOR, TENSOR * MEGABYTE, stored);
    const model = await SafeTensorsModel.load(folder);
    await collect();
    const before = used();
    let peak = 0;
    for (const name of model.tensors.keys()) {
      const values = await model.read(name, dtype);
      peak = Math.max(peak, used() - before);
      expect(values.byteLength).toBe(growth * TENSOR * MEGABYTE);
    }
    expect(peak / MEGABYTE).toBeLessThan(growth * TENSOR + UNCOLLECTED);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});
