import { describeValue } from '../../dsl/emit.js';
import { ValueError } from '../../ir/errors.js';
import { checkedNumbers, type Schedule } from './schedule.js';

/** Options of {@link oneCycle}, named and defaulted as in `torch.optim.lr_scheduler.OneCycleLR`. */
export interface OneCycleOptions {
  /** The highest rate, which is the one between rise and fall. */
  maxLearningRate: number;
  /** Steps of rise and fall together. */
  totalSteps: number;
  /** Share of the steps in which the rate rises, above 0 and at most 1. Default 0.3. */
  pctStart?: number;
  /** The shape of rise and fall. Default `'cos'`. */
  annealStrategy?: 'cos' | 'linear';
  /** The rate starts at maxLearningRate / divFactor. Default 25. */
  divFactor?: number;
  /** The rate ends at its start / finalDivFactor. Default 10000. */
  finalDivFactor?: number;
  /** Whether the rate falls to its start as fast as it rose, and then to its end. Default false. */
  threePhase?: boolean;
  /** The momentum where the rate is largest. Default 0.85. */
  baseMomentum?: number;
  /** The momentum at start and end. Default 0.95. */
  maxMomentum?: number;
}

/** From one value to another, until a step. */
interface Phase {
  readonly end: number;
  readonly learningRate: readonly [number, number];
  readonly momentum: readonly [number, number];
}

/**
 * One cycle of the learning rate, up and down, and of the momentum against it (Smith and Topin 2018): two schedules, of
 * which the second may be left out. After the last step both stay.
 *
 * Throws ValueError for numbers out of range and unknown strategies, NameError for options that there are not.
 */
export function oneCycle(options: OneCycleOptions): { learningRate: Schedule; momentum: Schedule } {
  const { annealStrategy = 'cos', threePhase = false, ...rest } = { ...options };
  const factors = { pctStart: 0.3, divFactor: 25, finalDivFactor: 1e4, baseMomentum: 0.85, maxMomentum: 0.95 };
  const defaults = { maxLearningRate: undefined, totalSteps: undefined, ...factors };
  const numbers = checkedNumbers('oneCycle', defaults, rest);
  for (const name of ['totalSteps', 'pctStart', 'divFactor', 'finalDivFactor'] as const) {
    if (numbers[name] === 0) throw new ValueError(`oneCycle: ${name} must be above 0, got 0`);
  }
  if (numbers.pctStart > 1) throw new ValueError(`oneCycle: pctStart must be at most 1, got ${numbers.pctStart}`);
  if (!['cos', 'linear'].includes(annealStrategy)) {
    throw new ValueError(`oneCycle: annealStrategy must be 'cos' or 'linear', got ${describeValue(annealStrategy)}`);
  }
  if (typeof threePhase !== 'boolean') {
    throw new ValueError(`oneCycle: threePhase must be true or false, got ${describeValue(threePhase)}`);
  }
  const phases = phasesOf(numbers, threePhase);
  const anneal = annealStrategy === 'cos' ? cosine : linear;
  const schedule =
    (name: 'learningRate' | 'momentum'): Schedule =>
    (step) => {
      const found = phases.findIndex(({ end }) => step <= end);
      const index = found < 0 ? phases.length - 1 : found;
      const phase = phases[index]!;
      const start = index === 0 ? 0 : phases[index - 1]!.end;
      // Of a phase without steps, what is left is its end.
      const share = phase.end > start ? Math.min(1, (step - start) / (phase.end - start)) : 1;
      return anneal(...phase[name], share);
    };
  return { learningRate: schedule('learningRate'), momentum: schedule('momentum') };
}

function phasesOf(
  {
    maxLearningRate: max,
    totalSteps,
    pctStart,
    divFactor,
    finalDivFactor,
    baseMomentum,
    maxMomentum,
  }: Readonly<Record<Exclude<keyof OneCycleOptions, 'annealStrategy' | 'threePhase'>, number>>,
  threePhase: boolean,
): readonly Phase[] {
  const start = max / divFactor;
  const last = start / finalDivFactor;
  const rise: Phase = {
    end: pctStart * totalSteps - 1,
    learningRate: [start, max],
    momentum: [maxMomentum, baseMomentum],
  };
  if (!threePhase) {
    return [rise, { end: totalSteps - 1, learningRate: [max, last], momentum: [baseMomentum, maxMomentum] }];
  }
  return [
    rise,
    { end: 2 * pctStart * totalSteps - 2, learningRate: [max, start], momentum: [baseMomentum, maxMomentum] },
    { end: totalSteps - 1, learningRate: [start, last], momentum: [maxMomentum, maxMomentum] },
  ];
}

function cosine(from: number, to: number, share: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));
}

function linear(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
