import { describe, expect, test } from '@jest/globals';
import { Progress, type ProgressOptions } from '../../lib/train/progress.js';

/** A terminal that keeps what was written, and a clock that is moved by hand. */
function terminal(options: Partial<ProgressOptions> & { isTTY?: boolean; columns?: number } = {}) {
  const { isTTY = true, columns = 120, ...rest } = options;
  const written: string[] = [];
  const time = { now: 1000 };
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  const progress = new Progress({ epochs: 30, stepsPerEpoch: 100, stream, clock: () => time.now, ...rest });
  /** The last line on the screen, without what moves the cursor. */
  const line = () => written.join('').split(/[\r\n]/).filter(Boolean).at(-1)!.replace('\x1b[K', ''); // prettier-ignore
  return { progress, written, time, line };
}

describe('in a terminal', () => {
  test('draws one line in place', () => {
    const { progress, time, line, written } = terminal();
    for (let i = 0; i < 50; i++) {
      time.now += 20;
      progress.step(64, { loss: 0.123456, accuracy: 0.961 });
    }
    expect(line()).toBe(
      'epoch  1/30 ━━━━━━━━━━━─────────────   46 %  loss 0.1235  accuracy 96.1 %  3,200 samples/s  1:00 left',
    );
    expect(written.join('')).not.toContain('\n');
    expect(written.length).toBe(10); // At most one in 100 ms
  });

  test('leaves a line for each epoch', () => {
    const { progress, time, line, written } = terminal({ epochs: 2, stepsPerEpoch: 2 });
    for (let epoch = 0; epoch < 2; epoch++) {
      for (let i = 0; i < 2; i++) {
        time.now += 500;
        progress.step(10, { loss: 2 });
      }
      time.now += 200;
      progress.endEpoch({ 'validation accuracy': 0.5 });
    }
    expect(written.join('').match(/\n/g)).toHaveLength(2);
    expect(line()).toBe(
      'epoch 2/2 ━━━━━━━━━━━━━━━━━━━━━━━━  100 %  loss 2.000  validation accuracy 50.0 %  17 samples/s  1.2 s',
    );
  });

  test('counts steps where their number is not known', () => {
    const { progress, time, line } = terminal({ stepsPerEpoch: undefined });
    for (let i = 0; i < 3; i++) {
      time.now += 1000;
      progress.step(64, { loss: 2 });
    }
    expect(line()).toBe('epoch  1/30  step 3  loss 2.000  64 samples/s  0:03');
  });

  test('counts all steps where those end training', () => {
    const { progress, time, line } = terminal({ epochs: Infinity, totalSteps: 200, stepsPerEpoch: 40 });
    for (let i = 0; i < 50; i++) {
      if (i === 40) progress.endEpoch();
      time.now += 100;
      progress.step(64, { loss: 2 });
    }
    expect(line()).toBe('step  50/200 ━━━━━━──────────────────   25 %  loss 2.000  640 samples/s  0:15 left');
  });

  test('counts the time left from where training was resumed', () => {
    const done = { epochs: 2, steps: 20, allSteps: 100 };
    const { progress, time, line } = terminal({ epochs: 5, totalSteps: Infinity, stepsPerEpoch: 40, done });
    time.now += 1000;
    progress.step(64, { loss: 2 });
    expect(line()).toContain('epoch 3/5');
    expect(line()).toContain('1:39 left');
  });

  test('fits narrow terminals', () => {
    for (const columns of [100, 90, 80, 40, 10]) {
      const { progress, time, line } = terminal({ columns });
      time.now += 100;
      progress.step(64, { loss: 1e-7, accuracy: 1 });
      expect(line().length).toBeLessThan(columns);
    }
  });

  test('leaves the cursor on a new line when training stops in between', () => {
    const { progress, time, written } = terminal();
    progress.abort();
    expect(written).toEqual([]);
    time.now += 100;
    progress.step(1);
    progress.abort();
    expect(written.at(-1)).toBe('\n');
  });

  test.each([
    [59, '0:59'],
    [3599, '59:59'],
    [3723, '1:02:03'],
  ])('%d s are left: %s', (seconds, text) => {
    const { progress, time, line } = terminal({ epochs: 1, stepsPerEpoch: 2 });
    time.now += seconds * 1000;
    progress.step(1, { loss: 1e-7 });
    expect(line()).toContain(`loss 1.00e-7  0 samples/s  ${text} left`);
  });
});

describe('elsewhere', () => {
  const train = (options: Parameters<typeof terminal>[0]) => {
    const { progress, time, written } = terminal({ isTTY: false, epochs: 1, stepsPerEpoch: 1, ...options });
    time.now += 1000;
    progress.step(8, { loss: 1 });
    progress.endEpoch();
    progress.abort();
    return written;
  };

  test('prints nothing', () => {
    expect(train({})).toEqual([]);
  });

  test('prints a line an epoch when asked to', () => {
    expect(train({ lines: true })).toEqual(['epoch 1/1  100 %  loss 1.000  8 samples/s  1.0 s\n']);
  });
});
