import { describe, expect, test } from '@jest/globals';
import {
  constantSchedule,
  cosineSchedule,
  exponentialSchedule,
  linearSchedule,
  stepSchedule,
} from '../../../lib/train/schedules/decay.js';
import { oneCycle } from '../../../lib/train/schedules/one-cycle.js';
import { inSequence, warmUp, type Schedule } from '../../../lib/train/schedules/schedule.js';

/** Without types, as plain JavaScript has it. */
const any = (value: unknown) => value as never;

const first = (schedule: Schedule, count: number) => Array.from({ length: count }, (_, step) => schedule(step));
const learningRate = 1;

describe('warm-up', () => {
  test.each<[string, Schedule, number[]]>([
    ['constant', constantSchedule({ learningRate, warmupSteps: 2 }), [1, 1, 1, 1]],
    ['step', stepSchedule({ learningRate, warmupSteps: 2, stepSize: 2, gamma: 0.5 }), [1, 1, 0.5, 0.5]],
    ['exponential', exponentialSchedule({ learningRate, warmupSteps: 2, gamma: 0.5 }), [1, 0.5, 0.25, 0.125]],
    ['linear', linearSchedule({ learningRate, warmupSteps: 2, totalSteps: 6 }), [1, 0.75, 0.5, 0.25]],
    ['cosine', cosineSchedule({ learningRate, warmupSteps: 2, totalSteps: 4, minimum: 0.5 }), [1, 0.75, 0.5, 0.5]],
  ])('%s: rises in equal parts, and then it begins', (_, schedule, then) => {
    first(schedule, 6).forEach((rate, step) => expect(rate).toBeCloseTo([0, 0.5, ...then][step]!, 12));
  });

  test('of any schedule', () => {
    expect(first(warmUp(4, oneCycle({ maxLearningRate: 8, totalSteps: 4, divFactor: 2 }).learningRate), 5)).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(
      first(
        warmUp(0, (step) => step),
        3,
      ),
    ).toEqual([0, 1, 2]);
  });
});

test('after their end schedules stay', () => {
  expect(linearSchedule({ learningRate, totalSteps: 5, minimum: 0.1 })(100)).toBeCloseTo(0.1, 12);
  expect(cosineSchedule({ learningRate, totalSteps: 5 })(7)).toBeCloseTo(0, 12);
  const cycle = oneCycle({ maxLearningRate: 1, totalSteps: 5 });
  expect(cycle.learningRate(100)).toBe(cycle.learningRate(4));
  expect(cycle.momentum(100)).toBeCloseTo(0.95, 12);
  expect(first(inSequence([{ schedule: () => 1, steps: 1 }, { schedule: (step) => 2 + step, steps: 1 }]), 4)).toEqual([1, 2, 3, 4]); // prettier-ignore
});

describe('bad values', () => {
  test.each<[string, () => unknown, string]>([
    ['a rate that is NaN', () => constantSchedule({ learningRate: NaN }), 'ValueError: constantSchedule: learningRate must be a number, at least 0, got NaN'],
    ['a rate in quotes', () => cosineSchedule({ learningRate: any('1'), totalSteps: 5 }), 'ValueError: cosineSchedule: learningRate must be a number, at least 0, got 1'],
    ['no end', () => linearSchedule(any({ learningRate })), 'ValueError: linearSchedule: totalSteps must be a whole number, at least 0, got undefined'],
    ['nothing after the warm-up', () => linearSchedule({ learningRate, totalSteps: 5, warmupSteps: 5 }), 'ValueError: linearSchedule: totalSteps must be above the 5 of the warm-up, got 5'],
    ['steps of size 0', () => stepSchedule({ learningRate, stepSize: 0 }), 'ValueError: stepSchedule: stepSize must be above 0, got 0'],
    ['an option that there is not', () => exponentialSchedule(any({ learningRate, decay: 0.5 })), "NameError: exponentialSchedule: there is no option 'decay'; it takes { learningRate, warmupSteps, gamma }"],
    ['a cycle without steps', () => oneCycle({ maxLearningRate: 1, totalSteps: 0 }), 'ValueError: oneCycle: totalSteps must be above 0, got 0'],
    ['more than the whole', () => oneCycle({ maxLearningRate: 1, totalSteps: 5, pctStart: 2 }), 'ValueError: oneCycle: pctStart must be at most 1, got 2'],
    ['an unknown shape', () => oneCycle({ maxLearningRate: 1, totalSteps: 5, annealStrategy: any('sine') }), "ValueError: oneCycle: annealStrategy must be 'cos' or 'linear', got sine"],
    ['half a step', () => warmUp(1.5, () => 1), 'ValueError: warmUp: steps must be a whole number, at least 0, got 1.5'],
    ['no function', () => warmUp(2, any(0.1)), 'UsageError: warmUp: a schedule is a function of the step, got 0.1'],
    ['no list', () => inSequence(any(() => 1)), 'UsageError: inSequence: takes a list of { schedule, steps }, got a function'],
    ['no end but for the last', () => inSequence([{ schedule: () => 1 }, { schedule: () => 2 }]), 'ValueError: inSequence: steps of parts[0] must be a whole number, at least 0, got Infinity'],
  ])('%s', (_, make, expected) => {
    let message = 'nothing was thrown';
    try {
      make();
    } catch (error) {
      if (error instanceof Error) message = `${error.name}: ${error.message}`;
    }
    expect(message).toBe(expected);
  }); // prettier-ignore
});
