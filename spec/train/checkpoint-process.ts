/** Saves checkpoints into a folder without end, and says after each which it was; to be killed. */
import { writeCheckpoint } from '../../lib/train/checkpoint-files.js';

/** Large enough that writing takes most of the time. */
const values = new Float32Array(2 ** 16).fill(1);
const tensors = new Map([['weight', { shape: [2 ** 16], data: values }]]);
const folder = process.argv[2]!;
for (;;) {
  const saved = await writeCheckpoint(
    folder,
    { model: tensors, training: tensors },
    (name) => ({ inputs: { number: Number(name.slice(-6)) }, random: [] }),
    2,
  );
  process.stdout.write(`${saved}\n`);
}
