import { checkedOptions, describeValue } from '../../dsl/emit.js';
import { ValueError } from '../../ir/errors.js';
import type { TypedArray } from '../../ir/typed-array.js';
import type { Session } from '../../session/session.js';
import type { Callback, Training } from '../callback.js';
import { isOfModel } from '../checkpoint.js';
import type { EpochRecord, History } from '../history.js';
import { checkedMonitor, isBetter, monitored, type Monitor, type MonitorOption } from '../monitor.js';

/** Names and meaning as Keras has them. */
export interface EarlyStoppingOptions<Name extends string = string> {
  /**
   * The loss or a metric, of the validation where there is one. Default `'loss'`. Whether small or large is good follows from
   * its name where that contains `loss`, `error`, `perplexity` or `accuracy`; for others say it by `{ metric, mode }`.
   */
  readonly monitor?: MonitorOption<Name>;
  /** Epochs in a row without a better value after which training ends. Default 0: at the first. */
  readonly patience?: number;
  /** How much better a value must be to count, at least 0. Default 0. */
  readonly minDelta?: number;
  /**
   * At the end, whatever ended it but an error, gives the session the parameters and buffers of the model as they were in
   * the best epoch. The host keeps a copy of them. Default false.
   */
  readonly restoreBest?: boolean;
}

/**
 * Ends training when a score has stopped getting better. Values that are NaN or missing are not better. A resumed training
 * counts on from the epochs in its history.
 *
 * Throws ValueError for options out of range, NameError for options that there are not; for metrics that there are not, when
 * training starts.
 */
export function earlyStopping<Name extends string = string>(options: EarlyStoppingOptions<Name> = {}): Callback<Name> {
  checkedOptions(WHAT, ['monitor', 'patience', 'minDelta', 'restoreBest'], options);
  const { patience = 0, minDelta = 0, restoreBest } = options;
  if (!Number.isInteger(patience) || patience < 0) {
    throw new ValueError(
      `${WHAT}: patience must be a whole number of epochs, at least 0, got ${describeValue(patience)}`,
    );
  }
  if (typeof (minDelta as unknown) !== 'number' || !(minDelta >= 0)) {
    throw new ValueError(`${WHAT}: minDelta must be a number, at least 0, got ${describeValue(minDelta)}`);
  }
  if (restoreBest !== undefined && typeof (restoreBest as unknown) !== 'boolean') {
    throw new ValueError(`${WHAT}: restoreBest must be true or false, got ${describeValue(restoreBest)}`);
  }
  return new EarlyStopping({ ...options, patience, minDelta });
}

const WHAT = 'earlyStopping';

class EarlyStopping implements Callback {
  private monitor: Monitor | undefined;
  private best: { readonly value: number; readonly epoch: number } | undefined;
  private waited = 0;
  private kept: ReadonlyMap<string, TypedArray> | undefined;

  constructor(
    private readonly options: EarlyStoppingOptions & { readonly patience: number; readonly minDelta: number },
  ) {}

  onStart(training: Training): void {
    this.best = this.kept = undefined;
    this.waited = 0;
    this.monitor = checkedMonitor(WHAT, this.options.monitor ?? 'loss', training.metrics);
    for (const record of training.history().epochs) this.judge(record, training);
  }

  async onEpoch(record: EpochRecord, training: Training): Promise<void> {
    if (this.judge(record, training) && this.options.restoreBest) this.kept = await modelStates(training.session);
  }

  onEnd(_history: History, { session }: Training): void {
    for (const [name, values] of this.kept ?? []) session.held.restore(name, values);
  }

  /** Whether it is the best so far; stops where there was none for too long. */
  private judge(record: EpochRecord, training: Training): boolean {
    const { patience, minDelta, restoreBest } = this.options;
    const { monitor } = this;
    if (!monitor) return false;
    const value = monitored(monitor, record);
    if (value !== undefined && isBetter(monitor, value, this.best?.value, minDelta)) {
      this.best = { value, epoch: record.epoch };
      this.waited = 0;
      return true;
    }
    if (++this.waited > patience) {
      const of = this.best ? `: ${this.best.value} in epoch ${this.best.epoch}` : ', which was never a number';
      const lost = restoreBest && !this.kept && this.best ? LOST : '';
      training.stop(`${WHAT}: no better ${monitor.metric} in ${this.waited} epochs${of}${lost}`);
    }
    return false;
  }
}

const LOST =
  '; its parameters are from before the resumption and were not restored: loadCheckpoint(session, folder, ' +
  "{ which: 'best' }) has them where checkpoints keep the best";

/** Parameters and buffers of the model by their names in the graph; states of the optimizer are no part of it. */
async function modelStates(session: Session): Promise<Map<string, TypedArray>> {
  const states = await session.held.snapshot();
  return new Map(states.flatMap(({ name, state, data }) => (isOfModel(state) ? [[name, data] as const] : [])));
}
