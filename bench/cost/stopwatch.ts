import type { DeviceRecorder, Recorder, StepRecorder } from '../../lib/ir/recorder.js';

/** Takes the times of kernels, and nothing else of what a recorder is told. */
export class Stopwatch implements Recorder {
  /** For each session, by the number that it got, microseconds of all kernels of each step. */
  readonly steps = new Map<number, number[]>();
  /** Whether the device stamps kernels at all; undefined before the first session. */
  timestamps: boolean | undefined;
  private sessions = 0;
  private pending = 0;
  private waiting: (() => void)[] = [];

  /** Resolves when the times of every step submitted so far are here. */
  async settled(): Promise<void> {
    if (this.pending > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  session(): number {
    this.steps.set(++this.sessions, []);
    return this.sessions;
  }

  device(_: object, { timestamps }: { readonly timestamps: boolean }): DeviceRecorder {
    this.timestamps = timestamps;
    return { aligned: true, align: () => undefined, step: (session) => this.step(session) };
  }

  begin = () => 0;
  end = () => undefined;
  parts = () => undefined;
  wait = () => () => undefined;
  value = () => undefined;
  memory = () => undefined;

  private step(session: number): StepRecorder {
    this.pending++;
    const over = () => {
      if (--this.pending > 0) return;
      for (const resolve of this.waiting.splice(0)) resolve();
    };
    return {
      flow: 0,
      done: (_, stamps) => {
        if (stamps) {
          const kernels = Array.from({ length: stamps.length / 2 }, (_, i) => stamps[2 * i + 1]! - stamps[2 * i]!);
          this.steps.get(session)!.push(Number(kernels.reduce((sum, kernel) => sum + kernel, 0n)) / 1000);
        }
        over();
      },
      lost: over,
    };
  }
}
