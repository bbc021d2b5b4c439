import { RANDOM_STEP } from '../dsl/context.js';
import { buildInferenceSession } from '../session/build.js';
import type { Session } from '../session/session.js';
import { evaluate } from './evaluate.js';
import type { AnyMetric, Scores } from './metrics.js';
import type { BatchSource } from './source.js';

/** Scores a session that trains on batches that it is not trained on, with its weights, which are not copied. */
export class Validator<Feeds extends object, Values extends object> {
  private constructor(
    private readonly session: Session<Feeds, Values>,
    private readonly source: BatchSource<Feeds>,
    private readonly measured: { readonly loss: string; readonly metrics: readonly AnyMetric<Feeds, Values>[] },
  ) {}

  /** Compiles only what the scores need. `average`: whether to score the moving averages of the weights. */
  static async create<Feeds extends object, Values extends object>(
    training: Session<Feeds, Values>,
    source: BatchSource<Feeds>,
    options: {
      readonly loss: string;
      readonly metrics: readonly AnyMetric<Feeds, Values>[];
      readonly average: boolean;
    },
  ): Promise<Validator<Feeds, Values>> {
    const { loss, metrics, average } = options;
    const outputs = [...new Set([loss, ...metrics.flatMap((metric) => metric.outputs)])];
    const session: Session = await buildInferenceSession(training.source, { outputs, weights: training, average });
    return new Validator(session as Session<Feeds, Values>, source, { loss, metrics });
  }

  /**
   * Of one epoch of the batches. With `isWhole` an evaluation that draws random numbers is not aborted: half of one would
   * leave numbers drawn that one after resuming draws again.
   */
  scores<Name extends string>(
    epoch: number,
    { signal, isWhole }: { readonly signal: AbortSignal | undefined; readonly isWhole: boolean },
  ): Promise<Scores<Name>> {
    const ending = isWhole && this.session.held.all.has(RANDOM_STEP) ? undefined : signal;
    const options = { ...this.measured, epoch, what: 'validation', signal: ending };
    return evaluate<Feeds, Values, string>(this.session, this.source, options);
  }

  dispose(): void {
    this.session.dispose();
  }
}
