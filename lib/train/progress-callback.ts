import type { Callback } from './callback.js';
import { Progress, type ProgressOptions } from './progress.js';

/** Shows progress on the terminal. */
export function progressCallback(shown: Pick<ProgressOptions, 'stream' | 'clock' | 'lines'>): Callback {
  let progress: Progress | undefined;
  return {
    onStart(training) {
      const { epochs, totalSteps, stepsPerEpoch, steps } = training;
      const done = { epochs: training.epoch - 1, steps: training.position().epochSteps, allSteps: steps };
      progress = new Progress({ epochs, totalSteps, stepsPerEpoch, done, ...shown });
    },
    onStep({ samples }, training) {
      progress?.step(samples, training.scores());
    },
    onEpoch({ train, validation }) {
      const validated = Object.entries<number>(validation ?? {});
      const scores = validated.map(([name, value]) => [`validation ${name}`, value] as const);
      progress?.endEpoch({ ...train, ...Object.fromEntries(scores) });
    },
    onError() {
      progress?.abort();
    },
  };
}
