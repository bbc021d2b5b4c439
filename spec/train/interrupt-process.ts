/** Trains without end and with checkpoints, says so, and waits for Ctrl-C; says how often it still listens for it. */
import { Trainer } from 'meganeura/train';
import { BATCH, batchesOf, classifierSession } from './tiny.js';

const session = await classifierSession();
let steps = 0;
const trainer = new Trainer(session, {
  steps: 1e9,
  progress: false,
  checkpoint: { folder: process.argv[2]! },
  onStep: () => {
    if (++steps === 3) console.log('training');
  },
});
try {
  await trainer.fit(batchesOf(4 * BATCH));
} catch (error) {
  console.log(JSON.stringify({ error: String(error), listeners: process.listenerCount('SIGINT') }));
}
process.exit(7);
