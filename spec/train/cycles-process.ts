/**
 * Builds, trains, validates and disposes of the same model so many times: `cycles-process.ts <cycles>`. Prints for each
 * cycle, when it is over, the buffers that are not destroyed, the pipelines made so far and the process's memory in bytes; of
 * every tenth without garbage, where Node was started with --expose-gc.
 */
import { openDevice } from '../../lib/backend/device/open.js';
import { adamW } from '../../lib/train/optimizers/adam.js';
import { Trainer } from '../../lib/train/trainer.js';
import { LiveBuffers } from '../live-buffers.js';
import { batchesOf, classifierSession } from './tiny.js';

/** @returns How many compute pipelines of the default device were made since. */
async function countPipelines(): Promise<() => number> {
  const { gpu } = await openDevice();
  let made = 0;
  for (const name of ['createComputePipeline', 'createComputePipelineAsync'] as const) {
    const create = gpu[name].bind(gpu) as (descriptor: GPUComputePipelineDescriptor) => never;
    gpu[name] = (descriptor) => {
      made++;
      return create(descriptor);
    };
  }
  return () => made;
}

const cycles = Number(process.argv[2]);
const pipelines = await countPipelines();
using buffers = await LiveBuffers.start();
const [training, validation] = [batchesOf(24), batchesOf(12, {}, 2)];
for (let cycle = 0; cycle < cycles; cycle++) {
  const session = await classifierSession({ optimizer: adamW({ learningRate: 0.1 }) });
  await new Trainer(session, { epochs: 2, progress: false }).fit(training, { validation });
  session.dispose();
  if (cycle % 10 === 9) globalThis.gc?.();
  console.log(JSON.stringify([buffers.count, pipelines(), process.memoryUsage().rss]));
}
