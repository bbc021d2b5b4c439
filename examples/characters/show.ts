import { buildInferenceSession, type Session } from 'meganeura';
import type { History, LineChart } from 'meganeura/train';
import { Sampler } from 'meganeura/zoo';
import { traceCharacters, type CharacterModel } from './model.js';

export interface WriteOptions {
  /** The characters by their numbers. */
  readonly alphabet: readonly string[];
  /** The number of the character that it goes on from. */
  readonly first: number;
  /** Characters to write. */
  readonly length: number;
  readonly temperature: number;
  readonly seed: number;
}

/** A text that the model writes with the weights of a session. */
export async function write(model: CharacterModel, weights: Session, options: WriteOptions): Promise<string> {
  const { alphabet, first, length, temperature, seed } = options;
  const { window } = model.sizes;
  using session = await buildInferenceSession(traceCharacters(model, 1), { outputs: ['logits'], weights });
  const sampler = new Sampler({ temperature, seed });
  const written = [first];
  while (written.length <= length) {
    const seen = written.slice(-window);
    // What stands behind the last one is nothing that it sees.
    session.step({ ids: Int32Array.from({ length: window }, (_, i) => seen[i] ?? 0) });
    const logits = await session.read('logits');
    const end = seen.length * alphabet.length;
    written.push(sampler.next(logits.subarray(end - alphabet.length, end)));
  }
  return written
    .slice(1)
    .map((id) => alphabet[id])
    .join('');
}

/** The loss by epoch beside what the best model of pairs of characters could reach. */
export function learningCurve({ epochs }: History<never>, bound: number): LineChart {
  return {
    title: 'Characters, 2 layers of width 64',
    panels: [
      {
        xLabel: 'epoch',
        yLabel: 'cross-entropy (nats a character)',
        series: [
          { name: 'training', points: epochs.map(({ epoch, train }) => [epoch, train.loss]) },
          {
            name: 'held out',
            points: epochs.map(({ epoch, validation }) => [epoch, validation ? validation.loss : NaN]),
          },
          {
            name: 'bigram entropy',
            points: [
              [1, bound],
              [epochs.length, bound],
            ],
          },
        ],
      },
    ],
  };
}
