/**
 * Reads every tensor of a model in a folder, as a process of its own, whose memory nothing else is in. Prints by how many
 * bytes heap and array buffers grew at the most: `memory-process.ts <folder> <dtype>`.
 */
import type { DType } from '../../lib/ir/dtype.js';
import { SafeTensorsModel } from '../../lib/hub/safetensors-model.js';

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const [folder = '', dtype = 'f32'] = process.argv.slice(2);
const model = await SafeTensorsModel.load(folder);
const before = used();
let peak = 0;
let bytes = 0;
for (const name of model.tensors.keys()) {
  bytes += (await model.read(name, dtype as DType)).byteLength;
  peak = Math.max(peak, used() - before);
}
console.log(JSON.stringify({ peak, bytes }));
