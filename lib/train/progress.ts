/** Where progress goes: `process.stderr` fits. */
export interface ProgressStream {
  /** Whether a person looks: lines are redrawn in place only then. */
  readonly isTTY?: boolean;
  /** Characters a line. */
  readonly columns?: number;
  /** Shows the text, which may hold control characters where `isTTY` is true. */
  write(text: string): void;
}

/** How {@link Progress} shows what is done. */
export interface ProgressOptions {
  /** Infinity where only steps are counted. */
  readonly epochs: number;
  /** Where training ends after so many steps, whatever its epochs. Default Infinity. */
  readonly totalSteps?: number | undefined;
  /** Where it is not known, steps are counted instead of shown as a share. */
  readonly stepsPerEpoch?: number | undefined;
  /** `process.stderr` by default, so that what a program prints stays clean; nothing in a browser. */
  readonly stream?: ProgressStream | undefined;
  /** Milliseconds, `performance.now` by default. */
  readonly clock?: (() => number) | undefined;
  /** Epochs, steps of the one after them, and steps in all that were done before: training that was resumed. */
  readonly done?: { readonly epochs: number; readonly steps: number; readonly allSteps?: number } | undefined;
  /** Print a line an epoch where the stream is no terminal; otherwise nothing is printed there. */
  readonly lines?: boolean | undefined;
}

/** Values to show, in this order. Names that contain `accuracy` are fractions, shown in percent. */
export type Metrics = Readonly<Record<string, number>>;

/** Milliseconds between two drawings: writing to a terminal costs more than a small step. */
const REDRAW_MS = 100;
const BAR = 24;

/**
 * Training progress for a terminal:
 *
 *     epoch  3/30 ━━━━━━━━━━━━━━──────────  58 %  loss 0.1234  accuracy 96.1 %  5,310 samples/s  0:42 left
 *
 * One line, redrawn in place; each finished epoch leaves its own.
 */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #stream: ProgressStream | undefined;
  readonly #clock: () => number;
  readonly #start: number;
  #epoch = 0;
  /** Steps in all, and those that were done before. */
  #allSteps: number;
  readonly #before: number;
  #epochStart: number;
  #step = 0;
  #samples = 0;
  #metrics: Metrics = {};
  #lastDrawn = -Infinity;

  constructor(options: ProgressOptions) {
    const platform: { readonly process?: { readonly stderr?: ProgressStream } } = globalThis;
    this.#options = options;
    this.#stream = options.stream ?? platform.process?.stderr;
    this.#clock = options.clock ?? (() => performance.now());
    this.#epoch = options.done?.epochs ?? 0;
    this.#step = options.done?.steps ?? 0;
    this.#before = options.done?.allSteps ?? this.#epoch * (options.stepsPerEpoch ?? 0) + this.#step;
    this.#allSteps = this.#before;
    this.#start = this.#epochStart = this.#clock();
  }

  /**
   * A step was done.
   * @param samples Samples in its batch.
   * @param metrics What is known of it; values that are not given keep what was shown.
   */
  step(samples: number, metrics: Metrics = {}): void {
    this.#step++;
    this.#allSteps++;
    this.#samples += samples;
    this.#metrics = { ...this.#metrics, ...metrics };
    const now = this.#clock();
    if (this.#stream?.isTTY !== true || now - this.#lastDrawn < REDRAW_MS) return;
    this.#lastDrawn = now;
    this.#redraw(this.#timeLeft(now));
  }

  /** The epoch is over: its line stays, with `metrics` such as those of validation. */
  endEpoch(metrics: Metrics = {}): void {
    this.#metrics = { ...this.#metrics, ...metrics };
    const seconds = `${((this.#clock() - this.#epochStart) / 1000).toFixed(1)} s`;
    if (this.#stream?.isTTY === true) this.#redraw(seconds, '\n');
    else if (this.#options.lines === true) this.#stream?.write(`${this.#line(seconds, 0)}\n`);
    this.#epoch++;
    this.#step = this.#samples = 0;
    this.#epochStart = this.#clock();
    this.#lastDrawn = -Infinity;
  }

  /** Ends in the middle of an epoch, after an error: what is printed next starts on a line of its own. */
  abort(): void {
    if (this.#stream?.isTTY === true && this.#lastDrawn !== -Infinity) this.#stream.write('\n');
    this.#lastDrawn = -Infinity;
  }

  /** Writes over the last line and clears the rest of it: carriage return, text, CSI K. */
  #redraw(time: string, end = ''): void {
    const columns = this.#stream?.columns ?? 80;
    // A line that wraps cannot be redrawn: the bar gives way first, then the end of the text.
    const bar = Math.min(BAR, columns - 1 - this.#line(time, 0).length - 1);
    this.#stream?.write(`\r${this.#line(time, bar < 4 ? 0 : bar).slice(0, columns - 1)}\x1b[K${end}`);
  }

  #line(time: string, barWidth: number): string {
    const { head, fraction } = this.#position();
    const filled = Math.round((fraction ?? 0) * barWidth);
    const rate = this.#samples / Math.max(1e-3, (this.#clock() - this.#epochStart) / 1000);
    return [
      head + (barWidth > 0 && fraction !== undefined ? ` ${'━'.repeat(filled)}${'─'.repeat(barWidth - filled)}` : ''),
      fraction === undefined ? `step ${this.#step}` : `${String(Math.floor(fraction * 100)).padStart(3)} %`,
      ...Object.entries(this.#metrics).map(([name, value]) => `${name} ${formatMetric(name, value)}`),
      `${Math.round(rate).toLocaleString('en-US')} samples/s`,
      time,
    ].join('  ');
  }

  /** Of the epoch; of all steps where those end training. */
  #position(): { head: string; fraction: number | undefined } {
    const { epochs, totalSteps = Infinity, stepsPerEpoch } = this.#options;
    if (this.#stepsInAll() === totalSteps) {
      const head = `step ${String(this.#allSteps).padStart(String(totalSteps).length)}/${totalSteps}`;
      return { head, fraction: Math.min(1, this.#allSteps / totalSteps) };
    }
    const fraction = stepsPerEpoch === undefined ? undefined : Math.min(1, this.#step / stepsPerEpoch);
    return { head: `epoch ${String(this.#epoch + 1).padStart(String(epochs).length)}/${epochs}`, fraction };
  }

  /** Undefined where it cannot be known. */
  #stepsInAll(): number | undefined {
    const { epochs, totalSteps = Infinity, stepsPerEpoch } = this.#options;
    if (epochs === Infinity) return totalSteps;
    if (stepsPerEpoch === undefined) return undefined;
    return Math.min(totalSteps, epochs * stepsPerEpoch);
  }

  /** Of the whole training, at the pace so far; of the epoch, what has passed, where its steps are not known. */
  #timeLeft(now: number): string {
    const all = this.#stepsInAll();
    if (all === undefined) return formatSeconds((now - this.#epochStart) / 1000);
    const left = Math.max(0, all - this.#allSteps);
    return `${formatSeconds(((now - this.#start) / 1000 / (this.#allSteps - this.#before)) * left)} left`;
  }
}

function formatMetric(name: string, value: number): string {
  if (name.includes('accuracy')) return `${(value * 100).toFixed(1)} %`;
  return Math.abs(value) >= 1e-3 && Math.abs(value) < 1e4 ? value.toPrecision(4) : value.toExponential(2);
}

/** `0:42`, `12:03`, `1:02:03`. */
function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  const pad = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(whole % 60)}`;
}
